"""Azure Functions worker extension that reports the elapsed time of each invocation."""

from logging import Logger
from time import perf_counter
<% if (scope === 'app') { -%>
from typing import ClassVar, final
<% } -%>
from weakref import WeakKeyDictionary

from azure.functions import <%- scope === 'app' ? 'AppExtensionBase, Context' : 'Context, FuncExtensionBase' %>, HttpResponse

from .http_response import add_header, append_text

__all__ = ["<%- className %>"]


<% if (scope === 'app') { -%>
@final  # The worker would run the hooks of a subclass and those of this class.
class <%- className %>(AppExtensionBase):
    """Reports the elapsed time of every invocation in the app."""

    _append_to_http_response: ClassVar[bool]
    _server_timing: ClassVar[bool]
    _starts: ClassVar[WeakKeyDictionary[Context, float]]

    @classmethod
    def init(cls) -> None:
        """Begin with the defaults. Called once, on import, before hooks are registered."""
        # Weak, since no hook runs after a function that has failed.
        cls._starts = WeakKeyDictionary()
        cls.configure()

    @classmethod
    def configure(
        cls, *, append_to_http_response: bool = False, server_timing: bool = False
    ) -> None:
        """Change what is reported besides the log. The last call counts.

        :param append_to_http_response: Append `` (TimeElapsed: 0.0009 sec)`` to HTTP
            responses in plain text.
        :param server_timing: Add a ``Server-Timing`` header to HTTP responses of any kind.
        """
        cls._append_to_http_response = append_to_http_response
        cls._server_timing = server_timing

    @classmethod
    def pre_invocation_app_level(
        cls,
<% } else { -%>
class <%- className %>(FuncExtensionBase):
    """Reports the elapsed time of the invocations of a function."""

    def __init__(
        self,
        file_path: str,
        *,
        append_to_http_response: bool = False,
        server_timing: bool = False,
    ) -> None:
        """Register for a function.

        :param file_path: A path in the directory of the function: the first directory
            below the script root has the name of the function.
        :param append_to_http_response: Append `` (TimeElapsed: 0.0009 sec)`` to HTTP
            responses in plain text.
        :param server_timing: Add a ``Server-Timing`` header to HTTP responses of any kind.
        """
        super().__init__(file_path)
        self._append_to_http_response = append_to_http_response
        self._server_timing = server_timing
        # Weak, since no hook runs after a function that has failed.
        self._starts: WeakKeyDictionary[Context, float] = WeakKeyDictionary()

    def pre_invocation(
        self,
<% } -%>
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        """Note when an invocation starts."""
        logger.info("<%- className %>: %s started", context.function_name)
        <%- self %>._starts[context] = perf_counter()

<% if (scope === 'app') { -%>
    @classmethod
    def post_invocation_app_level(
        cls,
<% } else { -%>
    def post_invocation(
        self,
<% } -%>
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        func_ret: object = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        """Report the time of an invocation that has succeeded."""
        started = <%- self %>._starts.pop(context, None)
        if started is None:
            return
        seconds = perf_counter() - started
        elapsed = f"{seconds:.4f} sec"
        logger.info("<%- className %>: %s took %s", context.function_name, elapsed)
        if not isinstance(func_ret, HttpResponse):
            return
        if <%- self %>._append_to_http_response:
            append_text(func_ret, f" (TimeElapsed: {elapsed})")
        if <%- self %>._server_timing:
            add_header(func_ret, "Server-Timing", f"total;dur={seconds * 1000:.1f}")
