"""Calls functions as the Python worker of Azure Functions does, with their hooks.

The hooks are those that extensions have registered with ``azure.functions``. They run in
the worker's order and by its rules: an error in a hook is logged and goes no further, and
no hook runs after a function that has failed. From Python 3.13 on, the worker runs no
hooks: there, they run because an extension has put them around the function.
"""

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, TypeVar
from unittest import TestCase
from unittest.mock import patch
from uuid import uuid4

from azure.functions import ExtensionMeta

SCRIPT_ROOT = str(Path(__file__).resolve().parent.parent)

Result = TypeVar("Result")


@dataclass
class TraceContext:
    """The trace that an invocation is a part of, in the form of the W3C."""

    trace_parent: str = ""
    trace_state: str = ""


@dataclass(eq=False)
class InvocationContext:
    """What hooks are told about an invocation."""

    function_name: str
    function_directory: str
    invocation_id: str = field(default_factory=lambda: str(uuid4()))
    trace_context: ClassVar[TraceContext] = TraceContext()


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
    if sys.version_info >= (3, 13):
        _indexed(lambda: None, function_name)
        return
    for hook in ("post_function_load", "post_function_load_app_level"):
        for _, run in _hooks(hook, function_name):
            logger = logging.getLogger("azure_functions_worker")
            _guarded(logger, run, function_name, SCRIPT_ROOT)


def invoke(
    function: Callable[..., Result], function_name: str, **func_args: object
) -> Result:
    """Call a function with its arguments, between its hooks."""
    context = InvocationContext(function_name, directory_of(function_name))
    if sys.version_info >= (3, 13):
        # It is loaded already, so no hook is to run for that.
        with patch.dict(os.environ, PYTHON_ENABLE_WORKER_EXTENSIONS="0"):
            indexed = _indexed(function, function_name)
        return indexed(**func_args, context=context)
    for hook in ("pre_invocation_app_level", "pre_invocation"):
        for logger, run in _hooks(hook, function_name):
            _guarded(logger, run, logger, context, func_args)
    func_ret = function(**func_args)
    for hook in ("post_invocation", "post_invocation_app_level"):
        for logger, run in _hooks(hook, function_name):
            _guarded(logger, run, logger, context, func_args, func_ret)
    return func_ret


def _indexed(
    function: Callable[..., Result], function_name: str
) -> Callable[..., Result]:
    """What the worker finds and calls for a function."""
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


def _hooks(
    hook: str, function_name: str
) -> list[tuple[logging.Logger, Callable[..., object]]]:
    switch = os.environ.get("PYTHON_ENABLE_WORKER_EXTENSIONS", "")
    if switch.strip().lower() not in ("1", "true", "t", "yes", "y"):
        return []
    hooks = (
        ExtensionMeta.get_application_hooks()
        if hook.endswith("_app_level")
        else ExtensionMeta.get_function_hooks(function_name)
    )
    return [
        (logging.getLogger(f"azure_functions_worker.extension.{name}"), run)
        for name, run in getattr(hooks, hook, [])
    ]


def _guarded(logger: logging.Logger, run: Callable[..., object], *args: object) -> None:
    try:
        run(*args)
    except Exception:
        logger.exception("An extension has failed")
