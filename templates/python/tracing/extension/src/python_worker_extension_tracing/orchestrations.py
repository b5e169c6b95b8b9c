"""Orchestrations of Durable Functions, which replay what they have done at each step."""

import json
from collections.abc import Mapping
from datetime import datetime

from .invocation import Invocation

# Where the library of Durable Functions puts the state of an orchestration into the
# message of its error.
_STATE = "\n\n$OutOfProcData$:"

# As the history of an orchestration numbers its events.
_EXECUTION_STARTED = 0


def is_orchestration(invocation: Invocation) -> bool:
    """Whether a function is an orchestration."""
    return invocation.type == "orchestrationtrigger"


def start_of(invocation: Invocation) -> int | None:
    """When an orchestration was started: long before an invocation that replays it.

    :return: In nanoseconds since 1970. Nothing, if it is no orchestration or does not tell.
    """
    body = getattr(invocation.value, "body", None)
    history = _parsed(body).get("history") if is_orchestration(invocation) else None
    for event in history if isinstance(history, list) else ():
        if isinstance(event, dict) and event.get("EventType") == _EXECUTION_STARTED:
            return _nanoseconds(str(event.get("Timestamp")))
    return None


def is_done(func_ret: object) -> bool:
    """Whether an orchestration has come to its end, and will not be replayed."""
    return _parsed(func_ret).get("isDone") is True


def cause_of(error: BaseException) -> BaseException:
    """What has made an orchestration fail.

    The error of the library has the state of the orchestration in its message, which may
    hold secrets.
    """
    message, is_state, _ = str(error).partition(_STATE)
    return (error.__cause__ or Exception(message)) if is_state else error


def _parsed(text: object) -> Mapping[str, object]:
    try:
        value = json.loads(text) if isinstance(text, str | bytes) else None
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _nanoseconds(timestamp: str) -> int | None:
    """``2026-01-01T10:00:00.1234567Z``: Python before 3.11 reads no such fraction."""
    seconds, _, fraction = timestamp.rstrip("Z").partition(".")
    try:
        whole = datetime.fromisoformat(f"{seconds}+00:00").timestamp()
        return int(whole) * 10**9 + int(fraction.ljust(9, "0")[:9])
    except ValueError:
        return None
