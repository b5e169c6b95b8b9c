"""The function with the extension, requested over HTTP."""

from tests.app import AppTestCase


class AppTest(AppTestCase):
    def test_it_answers_without_failing(self) -> None:
        response = self.host.fetch("/api/HttpTrigger?name=Azure")
        self.assertLess(response.status, 500, response.text)
        self.assertNotEqual(response.status, 404)
