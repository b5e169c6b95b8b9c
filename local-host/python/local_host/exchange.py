"""The response of an invocation, as the inspector sees it."""

from collections.abc import Callable, Sequence
from typing import Any

from .events import Event, now
from .shown import SHOWN, shown, shown_body


class Exchange:
    """Tells when the response of an invocation begins and ends, and if somebody watches, what is in it."""

    def __init__(
        self, tell: Callable[[Event], None], invocation: str, is_watched: bool
    ) -> None:
        self._tell = tell
        self._invocation = invocation
        self._is_watched = is_watched
        self._content = b""
        self._length = 0

    def begin(self, status: int, headers: Sequence[tuple[str, str]]) -> None:
        self._status = status
        if self._is_watched:
            self._emit("responseStarted", headers=shown(dict(headers)))

    def add(self, chunk: bytes) -> None:
        if self._is_watched:
            self._content += chunk[: SHOWN - len(self._content)]
            self._length += len(chunk)

    def end(self, is_complete: bool) -> None:
        body = (
            {"body": shown_body(self._content, self._length)}
            if self._is_watched
            else {}
        )
        self._emit("responseEnded", isComplete=is_complete, **body)

    def _emit(self, kind: str, **fields: Any) -> None:
        event = {
            "type": kind,
            "invocation": self._invocation,
            "at": now(),
            "status": self._status,
        }
        self._tell({**event, **fields})
