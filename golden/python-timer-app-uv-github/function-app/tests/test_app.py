"""The function with the extension, requested over HTTP."""

from tests.app import AppTestCase


class AppTest(AppTestCase):
    def test_the_response_ends_in_the_elapsed_time(self) -> None:
        self.assertRegex(
            self.host.fetch("/api/HttpTrigger").text,
            r"^This HTTP triggered function executed successfully\. .* "
            r"\(TimeElapsed: \d+\.\d{4} sec\)$",
        )

    def test_it_greets_by_name(self) -> None:
        response = self.host.fetch("/api/HttpTrigger?name=Ada")
        self.assertRegex(response.text, r"^Hello, Ada\. ")
