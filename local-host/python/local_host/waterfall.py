"""The inspector in a terminal."""

import http.client
import json
import math
import operator
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from .errors import StartError
from .events import Event

BAR = 24


@dataclass(frozen=True)
class Row:
    """What has taken some time in an invocation."""

    start: float
    end: float
    name: str
    note: str = ""

    def bar(self, begin: float, end: float) -> str:
        scale = BAR / max(end - begin, 0.001)
        first = min(max(math.floor((self.start - begin) * scale), 0), BAR - 1)
        last = min(max(math.ceil((self.end - begin) * scale), first + 1), BAR)
        return f"|{' ' * first}{'━' * (last - first)}{' ' * (BAR - last)}|"


class Waterfalls:
    """Puts the events of invocations together, and prints the waterfall of each when it is over."""

    def __init__(self) -> None:
        self._running: dict[str, list[Event]] = {}

    def add(self, event: Event) -> None:
        """Take an event. Those of invocations that have begun before are left out."""
        invocation = event.get("invocation", "")
        if event["type"] == "invocationStarted":
            self._running[invocation] = []
        events = self._running.get(invocation)
        if events is None:
            return
        events.append(event)
        kinds = {one["type"] for one in events}
        if "invocationEnded" in kinds and (
            "responseEnded" in kinds or "request" not in events[0]
        ):
            print(waterfall(self._running.pop(invocation)), flush=True)


def waterfall(events: Sequence[Event]) -> str:
    """An invocation as text: a line for what it was, and one for all that ran or was logged."""
    one_of = {event["type"]: event for event in events}
    started, ran = one_of["invocationStarted"], one_of.get("functionRan")
    begin = started["at"]
    end = max(event["at"] for event in events if event["type"].endswith("Ended"))
    rows = [hook_row(one) for one in events if one["type"] == "hookRan"]
    if ran is not None:
        note = failure("fails", ran["error"]) if "error" in ran else ""
        rows.append(Row(ran["start"], ran["end"], ran["name"], note))
    response = one_of.get("responseEnded")
    if response is not None and "responseStarted" in one_of:
        length = response.get("body", {}).get("bytes", 0)
        note = f"{length} bytes" + ("" if response["isComplete"] else ", broken off")
        rows.append(
            Row(one_of["responseStarted"]["at"], response["at"], "response", note)
        )
    lines = [(row, f"{'  ' * depth}{row.name}") for row, depth in nested(rows)]
    width = max((len(name) for _, name in lines), default=0)
    printed = [
        (
            row.start,
            f"{name.ljust(width)}  {row.bar(begin, end)}  {milliseconds(row.end - row.start)}  {row.note}",
        )
        for row, name in lines
    ]
    printed += [
        (one["at"], f"{one['level']}: {printable(one['message'])}")
        for one in events
        if one["type"] == "logged"
    ]
    return "\n".join(
        [
            headline(one_of, end - begin),
            *(
                f"  {milliseconds(at - begin)}  {text}".rstrip()
                for at, text in sorted(printed, key=operator.itemgetter(0))
            ),
            "",
        ]
    )


def headline(one_of: Mapping[str, Event], length: float) -> str:
    started, ended = one_of["invocationStarted"], one_of["invocationEnded"]
    request, response = started.get("request"), one_of.get("responseEnded")
    what = (
        f"{request['method']} {printable('/' + request['url'].split('/', 3)[3])}"
        if request
        else started["trigger"]
    )
    outcome = [
        str(response["status"]) if response else ended["outcome"],
        milliseconds(length).strip(),
        *(
            ["the function has not run"]
            if started["isWatched"] and "functionRan" not in one_of
            else []
        ),
        *([failure("failed", ended["error"])] if "error" in ended else []),
    ]
    return "  ".join([started["function"], what, ", ".join(outcome)])


def hook_row(hook: Event) -> Row:
    changed = [one["what"] for one in hook["changes"]]
    notes = [f"changes {', '.join(changed)}"] if changed else []
    if "error" in hook:
        how = "fails and is skipped" if hook["isSwallowed"] else "fails"
        notes.append(failure(how, hook["error"]))
    return Row(hook["start"], hook["end"], hook["name"], "; ".join(notes))


def failure(how: str, error: Event) -> str:
    return f"{how}: {printable(error['message'])}"


def nested(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """What runs within something else is below it, and further in."""
    opened: list[Row] = []
    found = []
    for row in sorted(rows, key=lambda one: (one.start, -one.end)):
        while opened and opened[-1].end < row.end:
            opened.pop()
        found.append((row, len(opened)))
        opened.append(row)
    return found


def milliseconds(length: float) -> str:
    return f"{length:.2f} ms".rjust(10)


def printable(text: str) -> str:
    """On one line, and without what a terminal would obey."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", re.sub(r"\s*\n\s*", " ", text))


def inspect_running(port: int, is_json: bool) -> None:
    """Print what happens in an app that runs on this machine, until its host ends.

    :param is_json: One event a line, in place of waterfalls.
    :raises StartError: If there is none.
    """
    where = f"http://127.0.0.1:{port}"
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/admin/inspector/events?kept=0")
        response = connection.getresponse()
    except OSError:
        response = None
    if response is None or response.status != 200:
        raise StartError(
            f"No local host runs on {where}. Start the app there first, or choose another port with --port."
        )
    print(f"Inspecting {where}. Press Ctrl+C to stop.", file=sys.stderr, flush=True)
    waterfalls = Waterfalls()
    # A host that is killed breaks the connection off.
    with suppress(http.client.HTTPException, ConnectionError):
        for line in response:
            text = line.decode().rstrip()
            if not text.startswith("data: "):
                continue
            if is_json:
                print(text[6:], flush=True)
            else:
                waterfalls.add(json.loads(text[6:]))
    print("The local host has ended.", file=sys.stderr)
