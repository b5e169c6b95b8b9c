"""Functions by hand."""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from azure.functions.meta import Datum

from .errors import RequestError
from .functions import Binding, Function


@dataclass(frozen=True)
class Trial:
    """What a function is run with by hand."""

    input: Any = None
    """What its trigger passes on: a message, or the path of a blob."""
    content: str | bytes = b""
    """The content of a blob."""
    trigger_metadata: Mapping[str, Any] = field(default_factory=dict)
    """In place of what is made up, by name: ``{"MessageId": "1"}``."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """The other inputs, by the name or by the type of the binding."""


def trial_from(content_type: str, body: bytes) -> Trial:
    """What the body of ``POST /admin/functions/<name>`` asks for.

    :raises RequestError: Where the Functions host refuses it.
    """
    if not re.match(
        r"\s*(application|text)/([^;\s]+\+)?json\s*(;|$)", content_type, re.IGNORECASE
    ):
        raise RequestError(415, "The Content-Type has to be application/json.")
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise RequestError(400, 'Expected a JSON object such as {"input": "message"}.')
    members = {name.lower(): member for name, member in value.items()}
    given = members.get("input")
    if isinstance(given, (dict, list)):
        raise RequestError(
            400, '"input" has to be a text. Give JSON as a text: {"input": "{}"}.'
        )
    for name in ("triggerMetadata", "inputs"):
        if not isinstance(members.get(name.lower()) or {}, dict):
            raise RequestError(400, f'"{name}" has to be an object.')
    return Trial(
        input=given if given is None or isinstance(given, str) else json.dumps(given),
        content=str(members.get("content") or ""),
        trigger_metadata=members.get("triggermetadata") or {},
        inputs=members.get("inputs") or {},
    )


def from_now(days: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def parsed(value: Any) -> Any:
    """What a text is in JSON, if it is."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def to_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value)


def to_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else to_text(value).encode()


def to_datum(value: Any) -> Datum | None:
    if value is None:
        return None
    kind = (
        "bytes"
        if isinstance(value, bytes)
        else "string"
        if isinstance(value, str)
        else "json"
    )
    return Datum(json.dumps(value) if kind == "json" else value, kind)


def to_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


MESSAGE_METADATA: dict[str, Callable[[int], dict[str, Any]]] = {
    "servicebustrigger": lambda index: {
        "MessageId": uuid.uuid4().hex,
        "SequenceNumber": index + 1,
        "DeliveryCount": 1,
        "EnqueuedTimeUtc": from_now(0),
        "ExpiresAtUtc": from_now(14),
        "LockToken": str(uuid.uuid4()),
        "ContentType": "application/json",
        "CorrelationId": str(uuid.uuid4()),
        "ApplicationProperties": {},
        "UserProperties": {},
    },
    "eventhubtrigger": lambda index: {
        "SequenceNumber": index,
        "Offset": str(index * 100),
        "EnqueuedTimeUtc": from_now(0),
        "PartitionKey": None,
        "Properties": {},
        "SystemProperties": {
            "SequenceNumber": index,
            "Offset": str(index * 100),
            "EnqueuedTimeUtc": from_now(0),
        },
    },
    "kafkatrigger": lambda index: {
        "Partition": 0,
        "Offset": index,
        "Timestamp": from_now(0),
        "Key": None,
        "Headers": [],
    },
}


def queue_metadata(text: str) -> dict[str, Any]:
    return {
        "QueueTrigger": text,
        "Id": str(uuid.uuid4()),
        "DequeueCount": 1,
        "InsertionTime": from_now(0),
        "ExpirationTime": from_now(7),
        "NextVisibleTime": from_now(1),
        "PopReceipt": "AgAAAAMAAAAAAAAA",
    }


def trigger_data(trigger: Binding, trial: Trial) -> tuple[Datum | None, dict[str, Any]]:
    """What a trigger passes on, with the metadata that a storage account or a broker would send along.

    :raises RequestError: If the input is none for this trigger.
    """
    kind = trigger["type"].lower()
    is_batch = str(trigger.get("cardinality", "")).lower() == "many"
    is_binary = (
        isinstance(trial.input, bytes)
        or str(trigger.get("dataType", "")).lower() == "binary"
    )
    if kind == "timertrigger":
        now = datetime.now(timezone.utc).isoformat()
        status = {"Last": now, "LastUpdated": now, "Next": now}
        timer = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": status,
            "IsPastDue": False,
        }
        return Datum(json.dumps(timer), "json"), {}
    if kind == "warmuptrigger":
        return Datum("{}", "json"), {}
    if kind == "blobtrigger":
        return blob_data(str(trigger.get("path") or ""), trial)
    if kind == "eventgridtrigger":
        event = parsed(trial.input)
        value = to_list(event) if is_batch else {} if event is None else event
        data = event.get("data") if isinstance(event, dict) else None
        return Datum(json.dumps(value), "json"), {} if is_batch else {
            "data": data or {}
        }
    if kind in ("cosmosdbtrigger", "sqltrigger", "mysqltrigger"):
        return Datum(json.dumps(to_list(parsed(trial.input))), "json"), {}
    if kind == "queuetrigger":
        metadata = queue_metadata(to_text(trial.input))
        return message(trial.input, is_binary), metadata
    if kind in MESSAGE_METADATA:
        make = MESSAGE_METADATA[kind]
        shared = partition_of(trigger) if kind == "eventhubtrigger" else {}
        if not is_batch:
            return message(trial.input, is_binary), {**shared, **make(0)}
        messages = to_list(parsed(trial.input))
        made = [make(index) for index in range(len(messages))]
        lists: dict[str, Any] = {
            f"{name}Array": [one[name] for one in made] for name in make(0)
        }
        if kind == "kafkatrigger":
            # Its converter reads these as the typed lists that they are in Azure.
            offsets = SimpleNamespace(sint64=lists["OffsetArray"])
            topics = SimpleNamespace(string=[trigger.get("topic")] * len(made))
            lists["OffsetArray"] = Datum(offsets, "collection_sint64")
            lists["TopicArray"] = Datum(topics, "collection_string")
        if is_binary:
            return Datum(
                SimpleNamespace(bytes=[to_bytes(one) for one in messages]),
                "collection_bytes",
            ), {**shared, **lists}
        return Datum(
            SimpleNamespace(string=[to_text(one) for one in messages]),
            "collection_string",
        ), {**shared, **lists}
    return to_datum(trial.input), {}


def message(value: Any, is_binary: bool) -> Datum:
    return (
        Datum(to_bytes(value), "bytes")
        if is_binary
        else Datum(to_text(value), "string")
    )


def partition_of(trigger: Binding) -> dict[str, Any]:
    hub, group = trigger.get("eventHubName"), trigger.get("consumerGroup") or "$Default"
    return {
        "PartitionContext": {
            "EventHubName": hub,
            "ConsumerGroup": group,
            "PartitionId": "0",
        }
    }


def blob_data(pattern: str, trial: Trial) -> tuple[Datum, dict[str, Any]]:
    """The content of a blob, and the parameters of its path."""
    path = (
        re.sub(r"\{(\w+)\}", r"\1", pattern)
        if trial.input is None
        else str(trial.input)
    )
    literals = re.split(r"\{(\w+)\}", pattern)
    source = "".join(
        f"(?P<{one}>.+?)" if index % 2 else re.escape(one)
        for index, one in enumerate(literals)
    )
    # Of a container alone, all blobs.
    match = re.fullmatch(source if "/" in pattern else f"{source}/.+", path)
    if match is None and not (trial.input is None and "/" not in pattern):
        raise RequestError(400, f'The path "{path}" is not one for {pattern}.')
    content = to_bytes(trial.content)
    return Datum(content, "bytes"), {
        **(match.groupdict() if match else {}),
        "BlobTrigger": path,
        "Uri": f"http://127.0.0.1:10000/devstoreaccount1/{path}",
        "Properties": {
            "Length": len(content),
            "ContentType": "application/octet-stream",
        },
        "Metadata": {},
    }


def to_metadata(
    function: Function, made: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Datum]:
    """Trigger metadata as the worker receives them; what is given counts, in any case."""
    names = {name.lower(): name for name in made}
    values = {
        **made,
        **{names.get(name.lower(), name): value for name, value in given.items()},
    }
    values["sys"] = {
        "MethodName": function.name,
        "UtcNow": from_now(0),
        "RandGuid": str(uuid.uuid4()),
    }
    return {name: to_metadatum(value) for name, value in values.items()}


def to_metadatum(value: Any) -> Datum:
    if isinstance(value, Datum):
        return value
    if isinstance(value, str):
        return Datum(value, "string")
    return Datum(json.dumps(value), "json")
