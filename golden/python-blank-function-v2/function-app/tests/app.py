"""The app, as the worker loads and calls it."""

from collections.abc import Callable
from functools import cache

from azure.functions import HttpRequest, HttpResponse

from tests.worker import invoke


@cache
def load_app() -> Callable[..., HttpResponse]:
    """Import the app, once and in the worker's environment, as the worker does."""
    from function_app import app

    (only,) = app.get_functions()
    function: Callable[..., HttpResponse] = only.get_user_function()
    return function


def request(**params: str) -> HttpResponse:
    """Request the function."""
    req = HttpRequest("GET", "/api/HttpTrigger", params=params, body=b"")
    return invoke(load_app(), "HttpTrigger", req=req)
