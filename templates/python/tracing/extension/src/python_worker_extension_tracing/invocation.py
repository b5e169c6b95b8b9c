"""What is known of an invocation before it runs.

Hooks are told the arguments of a function, and not what its trigger is. In the programming
model v2 the bridge tells that when the functions of the app are found; in v1 it is in
function.json. Outside of an app, it follows from what the trigger hands to the function.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import azure.functions as func

from .settings import setting

Trigger = Mapping[str, object]
"""A trigger as function.json has it: its type, its name, and its options."""

# By the name of the function.
_triggers: dict[str, Trigger] = {}

_TYPES: tuple[tuple[type, str], ...] = (
    (func.HttpRequest, "httpTrigger"),
    (func.TimerRequest, "timerTrigger"),
    (func.QueueMessage, "queueTrigger"),
    (func.ServiceBusMessage, "serviceBusTrigger"),
    (func.EventHubEvent, "eventHubTrigger"),
    (func.EventGridEvent, "eventGridTrigger"),
    (func.KafkaEvent, "kafkaTrigger"),
    (func.InputStream, "blobTrigger"),
    (func.DocumentList, "cosmosDBTrigger"),
)


@dataclass(frozen=True)
class Invocation:
    """An invocation, with what triggers it."""

    function_name: str
    id: str
    trigger: Trigger
    value: object
    """What the trigger hands to the function."""

    @property
    def type(self) -> str:
        """The type of the trigger, in lower case."""
        return str(self.trigger.get("type")).lower()

    def option(self, *names: str) -> str | None:
        """What the first of these options of the trigger says that it has."""
        options = (setting(self.trigger.get(name)) for name in names)
        return next(filter(None, options), None)

    @property
    def batch(self) -> list[object] | None:
        """The messages, if the function takes several at once."""
        return self.value if isinstance(self.value, list) else None


def remember_trigger(
    function_name: str, bindings: Iterable[Mapping[str, object]]
) -> None:
    """Keep the trigger of a function for its invocations."""
    trigger = _trigger_in(bindings)
    if trigger:
        _triggers[function_name] = trigger


def invocation_of(
    context: func.Context, func_args: Mapping[str, object] | None
) -> Invocation:
    """Put together what hooks are told and what is remembered."""
    args = func_args or {}
    trigger = (
        _triggers.get(context.function_name)
        or _trigger_of_folder(context.function_directory)
        or _trigger_by_type(args)
    )
    value = args.get(str(trigger.get("name")))
    return Invocation(context.function_name, context.invocation_id, trigger, value)


def _trigger_in(bindings: Iterable[Mapping[str, object]]) -> Trigger | None:
    kinds = ((one, str(one.get("type")).lower()) for one in bindings)
    return next((one for one, kind in kinds if kind.endswith("trigger")), None)


@cache
def _trigger_of_folder(directory: str) -> Trigger | None:
    path = Path(directory, "function.json")
    if not path.exists():
        return None
    trigger = _trigger_in(json.loads(path.read_text("utf-8-sig"))["bindings"])
    # As the model v2 has it: without a route, the name of the function is the route.
    return trigger and {"route": path.parent.name, **trigger}


def _trigger_by_type(func_args: Mapping[str, object]) -> Trigger:
    for name, value in func_args.items():
        first = value[0] if isinstance(value, list) and value else value
        for kind, trigger in _TYPES:
            if isinstance(first, kind):
                return {"type": trigger, "name": name}
    return {}
