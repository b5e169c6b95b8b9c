"""Traces each invocation with OpenTelemetry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from logging import Logger
from typing import TypedDict
from weakref import WeakKeyDictionary, finalize

from azure.functions import Context
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context as OtelContext

from .baggage import Carrier, with_baggage
from .contract import Hooks
from .exceptions import record_exception
from .invocation import Invocation, invocation_of, remember_trigger
from .messages import link_to, properties_in
from .orchestrations import cause_of, is_done, is_orchestration, start_of
from .requests import headers_in, is_http, status_of
from .semantic_conventions import describe_invocation, record_failure, record_status
from .streams import Stream, while_sent
from .trace_parent import is_unsampled, parent_of
from .tracer_provider import tracer_of

_invocations = count()
_warnings: set[str] = set()

# Of the invocation that is traced, in the context of its function.
_TRACED = otel_context.create_key("traced")


class TracingOptions(TypedDict, total=False):
    """Where spans come from."""

    tracer_provider: trace.TracerProvider
    """The default is the one that the app has set with ``trace.set_tracer_provider``."""


@dataclass
class _Traced:
    """An invocation that is traced."""

    invocation: Invocation
    tracer: trace.Tracer
    parent: OtelContext
    is_cold: bool
    span: trace.Span | None = None
    """An orchestration has none while it runs."""
    exits: ExitStack = field(default_factory=ExitStack)
    """What to undo when the function has ended."""

    def start(self) -> trace.Span:
        name, kind, attributes, links = describe_invocation(self.invocation)
        return self.tracer.start_span(
            name,
            self.parent,
            kind,
            {**attributes, "faas.coldstart": self.is_cold},
            links,
            start_of(self.invocation),
        )

    @cached_property
    def senders(self) -> list[trace.Link | None]:
        """Of each message, a link to what has sent it."""
        return [link_to(one) for one in properties_in(self.invocation)]


class TracingHooks(Hooks):
    """Makes a span of each invocation, which is active while the function runs."""

    def __init__(self, *, tracer_provider: trace.TracerProvider | None = None) -> None:
        self._tracer_provider = tracer_provider
        self._traced: WeakKeyDictionary[Context, _Traced] = WeakKeyDictionary()

    def indexed(
        self, logger: Logger, function_name: str, bindings: list[dict[str, object]]
    ) -> None:
        """Keep what triggers the function."""
        remember_trigger(function_name, bindings)

    def before(
        self, logger: Logger, context: Context, func_args: dict[str, object] | None
    ) -> None:
        """Start the span, as a child of what the Functions host says is its parent."""
        is_cold = next(_invocations) == 0
        tracer = tracer_of(self._tracer_provider or trace.get_tracer_provider())
        if tracer is None:
            _warn_once(
                logger,
                "TracingExtension: no OpenTelemetry SDK is set, so nothing is traced. "
                "Call trace.set_tracer_provider, or set the option tracer_provider.",
            )
            return
        told = context.trace_context
        invocation = invocation_of(context, func_args)
        parent = with_baggage(
            parent_of(told.trace_parent, told.trace_state), _carrier_in(invocation)
        )
        traced = _Traced(invocation, tracer, parent, is_cold)
        active = otel_context.set_value(_TRACED, traced, parent)
        # An orchestration is invoked again for each of its steps, and each time replays
        # what it has done. It gets one span, by the invocation that ends it.
        if not is_orchestration(invocation):
            traced.span = traced.start()
            active = trace.set_span_in_context(traced.span, active)
            # Up to Python 3.12, no hook runs after a function that has failed. The context
            # of the invocation then goes, and its span ends with it.
            abandon = finalize(context, _abandon, traced.span, invocation)
            traced.exits.callback(abandon.detach)
            sent = headers_in(invocation).get("traceparent")
            is_dropped = not traced.span.is_recording() and is_unsampled(parent)
            if is_dropped and sent != told.trace_parent:
                _warn_once(
                    logger,
                    "TracingExtension: the Functions host hands on a trace that is not "
                    "sampled, so the SDK drops the spans. Set "
                    '"telemetryMode": "OpenTelemetry" in host.json, or give the SDK a '
                    "sampler that decides by itself.",
                )
        traced.exits.callback(otel_context.detach, otel_context.attach(active))
        self._traced[context] = traced

    def after(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        func_ret: object,
    ) -> None:
        """End the span of an invocation that has succeeded: of a stream, when it is sent."""
        traced = self._leave(context)
        if traced is None:
            return
        if traced.span is None:
            if is_done(func_ret):
                traced.start().end()
            return
        record_status(traced.span, traced.invocation, status_of(func_ret))
        if isinstance(func_ret, Stream):
            active = trace.set_span_in_context(traced.span, traced.parent)
            sent = partial(_end, traced.span, active)
            func_ret.body_iterator = while_sent(func_ret.body_iterator, active, sent)
        else:
            traced.span.end()

    def failed(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        error: BaseException,
    ) -> None:
        """End the span of an invocation that has failed."""
        traced = self._leave(context)
        if traced is None:
            return
        span = traced.span or traced.start()
        cause = error if traced.span else cause_of(error)
        record_status(span, traced.invocation, 500)
        _end(span, trace.set_span_in_context(span, traced.parent), cause)

    def _leave(self, context: Context) -> _Traced | None:
        traced = self._traced.pop(context, None)
        if traced:
            traced.exits.close()
        return traced


@contextmanager
def process_message(index: int) -> Iterator[None]:
    """Make a span of what a function does for one message of a batch.

    It has a link to what has sent the message. If the invocation is not traced, there is
    no span.

    :param index: Position of the message in the batch.
    """
    traced = otel_context.get_value(_TRACED)
    if not isinstance(traced, _Traced):
        yield
        return
    name, _, attributes, _ = describe_invocation(traced.invocation)
    attributes.pop("messaging.batch.message_count", None)
    sender = traced.senders[index] if index < len(traced.senders) else None
    span = traced.tracer.start_span(
        name,
        kind=trace.SpanKind.CONSUMER,
        attributes=attributes,
        links=[sender] if sender else [],
    )
    with trace.use_span(
        span, end_on_exit=True, record_exception=False, set_status_on_exception=False
    ):
        try:
            yield
        except BaseException as error:
            record_failure(span, error)
            raise


def _carrier_in(invocation: Invocation) -> Carrier:
    """Where the caller's baggage is: in a request, or in a message that is none of a batch."""
    if is_http(invocation):
        return headers_in(invocation)
    sent = properties_in(invocation)
    return sent[0] if len(sent) == 1 else {}


def _end(span: trace.Span, context: OtelContext, error: BaseException | None) -> None:
    """End a span, with what has gone wrong.

    :param context: With the span.
    """
    if error:
        record_failure(span, error)
        record_exception(span, context, error)
    span.end()


def _abandon(span: trace.Span, invocation: Invocation) -> None:
    record_status(span, invocation, 500)
    record_failure(span, None)
    span.end()


def _warn_once(logger: Logger, message: str) -> None:
    if message not in _warnings:
        _warnings.add(message)
        logger.warning(message)
