"""The trace that an invocation, or a message, is a part of."""

from opentelemetry.context import Context
from opentelemetry.trace import get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()


def parent_of(trace_parent: str | None, trace_state: str | None = None) -> Context:
    """The parent of a span, as the Functions host and senders of messages tell it.

    That is always in the form of W3C Trace Context, whichever propagator the app uses for
    its own requests.

    :return: A context without a span, if there is no valid parent.
    """
    told = {"traceparent": trace_parent, "tracestate": trace_state}
    headers = {name: value for name, value in told.items() if value}
    return _propagator.extract(headers, Context())


def is_unsampled(parent: Context) -> bool:
    """Whether there is a parent, and an SDK that asks it does not record its children."""
    span_context = get_current_span(parent).get_span_context()
    return span_context.is_valid and not span_context.trace_flags.sampled
