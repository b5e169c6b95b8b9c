"""The log."""

import contextvars
import io
import logging
import sys
import threading
import typing
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from .settings import LOG_LEVELS

HOST_CATEGORY = "Host.General"
SYSTEM_LOGGERS = (
    "azure_functions_worker",
    "azure_functions_runtime",
    "azure.functions",
)
current_invocation: contextvars.ContextVar[str | None] = contextvars.ContextVar(
    "invocation", default=None
)
thread_local_storage = threading.local()


def invocation_here() -> str | None:
    """The invocation that code belongs to. Threads of the app's own say so in thread_local_storage."""
    return current_invocation.get() or getattr(
        thread_local_storage, "invocation_id", None
    )


class Log:
    """Prints what Core Tools would, by ``logging.logLevel`` of host.json."""

    def __init__(self, lowest: str = "trace") -> None:
        self.levels: dict[str, int] = {}
        self.lines: list[str] = []
        """What has been logged, also where it is not printed."""
        self._lowest = LOG_LEVELS.index(lowest)
        self._said: set[str] = set()

    def __call__(self, level: str, message: str, category: str = HOST_CATEGORY) -> None:
        """Print a line, with warnings and errors on stderr."""
        weight = LOG_LEVELS.index(level)
        if weight < self.limit(category):
            return
        if self._lowest:
            self.lines.append(message)
        if weight < self._lowest:
            return
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")[:-6]
        stream = sys.stderr if level in ("warning", "error", "critical") else sys.stdout
        if isinstance(stream, Console):
            stream = stream.stream
        print(f"[{at}Z] {message}", file=stream, flush=True)

    def once(self, key: str, message: str) -> None:
        """Warn of something that would come with each request, once."""
        if key not in self._said:
            self._said.add(key)
            self("warning", message)

    def limit(self, category: str) -> int:
        """The lowest level that is printed: of the longest category that begins this one."""
        category = category.lower()
        found = [
            name
            for name in self.levels
            if name != "default" and category.startswith(name)
        ]
        if found or "default" in self.levels:
            return self.levels[max(found, key=len, default="default")]
        return LOG_LEVELS.index(
            "information" if category.startswith("function.") else "warning"
        )


class Console(io.TextIOBase):
    """A stream of the process, of which somebody is told what is written to it."""

    def __init__(self, stream: typing.TextIO, tell: Callable[[str], None]) -> None:
        super().__init__()
        self.stream = stream
        self._tell = tell

    def write(self, text: str) -> int:
        self._tell(text)
        return self.stream.write(text)

    def flush(self) -> None:
        self.stream.flush()

    def fileno(self) -> int:
        return self.stream.fileno()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def writable(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class LogHandler(logging.Handler):
    """Passes on what the app and its extensions log, with the category of their function."""

    def __init__(
        self,
        log: Log,
        function_of: Callable[[str], str | None],
        tell: Callable[[str, str], None],
    ) -> None:
        """Begin.

        :param function_of: The name of the function that an invocation is of.
        :param tell: Is told the level and the message of each record, whether it is printed or not.
        """
        super().__init__()
        self._log = log
        self._function_of = function_of
        self._tell = tell
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        invocation = invocation_here()
        name = self._function_of(invocation) if invocation else None
        is_system = record.name.startswith(SYSTEM_LOGGERS)
        category = (
            f"Function.{name}" + ("" if is_system else ".User")
            if name
            else "Function.App"
        )
        level = LOG_LEVELS[min(max(record.levelno // 10, 0), 5)]
        message = self.format(record)
        self._log(level, message, category)
        self._tell(level, message)
