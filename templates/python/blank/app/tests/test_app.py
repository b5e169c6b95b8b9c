"""The function with the extension, requested over HTTP."""

from tests.app import AppTestCase


class AppTest(AppTestCase):
    def test_the_extension_acts_on_the_function(self) -> None:
        response = self.host.fetch("/api/HttpTrigger")
        self.assertRegex(response.text, r"^This HTTP triggered function")
        logged = [line for line in self.host.log if line.startswith("BlankExtension: ")]
        self.assertEqual(
            logged[-2:],
            [
                "BlankExtension: before HttpTrigger",
                "BlankExtension: after HttpTrigger",
            ],
        )

    def test_it_greets_by_name(self) -> None:
        response = self.host.fetch("/api/HttpTrigger?name=Ada")
        self.assertRegex(response.text, r"^Hello, Ada\. ")
