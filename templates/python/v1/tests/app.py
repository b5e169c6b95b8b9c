"""The app, as the worker loads and calls it."""

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from unittest import SkipTest

from azure.functions import HttpRequest, HttpResponse

from tests.worker import invoke


@cache
def load_app() -> Callable[..., HttpResponse]:
    """Import the app, once and in the worker's environment, as the worker does."""
    function: Callable[..., HttpResponse] = import_module("HttpTrigger").main
    return function


def request(**params: str) -> HttpResponse:
    """Request the function."""
    if sys.version_info >= (3, 13):
        raise SkipTest(
            "from Python 3.13 on, hooks run in the programming model v2 only"
        )
    req = HttpRequest("GET", "/api/HttpTrigger", params=params, body=b"")
    return invoke(load_app(), "HttpTrigger", req=req)
