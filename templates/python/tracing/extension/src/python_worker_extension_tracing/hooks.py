"""Traces each invocation with OpenTelemetry."""

from collections.abc import Callable
from contextvars import Token
from dataclasses import dataclass
from itertools import count
from logging import Logger
from typing import TypedDict
from weakref import WeakKeyDictionary, finalize

from azure.functions import Context
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context as OtelContext
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .contract import Hooks
from .semantic_conventions import (
    describe_invocation,
    record_failure,
    record_status,
    request_in,
)

_invocations = count()
_warnings: set[str] = set()


class TracingOptions(TypedDict, total=False):
    """Where spans come from."""

    tracer_provider: trace.TracerProvider
    """The default is the one that the app has set with ``trace.set_tracer_provider``."""


@dataclass
class _Traced:
    """An invocation that is traced."""

    span: trace.Span
    token: Token[OtelContext]
    is_http: bool
    detach_finalizer: Callable[[], object]


class TracingHooks(Hooks):
    """Makes a span of each invocation, which is active while the function runs."""

    def __init__(self, *, tracer_provider: trace.TracerProvider | None = None) -> None:
        self._tracer_provider = tracer_provider
        self._traced: WeakKeyDictionary[Context, _Traced] = WeakKeyDictionary()

    def before(
        self, logger: Logger, context: Context, func_args: dict[str, object] | None
    ) -> None:
        """Start the span, as a child of what the Functions host says is its parent."""
        is_cold = next(_invocations) == 0
        provider = self._tracer_provider or trace.get_tracer_provider()
        if isinstance(provider, trace.ProxyTracerProvider):
            _warn_once(
                logger,
                "TracingExtension: no OpenTelemetry SDK is set, so nothing is traced. "
                "Call trace.set_tracer_provider, or set the option tracer_provider.",
            )
            return
        parent = _parent_of(context)
        name, attributes = describe_invocation(context, func_args)
        span = provider.get_tracer("python_worker_extension_tracing").start_span(
            name,
            parent,
            trace.SpanKind.SERVER,
            {**attributes, "faas.coldstart": is_cold},
        )
        request = request_in(func_args)
        if not span.is_recording() and _is_unsampled(parent):
            sent = request.headers.get("traceparent") if request else None
            if sent != context.trace_context.trace_parent:
                _warn_once(
                    logger,
                    "TracingExtension: the Functions host hands on a trace that is not "
                    "sampled, so the SDK drops the spans. Set "
                    '"telemetryMode": "OpenTelemetry" in host.json, or give the SDK a '
                    "sampler that decides by itself.",
                )
        is_http = request is not None
        self._traced[context] = _Traced(
            span,
            otel_context.attach(trace.set_span_in_context(span, parent)),
            is_http,
            # Up to Python 3.12, no hook runs after a function that has failed. The context
            # of the invocation then goes, and its span ends with it.
            finalize(context, _abandon, span, is_http).detach,
        )

    def after(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        func_ret: object,
    ) -> None:
        """End the span of an invocation that has succeeded."""
        traced = self._end(context)
        if traced:
            if traced.is_http:
                record_status(traced.span, func_ret)
            traced.span.end()

    def failed(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        error: BaseException,
    ) -> None:
        """End the span of an invocation that has failed."""
        traced = self._end(context)
        if traced:
            record_failure(traced.span, error, is_http=traced.is_http)
            traced.span.end()

    def _end(self, context: Context) -> _Traced | None:
        traced = self._traced.pop(context, None)
        if traced:
            traced.detach_finalizer()
            otel_context.detach(traced.token)
        return traced


def _parent_of(context: Context) -> OtelContext:
    """The parent of an invocation's span, which the host tells in the form of the W3C."""
    told = context.trace_context
    carrier = {"traceparent": told.trace_parent, "tracestate": told.trace_state}
    headers = {name: value for name, value in carrier.items() if value}
    return TraceContextTextMapPropagator().extract(headers, OtelContext())


def _is_unsampled(parent: OtelContext) -> bool:
    span_context = trace.get_current_span(parent).get_span_context()
    return span_context.is_valid and not span_context.trace_flags.sampled


def _abandon(span: trace.Span, is_http: bool) -> None:
    record_failure(span, None, is_http=is_http)
    span.end()


def _warn_once(logger: Logger, message: str) -> None:
    if message not in _warnings:
        _warnings.add(message)
        logger.warning(message)
