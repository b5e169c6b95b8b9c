"""Runs worker extensions on Python 3.13 and later, where Azure Functions does not.

From Python 3.13 on, worker extensions still register with ``azure.functions``, but Azure
Functions never calls their hooks. Importing this module is all it takes to have them
called. It wraps ``FunctionRegister.get_functions()``, by which the worker finds the
functions of an app, and puts the hooks around each function, by the rules of the worker
for Python 3.12:

- Before the function, the hooks at application level come first; after it, those at
  function level. Within a level, the first to register is the first to run.
- Hooks run where the function runs: on the event loop or in a thread of the pool.
- An error in a hook is logged and goes no further.
- After a function that has failed, none of these hooks runs.
- The setting ``PYTHON_ENABLE_WORKER_EXTENSIONS`` is read at each call.

The bridge also calls what Azure Functions has no hook for, in extensions that have it:

- ``function_indexed`` and ``function_indexed_app_level``, with the name and the bindings
  of each function that is found. Hooks around an invocation are not told these.
- ``invocation_failed`` and ``invocation_failed_app_level``, after a function that has
  failed.

Up to Python 3.12, Azure Functions runs the hooks. There this module only says which names
of functions are wrong, and whether extensions are switched off, and calls
``function_indexed``. It needs the programming model v2: without it, it says that no hook
will run.

An app may hold several copies of this module, also of different versions, since each
extension can bring its own. One of them acts. They agree on that by an attribute,
``ExtensionMeta.__worker_extension_bridge__``: a pair of the version of a copy and of what
it does with the functions of an app, once they are known. The first copy that is
imported wraps ``get_functions()``, which then calls what the attribute has. A copy of a
higher version replaces the attribute. A function that has its hooks has an attribute of
that name, too, and is left alone.
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from difflib import get_close_matches
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import azure.functions
from azure.functions import ExtensionMeta

if TYPE_CHECKING:
    from azure.functions.decorators.function_app import Function

VERSION = 2
"""The version of this copy. Among the copies in an app, the highest one acts."""

_MARKER = "__worker_extension_bridge__"
_SETTING = "PYTHON_ENABLE_WORKER_EXTENSIONS"

_logger = logging.getLogger("azure_functions_worker.extension")


def install() -> None:
    """Take part in the app, or say why that is not possible. Done on import."""
    acting = getattr(ExtensionMeta, _MARKER, None)
    if acting is None:
        obstacle = _obstacle()
        if obstacle is None:
            _wrap_get_functions()
        elif not _platform_runs_hooks():
            _logger.warning(
                "No worker extension runs here: from Python 3.13 on that takes the "
                "programming model v2, and %s.",
                obstacle,
            )
    if acting is None or acting[0] < VERSION:
        setattr(ExtensionMeta, _MARKER, (VERSION, index))


def index(functions: Sequence[Function]) -> None:
    """Put the hooks around the functions of an app. Runs their load hooks.

    :param functions: All functions of the app, those of blueprints too.
    """
    _report_wrong_names([str(one.get_function_name()) for one in functions])
    if _registered() and not _is_switched_on():
        _logger.info("Worker extensions are switched off: %s is not 1.", _SETTING)
    for function in functions:
        _tell_bindings(function)
    if _platform_runs_hooks():
        return
    for function in functions:
        _put_hooks_around(function)


def _platform_runs_hooks() -> bool:
    return sys.version_info < (3, 13)


def _obstacle() -> str | None:
    """Why there will be no functions to put hooks around."""
    if not hasattr(azure.functions, "FunctionRegister"):
        return f"azure-functions {azure.functions.__version__} does not have it"
    script_root = os.environ.get("AzureWebJobsScriptRoot")
    script = os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")
    # The worker goes by this file, too.
    if script_root is not None and not os.path.exists(
        os.path.join(script_root, script)
    ):
        return f"this app has no {script}"
    return None


def _wrap_get_functions() -> None:
    get_functions = azure.functions.FunctionRegister.get_functions

    @functools.wraps(get_functions)
    def get_functions_with_hooks(self: Any) -> list[Function]:
        functions = get_functions(self)
        getattr(ExtensionMeta, _MARKER)[1](functions)
        return functions

    azure.functions.FunctionRegister.get_functions = (  # type: ignore[method-assign]
        get_functions_with_hooks
    )


def _tell_bindings(function: Function) -> None:
    name = str(function.get_function_name())
    bindings = [json.loads(one) for one in function.get_raw_bindings()]
    _run_own_hooks("function_indexed", name, name, bindings)


def _put_hooks_around(function: Function) -> None:
    user_function = function.get_user_function()
    if hasattr(user_function, _MARKER):
        return
    try:
        file = inspect.getfile(user_function)
        signature = inspect.signature(user_function)
    except (TypeError, ValueError):
        return  # The worker refuses it, and says why.
    name = str(function.get_function_name())
    directory = os.path.dirname(file)
    is_binding = any(one.name == "context" for one in function.get_bindings())
    is_declared = "context" in signature.parameters

    def begin(
        args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[Any, dict[str, object]]:
        func_args = {**dict(zip(signature.parameters, args, strict=False)), **kwargs}
        if is_binding:
            context = None
        elif is_declared:
            context = func_args.get("context")
        else:
            context = func_args.pop("context", None)
        context = context or _Context(name, directory, _invocation_id())
        _run_hooks("pre_invocation_app_level", context, func_args)
        _run_hooks("pre_invocation", context, func_args)
        return context, func_args

    def end(context: Any, func_args: dict[str, object], func_ret: object) -> None:
        _run_hooks("post_invocation", context, func_args, func_ret)
        _run_hooks("post_invocation_app_level", context, func_args, func_ret)

    def fail(context: Any, func_args: dict[str, object], error: BaseException) -> None:
        _run_own_hooks("invocation_failed", name, context, func_args, error=error)

    def call(*args: object, **kwargs: object) -> object:
        context, func_args = begin(args, kwargs)
        try:
            func_ret = user_function(**func_args)
        except BaseException as error:
            fail(context, func_args, error)
            raise
        end(context, func_args, func_ret)
        return func_ret

    async def call_async(*args: object, **kwargs: object) -> object:
        context, func_args = begin(args, kwargs)
        try:
            func_ret = await user_function(**func_args)
        except BaseException as error:
            fail(context, func_args, error)
            raise
        end(context, func_args, func_ret)
        return func_ret

    is_async = inspect.iscoroutinefunction(user_function)
    with_hooks: Any = functools.wraps(user_function)(call_async if is_async else call)
    # From Python 3.14 on, wraps() copies no annotations that are strings.
    with_hooks.__annotations__ = inspect.get_annotations(user_function)
    # The worker takes the directory of a function from the file that its code is in.
    here = os.path.join(directory, os.path.basename(__file__))
    with_hooks.__code__ = with_hooks.__code__.replace(co_filename=here)
    with_hooks.__dict__[_MARKER] = VERSION
    if not is_declared:
        # The worker passes the context to functions that have a parameter for it.
        with_hooks.__dict__["__signature__"] = _with_context(signature)
    vars(function)["get_user_function"] = lambda: with_hooks
    _run_load_hooks(name)


def _with_context(signature: inspect.Signature) -> inspect.Signature:
    parameters = list(signature.parameters.values())
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, default=None)
    has_rest = parameters and parameters[-1].kind is inspect.Parameter.VAR_KEYWORD
    parameters.insert(len(parameters) - (1 if has_rest else 0), context)
    return signature.replace(parameters=parameters)


@dataclass(eq=False)
class _Context:
    """What hooks are told where the worker has no context for the function.

    That is so where ``context`` is the name of a binding, as in Durable Functions, and
    where something else than the worker calls.
    """

    function_name: str
    function_directory: str
    invocation_id: str

    def __post_init__(self) -> None:
        self.thread_local_storage = threading.local()
        self.thread_local_storage.invocation_id = self.invocation_id
        self.trace_context = SimpleNamespace(
            trace_parent="",
            trace_state="",
            attributes={},
            Traceparent="",
            Tracestate="",
            Attributes={},
        )
        self.retry_context = SimpleNamespace(
            retry_count=0, max_retry_count=0, exception=None
        )


def _invocation_id() -> str:
    """The id as the worker keeps it for its log, if it does."""
    variables = copy_context().items()
    ids = (value for variable, value in variables if variable.name == "invocation_id")
    return str(next(ids, None) or "")


def _run_hooks(
    hook: str, context: Any, func_args: dict[str, object], *func_ret: object
) -> None:
    for extension, run in _hooks(hook, context.function_name):
        logger = logging.getLogger(f"{_logger.name}.{extension}")
        try:
            run(logger, context, func_args, *func_ret)
        except Exception as error:
            logger.log(logging.ERROR, error, exc_info=True)


def _run_own_hooks(
    hook: str, function_name: str, *args: object, **kwargs: object
) -> None:
    """Run what Azure Functions has no hook for, where an extension has it."""
    for level in ("", "_app_level"):
        for extension, run in _hooks(f"pre_invocation{level}", function_name):
            owner = getattr(run, "__self__", None)
            own = getattr(owner, f"{hook}{level}", None)
            if own is not None:
                logger = logging.getLogger(f"{_logger.name}.{extension}")
                try:
                    own(logger, *args, **kwargs)
                except Exception as error:
                    logger.log(logging.ERROR, error, exc_info=True)


def _run_load_hooks(function_name: str) -> None:
    logger = logging.getLogger("azure_functions_worker")
    script_root = os.environ.get("AzureWebJobsScriptRoot") or os.getcwd()
    for hook in ("post_function_load", "post_function_load_app_level"):
        for _, run in _hooks(hook, function_name):
            try:
                run(function_name, script_root)
            except Exception as error:
                logger.log(logging.ERROR, error, exc_info=True)


def _hooks(hook: str, function_name: str) -> list[tuple[str, Callable[..., object]]]:
    """The hooks of one kind: the name of the extension of each, and what to call."""
    if not _is_switched_on():
        return []
    hooks = (
        ExtensionMeta.get_application_hooks()
        if hook.endswith("_app_level")
        else ExtensionMeta.get_function_hooks(function_name)
    )
    return getattr(hooks, hook, [])


def _is_switched_on() -> bool:
    setting = os.environ.get(_SETTING, "").strip().lower()
    return setting in ("1", "true", "t", "yes", "y")


def _registered() -> dict[str, Any]:
    return dict(json.loads(ExtensionMeta.get_registered_extensions_json()))


@functools.cache
def _warn_once(message: str) -> None:
    _logger.warning(message)


def _report_wrong_names(function_names: Sequence[str]) -> None:
    """Say which extensions at function level act on a function that there is not."""
    known = {_plain(name): name for name in function_names}
    for target, extensions in _registered().get("FuncExtension", {}).items():
        if target.lower() in (name.lower() for name in function_names):
            continue
        nearest = get_close_matches(_plain(target), known, 1)
        hint = (
            f"Did you mean {known[nearest[0]]}?"
            if nearest
            else f"There is: {', '.join(function_names) or 'none'}."
        )
        _warn_once(
            f"{', '.join(dict.fromkeys(extensions))} does nothing: "
            f'the app has no function "{target}". {hint}'
        )


def _plain(name: str) -> str:
    """``SendMail``, ``send_mail`` and ``send-mail`` -> ``sendmail``"""
    return name.lower().replace("_", "").replace("-", "")


install()
