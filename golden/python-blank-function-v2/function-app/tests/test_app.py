"""The function with the extension, called by the rules of the worker."""

from tests.app import request
from tests.worker import WorkerTestCase


class AppTest(WorkerTestCase):
    def test_the_extension_acts_on_the_function(self) -> None:
        logger = "azure_functions_worker.extension.BlankExtension"
        with self.assertLogs(logger, "INFO") as logs:
            response = request()
        self.assertRegex(response.get_body().decode(), r"^This HTTP triggered function")
        self.assertEqual(
            [record.getMessage() for record in logs.records],
            [
                "BlankExtension: before HttpTrigger",
                "BlankExtension: after HttpTrigger",
            ],
        )

    def test_it_greets_by_name(self) -> None:
        self.assertRegex(request(name="Ada").get_body().decode(), r"^Hello, Ada\. ")
