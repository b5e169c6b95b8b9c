"""Messages: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/"""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from opentelemetry.trace import Link, SpanKind, get_current_span

from .baggage import Carrier, carrier_of
from .details import Details
from .invocation import Invocation
from .trace_parent import parent_of


@dataclass(frozen=True)
class _System:
    """A messaging system: where its triggers and its messages say what."""

    name: str
    """``messaging.system``. Where the conventions know none, its name."""
    destination: Sequence[str] = ()
    """Options of the trigger, of which one names the queue, topic or hub."""
    group: tuple[str, str] | None = None
    """The attribute for those who share the messages, and the option that names it."""
    id: str = ""
    """The attribute of a message that has its ID."""
    properties_of: Callable[[Sequence[object]], Iterable[object]] = lambda messages: ()
    """The properties that messages have been sent with."""


def _attributes_named(*names: str) -> Callable[[Sequence[object]], Iterable[object]]:
    """Properties are in the first of these attributes of a message that says something."""

    def properties_of(messages: Sequence[object]) -> Iterable[object]:
        for message in messages:
            found = (getattr(message, name, None) for name in names)
            yield next(filter(None, found), None)

    return properties_of


def _of_event_hub(events: Sequence[object]) -> Iterable[object]:
    """Each event of a batch has the metadata of all events."""
    first = events[0] if events else None
    metadata = getattr(first, "metadata", None)
    if not isinstance(metadata, dict):
        return _attributes_named("properties")(events)
    return metadata.get("PropertiesArray") or [metadata.get("Properties")]


def _of_kafka(events: Sequence[object]) -> Iterable[object]:
    """Headers are a list, of which the values are in Base64."""
    for event in events:
        headers = getattr(event, "headers", None)
        pairs = [one for one in headers or () if isinstance(one, dict)]
        yield {one.get("Key"): _decoded(one.get("Value")) for one in pairs}


def _decoded(value: object) -> bytes | None:
    try:
        return base64.b64decode(str(value))
    except ValueError:
        return None


_GROUP = "messaging.consumer.group.name"

# By the type of the trigger in lower case.
_SYSTEMS = {
    "eventgridtrigger": _System(
        "eventgrid",
        # A CloudEvent has its trace context in the event.
        properties_of=_attributes_named("extension_attrs"),
    ),
    "eventhubtrigger": _System(
        "eventhubs",
        destination=["eventHubName"],
        group=(_GROUP, "consumerGroup"),
        properties_of=_of_event_hub,
    ),
    "kafkatrigger": _System(
        "kafka",
        destination=["topic"],
        group=(_GROUP, "consumerGroup"),
        properties_of=_of_kafka,
    ),
    "queuetrigger": _System("azure_queue_storage", destination=["queueName"], id="id"),
    "rabbitmqtrigger": _System("rabbitmq", destination=["queueName"]),
    "servicebustrigger": _System(
        "servicebus",
        destination=["queueName", "topicName"],
        group=("messaging.destination.subscription.name", "subscriptionName"),
        id="message_id",
        properties_of=_attributes_named("application_properties", "user_properties"),
    ),
    "webpubsubtrigger": _System("webpubsub", destination=["hub"]),
}


def describe_messages(invocation: Invocation) -> Details | None:
    """Describe the message that a function processes, or the batch of them.

    The span has a link to what has sent each message.

    :return: Nothing, if the trigger is none of a messaging system.
    """
    system = _SYSTEMS.get(invocation.type)
    if system is None:
        return None
    destination = invocation.option(*system.destination)
    batch = invocation.batch
    id = None if batch is not None else getattr(invocation.value, system.id, None)
    group, option = system.group or ("", "")
    return Details(
        trigger="pubsub",
        name=f"process {destination}" if destination else "",
        kind=SpanKind.CONSUMER,
        attributes={
            "messaging.system": system.name,
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": destination,
            "messaging.batch.message_count": None if batch is None else len(batch),
            "messaging.message.id": id if isinstance(id, str) else None,
            **({group: invocation.option(option)} if group else {}),
        },
        links=[link for one in properties_in(invocation) if (link := link_to(one))],
    )


def properties_in(invocation: Invocation) -> list[Carrier]:
    """The properties that messages have been sent with, in the order of the messages."""
    system = _SYSTEMS.get(invocation.type)
    if system is None:
        return []
    batch = invocation.batch
    messages = [invocation.value] if batch is None else batch
    return [carrier_of(one) for one in system.properties_of(messages)]


def link_to(properties: Carrier) -> Link | None:
    """A link to what has sent a message, if its properties tell."""
    # The second is the name that Azure's libraries have used before W3C's.
    sent = properties.get("traceparent") or properties.get("diagnostic-id")
    span_context = get_current_span(parent_of(sent)).get_span_context()
    return Link(span_context) if span_context.is_valid else None
