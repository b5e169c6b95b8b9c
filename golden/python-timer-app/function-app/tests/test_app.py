"""The function with the extension, called by the rules of the worker."""

from tests.app import request
from tests.worker import WorkerTestCase


class AppTest(WorkerTestCase):
    def test_the_response_ends_in_the_elapsed_time(self) -> None:
        self.assertRegex(
            request().get_body().decode(),
            r"^This HTTP triggered function executed successfully\. .* "
            r"\(TimeElapsed: \d+\.\d{4} sec\)$",
        )

    def test_it_greets_by_name(self) -> None:
        self.assertRegex(request(name="Ada").get_body().decode(), r"^Hello, Ada\. ")
