"""Reports the elapsed time of each invocation."""

from logging import Logger
from time import perf_counter
from typing import TypedDict
from weakref import WeakKeyDictionary

from azure.functions import Context, HttpResponse

from .contract import Hooks
from .http_response import add_header, append_text


class TimerOptions(TypedDict, total=False):
    """What is reported besides the log."""

    append_to_http_response: bool
    """Append `` (TimeElapsed: 0.0009 sec)`` to HTTP responses in plain text."""

    server_timing: bool
    """Add a ``Server-Timing`` header to HTTP responses of any kind."""


class TimerHooks(Hooks):
    """Measures the time from the start of an invocation until it has succeeded."""

    def __init__(
        self, *, append_to_http_response: bool = False, server_timing: bool = False
    ) -> None:
        self._append_to_http_response = append_to_http_response
        self._server_timing = server_timing
        # Weak, since no hook runs after a function that has failed.
        self._starts: WeakKeyDictionary[Context, float] = WeakKeyDictionary()

    def before(
        self, logger: Logger, context: Context, func_args: dict[str, object] | None
    ) -> None:
        """Note when an invocation starts."""
        logger.info("TimerExtension: %s started", context.function_name)
        self._starts[context] = perf_counter()

    def after(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        func_ret: object,
    ) -> None:
        """Report the time of an invocation that has succeeded."""
        started = self._starts.pop(context, None)
        if started is None:
            return
        seconds = perf_counter() - started
        elapsed = f"{seconds:.4f} sec"
        logger.info("TimerExtension: %s took %s", context.function_name, elapsed)
        if not isinstance(func_ret, HttpResponse):
            return
        if self._append_to_http_response:
            append_text(func_ret, f" (TimeElapsed: {elapsed})")
        if self._server_timing:
            add_header(func_ret, "Server-Timing", f"total;dur={seconds * 1000:.1f}")
