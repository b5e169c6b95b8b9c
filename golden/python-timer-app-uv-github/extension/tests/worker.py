"""Calls functions with their hooks, as Azure Functions does: by the code of the local host.

From Python 3.13 on, Azure Functions runs no hooks: there, they run because an extension
has put them around the function.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unittest import TestCase
from unittest.mock import patch

from azure.functions import ExtensionMeta

from tests import local_host

SCRIPT_ROOT = str(Path(__file__).resolve().parent.parent)

Result = TypeVar("Result")


class WorkerTestCase(TestCase):
    """A test in the environment of the worker, with extensions switched on."""

    def setUp(self) -> None:
        environment = patch.dict(
            os.environ,
            AzureWebJobsScriptRoot=SCRIPT_ROOT,
            PYTHON_ENABLE_WORKER_EXTENSIONS="1",
        )
        environment.start()
        self.addCleanup(environment.stop)


def directory_of(function_name: str) -> str:
    """The directory that the worker takes for that of a function."""
    return os.path.join(SCRIPT_ROOT, function_name)


def load(function_name: str) -> None:
    """Run the hooks that follow the loading of a function."""
    _indexed(lambda: None, function_name)
    local_host.run_load_hooks(function_name, SCRIPT_ROOT)


def invoke(
    function: Callable[..., Result], function_name: str, **func_args: object
) -> Result:
    """Call a function with its arguments, between its hooks."""
    # It is loaded already, so no hook is to run for that.
    with patch.dict(os.environ, PYTHON_ENABLE_WORKER_EXTENSIONS="0"):
        code = _indexed(function, function_name)
    result: Result = local_host.invoke(code, function_name, SCRIPT_ROOT, **func_args)
    return result


def _indexed(
    function: Callable[..., Result], function_name: str
) -> Callable[..., Result]:
    """What the worker finds and calls for a function."""
    if sys.version_info < (3, 13):
        return function
    from azure.functions import FunctionApp

    app = FunctionApp()
    app.function_name(function_name)(app.route()(function))
    # Extensions of other functions are not to be reported: this app has but one.
    with patch.object(
        ExtensionMeta, "get_registered_extensions_json", return_value="{}"
    ):
        (indexed,) = app.get_functions()
    called: Callable[..., Result] = indexed.get_user_function()
    return called
