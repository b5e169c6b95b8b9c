"""The inspector, which tells of invocations to those who watch."""

import json
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .errors import RequestError
from .events import Event, now
from .exchange import Exchange
from .functions import Function
from .invocations import Context, Run
from .messages import Request
from .recording import Recording, recordings
from .shown import SHOWN, shown, shown_body, shown_error
from .trials import Trial

# How many invocations are kept, and how much of them, in characters of JSON.
KEPT = 1000
KEPT_SIZE = 64 * 1024 * 1024

# How many events one who watches may fall behind.
MOST_BEHIND = 50_000


@dataclass(frozen=True)
class Repeatable:
    """What is needed to call a function again: a request, or what it was run with by hand."""

    request: Request | None = None
    trial: tuple[str, Trial] | None = None
    obstacle: str = ""
    """Why the request cannot be sent again."""


@dataclass
class Kept:
    """What is kept of an invocation."""

    repeatable: Repeatable
    events: list[Event] = field(default_factory=list)
    size: int = 0


class Inspector:
    """Passes events on to those who watch, and keeps those of the last invocations, in memory only."""

    def __init__(self, app: Callable[[], Event]) -> None:
        """Begin, with nobody who watches.

        :param app: Describes the app.
        """
        self.app = app
        self.off: set[str] = set()
        """Extensions that are switched off for this run, by their ids."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0
        self._watching: list[queue.Queue[str | None]] = []

    @property
    def is_watched(self) -> bool:
        return bool(self._watching)

    def emit(self, event: Event) -> None:
        with self._lock:
            text = json.dumps(event) if self._watching else ""
            kept = self._kept.get(event.get("invocation", ""))
            if kept is not None:
                kept.events.append(event)
                kept.size += len(text)
                self._size += len(text)
                while len(self._kept) > KEPT or self._size > KEPT_SIZE:
                    self._size -= self._kept.popitem(last=False)[1].size
            for waiting in list(self._watching):
                try:
                    waiting.put_nowait(text)
                except queue.Full:
                    self._watching.remove(waiting)

    def watch(self, with_kept: bool) -> Iterator[str | None]:
        """Events as JSON: what is kept, and then each as it happens.

        ``None`` comes where nothing has happened for a second.
        """
        waiting: queue.Queue[str | None] = queue.Queue(MOST_BEHIND)
        app = self.app()
        with self._lock:
            kept = [one for kept in self._kept.values() for one in kept.events]
            self._watching.append(waiting)
        try:
            yield json.dumps(app)
            for event in kept if with_kept else []:
                yield json.dumps(event)
            while waiting in self._watching or not waiting.empty():
                try:
                    yield waiting.get(timeout=1)
                except queue.Empty:
                    yield None
        finally:
            self._leave(waiting)

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call back with each event from now on, in a thread of its own."""

        def run() -> None:
            for text in self.watch(with_kept=False):
                if text is not None:
                    listener(json.loads(text))

        threading.Thread(target=run, name="inspector", daemon=True).start()

    def close(self) -> None:
        """Let those who watch go."""
        with self._lock:
            for waiting in self._watching:
                with suppress(queue.Full):
                    waiting.put_nowait(None)
            self._watching.clear()

    def _leave(self, waiting: "queue.Queue[str | None]") -> None:
        with self._lock:
            if waiting in self._watching:
                self._watching.remove(waiting)

    def repeatable(self, invocation: str) -> Repeatable:
        """What an invocation was called with.

        :raises RequestError: If that is not known.
        """
        kept = self._kept.get(invocation)
        if kept is None:
            raise RequestError(404, "This invocation is no longer kept.")
        if kept.repeatable.obstacle:
            raise RequestError(
                409, f"It cannot be run again. {kept.repeatable.obstacle}"
            )
        return kept.repeatable

    def begin(
        self,
        function: Function,
        context: Context,
        *,
        request: Request | None = None,
        trial: Trial | None = None,
    ) -> None:
        """Tell that an invocation begins: by a request, or by hand."""
        invocation, is_watched = context.invocation_id, self.is_watched
        event: Event = {
            "type": "invocationStarted",
            "invocation": invocation,
            "at": now(),
            "function": function.name,
            "trigger": function.trigger["type"],
            "traceParent": context.trace_context.trace_parent,
            "isWatched": is_watched,
        }
        if context.trace_context.trace_state:
            event["traceState"] = context.trace_context.trace_state
        if request is not None:
            event["request"] = {
                "method": request.method,
                "url": request.url,
                "headers": shown(request.headers) if is_watched else {},
            }
            if is_watched and request.body:
                event["request"]["body"] = shown_body(request.body, len(request.body))
            repeatable = self._repeatable_request(request, is_watched)
            request.exchange = Exchange(self.emit, invocation, is_watched)
        else:
            trial = trial or Trial()
            event["trial"] = shown(written_trial(trial)) if is_watched else {}
            repeatable = Repeatable(trial=(function.name, trial))
        with self._lock:
            self._kept[invocation] = Kept(repeatable)
        if is_watched:
            recordings[invocation] = Recording(self.emit, invocation)
        self.emit(event)

    def _repeatable_request(self, request: Request, is_watched: bool) -> Repeatable:
        if request.body and not is_watched:
            return Repeatable(obstacle="Nobody was looking, so its body was not kept.")
        if len(request.body) > SHOWN:
            return Repeatable(
                obstacle="Its body has more than 64 kB, so it was not kept."
            )
        return Repeatable(
            Request(request.method, request.target, request.headers, request.body)
        )

    def end(self, invocation: str, run: Run) -> None:
        """Tell how an invocation has ended."""
        recording = recordings.pop(invocation, None)
        if recording is not None:
            recording.end()
        event: Event = {
            "type": "invocationEnded",
            "invocation": invocation,
            "at": now(),
            "outcome": "failed" if run.error else "succeeded",
            "outputs": [],
        }
        if run.error is not None:
            event["error"] = shown_error(run.error)
        if recording is not None:
            event["outputs"] = [
                {"name": one.name, "value": shown(one.value)} for one in run.outputs
            ]
        self.emit(event)


def written_trial(trial: Trial) -> dict[str, Any]:
    """What a function is run with by hand, as ``POST /admin/functions/<name>`` takes it."""
    members = {
        "input": trial.input,
        "content": trial.content,
        "triggerMetadata": trial.trigger_metadata,
        "inputs": trial.inputs,
    }
    return {name: value for name, value in members.items() if value}
