"""Invocations, with the hooks of worker extensions around them."""

import asyncio
import inspect
import logging
import operator
import os
import re
import secrets
import sys
import types
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import azure.functions
from azure.functions.meta import Datum

from .functions import Function, Parameter, converter_of
from .log import thread_local_storage
from .messages import TRACE_PARENT


@dataclass(frozen=True)
class TraceContext:
    """The trace that an invocation is part of."""

    trace_parent: str
    trace_state: str = ""
    attributes: dict[str, str] = field(default_factory=dict)

    # Their earlier names.
    Traceparent = property(operator.attrgetter("trace_parent"))
    Tracestate = property(operator.attrgetter("trace_state"))
    Attributes = property(operator.attrgetter("attributes"))


@dataclass(frozen=True)
class RetryContext:
    """Which of the retries of a function this is. Here there are none."""

    retry_count: int = 0
    max_retry_count: int = 0
    exception: object = None


class Context(azure.functions.Context):
    """What a function and its hooks are told about an invocation."""

    def __init__(
        self,
        function_name: str,
        function_directory: str,
        trace: Mapping[str, str] = types.MappingProxyType({}),
        is_traced: bool = False,
    ) -> None:
        parent = trace.get("traceparent", "")
        is_valid = re.fullmatch(TRACE_PARENT, parent) is not None
        new = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-{'01' if is_traced else '00'}"
        self._function_name = function_name
        self._function_directory = function_directory
        self._invocation_id = str(uuid.uuid4())
        self._trace_context = TraceContext(
            parent if is_valid else new,
            trace.get("tracestate", "") if is_valid else "",
        )
        self._retry_context = RetryContext()

    @property
    def invocation_id(self) -> str:
        return self._invocation_id

    @property
    def thread_local_storage(self) -> Any:
        return thread_local_storage

    @property
    def function_name(self) -> str:
        return self._function_name

    @property
    def function_directory(self) -> str:
        return self._function_directory

    @property
    def trace_context(self) -> Any:
        return self._trace_context

    @property
    def retry_context(self) -> Any:
        return self._retry_context


class Out:
    """Takes the value for an output binding."""

    def __init__(self) -> None:
        self._value: object = None

    def set(self, value: object) -> None:
        self._value = value

    def get(self) -> Any:
        return self._value


def is_switched_on() -> bool:
    """Whether the setting for worker extensions is on, as the worker reads it."""
    setting = os.environ.get("PYTHON_ENABLE_WORKER_EXTENSIONS", "").strip().lower()
    return setting in ("1", "true", "t", "yes", "y")


def hooks_of(hook: str, function_name: str) -> list[tuple[str, Callable[..., object]]]:
    """The hooks to run, by the rules of the worker.

    From Python 3.13 on, Azure runs none. Nor does this host: an extension has to bridge that itself.
    """
    if sys.version_info >= (3, 13) or not is_switched_on():
        return []
    meta = azure.functions.ExtensionMeta
    hooks = (
        meta.get_application_hooks()
        if hook.endswith("_app_level")
        else meta.get_function_hooks(function_name)
    )
    return [(one.ext_name, one.ext_impl) for one in getattr(hooks, hook, [])]


def run_hooks(hook: str, function_name: str, *args: object) -> None:
    """Run hooks around an invocation. An error in one is logged, and goes no further."""
    for name, run in hooks_of(hook, function_name):
        logger = logging.getLogger(f"azure_functions_worker.extension.{name}")
        try:
            run(logger, *args)
        except Exception as error:
            logger.error(error, exc_info=error)


def run_load_hooks(function_name: str, directory: str) -> None:
    """Run the hooks that follow the loading of a function."""
    for hook in ("post_function_load", "post_function_load_app_level"):
        for _, run in hooks_of(hook, function_name):
            try:
                run(function_name, directory)
            except Exception as error:
                logging.getLogger("azure_functions_worker").error(error, exc_info=error)


def call(code: Callable[..., Any], context: Context, func_args: dict[str, Any]) -> Any:
    """Call a function between its hooks. If it fails, no later hook runs."""
    run_hooks("pre_invocation_app_level", context.function_name, context, func_args)
    run_hooks("pre_invocation", context.function_name, context, func_args)
    result = code(**func_args)
    run_hooks("post_invocation", context.function_name, context, func_args, result)
    run_hooks(
        "post_invocation_app_level", context.function_name, context, func_args, result
    )
    return result


async def call_async(
    code: Callable[..., Awaitable[Any]], context: Context, func_args: dict[str, Any]
) -> Any:
    """As ``call``, for an async function. Hooks are never awaited."""
    run_hooks("pre_invocation_app_level", context.function_name, context, func_args)
    run_hooks("pre_invocation", context.function_name, context, func_args)
    result = await code(**func_args)
    run_hooks("post_invocation", context.function_name, context, func_args, result)
    run_hooks(
        "post_invocation_app_level", context.function_name, context, func_args, result
    )
    return result


def invoke(
    code: Callable[..., Any], function_name: str, directory: str, **func_args: Any
) -> Any:
    """Call a function between its hooks, sync or async, as tests of an extension do.

    :param directory: What ``context.function_directory`` says.
    :return: What the function has returned, with what hooks have made of it.
    """
    context = Context(function_name, directory)
    if "context" in inspect.signature(code).parameters:
        func_args["context"] = context
    if inspect.iscoroutinefunction(code):
        return asyncio.run(call_async(code, context, func_args))
    return call(code, context, func_args)


def decode(
    function: Function, name: str, data: Datum | None, metadata: Mapping[str, Datum]
) -> Any:
    """The value of an input, by the converter of azure-functions."""
    if function.inputs[name].is_deferred:
        return None
    kind = function.inputs[name].binding_type
    converter = converter_of(kind)
    try:
        return converter.decode(
            data, trigger_metadata=metadata if converter.has_trigger_support() else {}
        )
    except NotImplementedError:
        found = None if data is None else data.type
        raise TypeError(
            "unable to decode incoming TypedData: unsupported combination of TypedData field "
            f"{found!r} and expected binding type {converter}"
        ) from None


def encode(parameter: Parameter, value: object) -> Datum | None:
    """The value for an output, by the converter of azure-functions."""
    try:
        datum: Datum | None = converter_of(parameter.binding_type).encode(
            value, expected_type=parameter.pytype
        )
    except NotImplementedError:
        raise TypeError(
            f'unable to encode outgoing TypedData: unsupported type "{parameter.binding_type}" for '
            f'Python type "{type(value).__name__}"'
        ) from None
    return datum


@dataclass
class Output:
    """A value that a function has given to an output binding."""

    name: str
    type: str
    value: Any


@dataclass
class Run:
    """What has become of an invocation."""

    result: Any = None
    """What the function has returned."""
    error: BaseException | None = None
    """Why it has failed."""
    outputs: list[Output] = field(default_factory=list)
    returned: Datum | None = None
    """What has become of that for its binding."""
    response: Datum | None = None
    """What goes to the binding of an HTTP response."""
