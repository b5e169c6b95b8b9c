"""What the tests of the extension share."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

from azure.functions.meta import Datum, get_binding_registry
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from python_worker_extension_tracing import hooks, invocation
from tests.local_host import Context, TraceContext
from tests.switch_on import switch_on
from tests.worker import WorkerTestCase

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
TRACE_PARENT = f"00-{TRACE_ID}-{CALLER}-01"
UNSAMPLED = f"00-{TRACE_ID}-{CALLER}-00"


class TracingTestCase(WorkerTestCase):
    """A test with an SDK that keeps the spans. The function is called as the test is."""

    def setUp(self) -> None:
        super().setUp()
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        # No caller has sent a trace, and the host has not begun one.
        self.called_with("")
        hooks._warnings.clear()
        invocation._triggers.clear()
        self.hooks = switch_on(self.id(), tracer_provider=self.provider)
        outer = otel_context.attach(otel_context.Context())
        self.addCleanup(otel_context.detach, outer)

    def called_with(self, trace_parent: str, trace_state: str = "") -> None:
        """Let the host tell invocations what they are a part of."""
        told = TraceContext(trace_parent, trace_state)
        patched = patch.object(Context, "trace_context", told)
        patched.start()
        self.addCleanup(patched.stop)

    def triggered_by(self, type: str, **options: object) -> None:
        """Let the function have a trigger, as the bridge tells it."""
        binding = {"type": type, "name": "value", "direction": "IN", **options}
        self.hooks.indexed(MagicMock(), self.id(), [binding])

    def span(self) -> ReadableSpan:
        """The only span that has ended."""
        (span,) = self.exporter.get_finished_spans()
        return span

    def attributes(self, namespace: str = "") -> dict[str, object]:
        """The attributes of the only span, of one namespace."""
        every = (self.span().attributes or {}).items()
        return {name: value for name, value in every if name.startswith(namespace)}


def decoded(type: str, data: object, **metadata: object) -> Any:
    """What the worker hands to a function for what the host passes on.

    :param data: A text, or several in a list.
    """
    datum = (
        Datum(SimpleNamespace(string=data), "collection_string")
        if isinstance(data, list)
        else Datum(data, "json" if type == "eventGridTrigger" else "string")
    )
    datums = {
        name: one if isinstance(one, Datum) else Datum(json.dumps(one), "json")
        for name, one in metadata.items()
    }
    registry: Any = get_binding_registry()  # type: ignore[no-untyped-call]
    return registry.get(type).decode(datum, trigger_metadata=datums)
