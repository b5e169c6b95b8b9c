"""The function with the extension, called by the rules of the worker."""

from collections.abc import Callable
from functools import cache
<% if (programmingModel === 'v1') { -%>
from importlib import import_module
<% } -%>

from azure.functions import HttpRequest, HttpResponse

from tests.worker import WorkerTestCase, invoke


@cache
def load_app() -> Callable[..., HttpResponse]:
    """Import the app, once and in the worker's environment, as the worker does."""
<% if (programmingModel === 'v1') { -%>
    function: Callable[..., HttpResponse] = import_module(<%- py(functionName) %>).main
<% } else { -%>
    from function_app import app

    (only,) = app.get_functions()
    function: Callable[..., HttpResponse] = only.get_user_function()
<% } -%>
    return function


def request(**params: str) -> HttpResponse:
    req = HttpRequest("GET", <%- py(`/api/${functionName}`) %>, params=params, body=b"")
    return invoke(load_app(), <%- py(functionName) %>, req=req)


class AppTest(WorkerTestCase):
    def test_the_extension_acts_on_the_function(self) -> None:
        logger = "azure_functions_worker.extension.<%- className %>"
        with self.assertLogs(logger, "INFO") as logs:
            response = request()
        self.assertRegex(response.get_body().decode(), r"^This HTTP triggered function")
        self.assertEqual(
            [record.getMessage() for record in logs.records],
            [
                <%- py(`${className}: before ${functionName}`) %>,
                <%- py(`${className}: after ${functionName}`) %>,
            ],
        )

    def test_it_greets_by_name(self) -> None:
        self.assertRegex(request(name="Ada").get_body().decode(), r"^Hello, Ada\. ")
