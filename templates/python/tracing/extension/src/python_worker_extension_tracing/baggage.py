"""The baggage of a request or of a message."""

from collections.abc import Mapping

from opentelemetry import baggage, propagate
from opentelemetry.context import Context

Carrier = Mapping[str, str]
"""The headers of a request, or the properties of a message, by names in lower case."""


def carrier_of(properties: object) -> Carrier:
    """What is text in headers or properties. Azure's own libraries have it as bytes."""
    if not isinstance(properties, Mapping):
        return {}
    texts = ((_text(name), _text(value)) for name, value in properties.items())
    return {name.lower(): value for name, value in texts if name and value}


def with_baggage(context: Context, carrier: Carrier) -> Context:
    """Add the baggage that a caller has sent, read by the propagator of the app.

    Of the rest that it reads there is nothing to take: the parent is the Functions host's
    to tell.
    """
    for name, value in baggage.get_all(propagate.extract(carrier, Context())).items():
        context = baggage.set_baggage(name, value, context)
    return context


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else ""
