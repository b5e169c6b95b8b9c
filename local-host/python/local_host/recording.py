"""What runs in an invocation that somebody watches."""

import functools
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .events import Event, now
from .functions import Function
from .invocations import Context
from .log import invocation_here
from .shown import SHOWN, shown, shown_error

# What marks a function that the bridge of an extension has put hooks around.
BRIDGE = "__worker_extension_bridge__"


class Recording:
    """Tells what runs in an invocation, and what is logged and printed there."""

    def __init__(self, tell: Callable[[Event], None], invocation: str) -> None:
        self._tell = tell
        self._invocation = invocation
        self._printed: dict[str, str] = {}

    @contextmanager
    def running(self, name: str, args: Mapping[str, Any]) -> Iterator[Event]:
        """Tell of the function itself. Its result goes into the event."""
        event: Event = {
            "type": "functionRan",
            "name": name,
            "inputs": shown(without_context(args)),
            "start": now(),
        }
        try:
            yield event
        except BaseException as error:
            event["error"] = shown_error(error)
            raise
        finally:
            event["end"] = now()
            if "result" in event:
                event["result"] = shown(event["result"])
            self.emit(event)

    def logged(self, level: str, message: str) -> None:
        self.emit(
            {"type": "logged", "at": now(), "level": level, "message": message[:SHOWN]}
        )

    def printed(self, level: str, text: str) -> None:
        """Tell of each line that has been printed, once it is complete."""
        *lines, rest = (self._printed.get(level, "") + text).split("\n")
        self._printed[level] = rest[:SHOWN]
        for line in lines:
            self.logged(level, line)

    def end(self) -> None:
        for level, rest in self._printed.items():
            if rest:
                self.logged(level, rest)

    def emit(self, event: Event) -> None:
        """Tell of something in this invocation."""
        self._tell({**event, "invocation": self._invocation})


# Of the invocations that somebody watches, by their ids.
recordings: dict[str, Recording] = {}


def recording_here() -> Recording | None:
    return recordings.get(invocation_here() or "") if recordings else None


def tell_logged(level: str, message: str) -> None:
    """Tell of a line that has been logged here, if somebody watches."""
    recording = recording_here()
    if recording is not None:
        recording.logged(level, message)


def tell_printed(level: str, text: str) -> None:
    """Tell of what has been printed here, if somebody watches."""
    recording = recording_here()
    if recording is not None:
        recording.printed(level, text)


def without_context(args: Any) -> Any:
    return (
        {name: one for name, one in args.items() if not isinstance(one, Context)}
        if isinstance(args, Mapping)
        else args
    )


def observe(function: Function) -> None:
    """Have a function recorded, without the hooks that a bridge has put around it."""
    if function.is_observed or function.error is not None:
        return
    function.is_observed = True
    inner = getattr(function.code, "__wrapped__", None)
    for cell in getattr(function.code, "__closure__", None) or ():
        if hasattr(function.code, BRIDGE) and holds(cell, inner):
            cell.cell_contents = observed(cell.cell_contents, function.name)
            return
    function.code = observed(function.code, function.name)


def holds(cell: types.CellType, value: object) -> bool:
    try:
        return cell.cell_contents is value
    except ValueError:
        return False  # It is empty.


def observed(code: Callable[..., Any], name: str) -> Callable[..., Any]:
    run: Callable[..., Any]
    if inspect.iscoroutinefunction(code):

        @functools.wraps(code)
        async def run(**args: Any) -> Any:
            recording = recording_here()
            if recording is None:
                return await code(**args)
            with recording.running(name, args) as event:
                event["result"] = result = await code(**args)
            return result

    else:

        @functools.wraps(code)
        def run(**args: Any) -> Any:
            recording = recording_here()
            if recording is None:
                return code(**args)
            with recording.running(name, args) as event:
                event["result"] = result = code(**args)
            return result

    return run
