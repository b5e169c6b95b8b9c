"""What the extension does, called by the rules of the worker."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from unittest.mock import MagicMock, patch

import azure.functions as func
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from python_worker_extension_tracing import hooks as tracing
from python_worker_extension_tracing.hooks import TracingHooks
from tests.local_host import Context, TraceContext
from tests.switch_on import switch_on
from tests.worker import WorkerTestCase, invoke

LOGGER = "azure_functions_worker.extension.TracingExtension"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
TRACE_PARENT = f"00-{TRACE_ID}-{CALLER}-01"
UNSAMPLED = f"00-{TRACE_ID}-{CALLER}-00"


def request(
    url: str = "https://example.com:8443/api/orders/7?code=secret",
    method: str = "POST",
    **headers: str,
) -> func.HttpRequest:
    return func.HttpRequest(
        method, url, headers=headers, route_params={"id": "7"}, body=b""
    )


def invocation(function_name: str) -> func.Context:
    return Context(function_name, "")


@contextmanager
def called_with(trace_parent: str, trace_state: str = "") -> Iterator[None]:
    """Let the host tell invocations what they are a part of."""
    told = TraceContext(trace_parent, trace_state)
    with patch.object(Context, "trace_context", told):
        yield


class TracingExtensionTest(WorkerTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        # No caller has sent a trace, and the host has not begun one.
        untraced = patch.object(Context, "trace_context", TraceContext(""))
        untraced.start()
        self.addCleanup(untraced.stop)
        tracing._warnings.clear()
        self.hooks = switch_on(self.id(), tracer_provider=self.provider)
        outer = otel_context.attach(otel_context.Context())
        self.addCleanup(otel_context.detach, outer)

    def span(self) -> ReadableSpan:
        """The only span that has ended."""
        (span,) = self.exporter.get_finished_spans()
        return span

    def attributes(self) -> dict[str, object]:
        return dict(self.span().attributes or {})

    def test_a_request_makes_a_server_span_by_the_semantic_conventions(self) -> None:
        answer = func.HttpResponse("done", status_code=201)
        req = request(**{"user-agent": "test"})
        self.assertIs(invoke(lambda req: answer, self.id(), req=req), answer)
        span = self.span()
        self.assertEqual(span.name, "POST api/orders/{id}")
        self.assertIs(span.kind, SpanKind.SERVER)
        self.assertIs(span.status.status_code, StatusCode.UNSET)
        attributes = self.attributes()
        self.assertRegex(str(attributes.pop("faas.invocation_id")), r"^[0-9a-f-]{36}$")
        self.assertIsInstance(attributes.pop("faas.coldstart"), bool)
        self.assertEqual(
            attributes,
            {
                "faas.name": self.id(),
                "faas.trigger": "http",
                "http.request.method": "POST",
                "http.route": "api/orders/{id}",
                "http.response.status_code": 201,
                "server.address": "example.com",
                "server.port": 8443,
                "url.path": "/api/orders/7",
                "url.scheme": "https",
                "user_agent.original": "test",
            },
        )

    def test_a_route_that_is_ambiguous_is_left_out(self) -> None:
        invoke(lambda req: None, self.id(), req=request("https://a/api/7/7"))
        self.assertEqual(self.span().name, f"POST {self.id()}")
        self.assertNotIn("http.route", self.attributes())
        self.assertEqual(self.attributes()["http.response.status_code"], 204)

    def test_a_method_that_is_not_known_stays_out_of_the_name(self) -> None:
        invoke(lambda req: "done", self.id(), req=request(method="PURGE"))
        self.assertEqual(self.span().name, "HTTP api/orders/{id}")
        attributes = self.attributes()
        self.assertEqual(attributes["http.request.method"], "_OTHER")
        self.assertEqual(attributes["http.request.method_original"], "PURGE")
        self.assertEqual(attributes["http.response.status_code"], 200)

    def test_a_response_of_5xx_is_an_error(self) -> None:
        answer = func.HttpResponse(status_code=503)
        invoke(lambda req: answer, self.id(), req=request())
        self.assertIs(self.span().status.status_code, StatusCode.ERROR)
        self.assertEqual(self.attributes()["error.type"], "503")

    def test_other_triggers_have_no_attributes_of_http(self) -> None:
        for value, trigger in (
            (MagicMock(spec=func.TimerRequest), "timer"),
            (func.QueueMessage(body=b""), "pubsub"),
            ([func.EventHubEvent(body=b"")], "pubsub"),
            (func.DocumentList(), "datasource"),
            ("text", "other"),
        ):
            with self.subTest(trigger=trigger):
                self.exporter.clear()
                invoke(lambda one: None, self.id(), one=value)
                self.assertEqual(self.span().name, self.id())
                attributes = self.attributes()
                self.assertEqual(attributes["faas.trigger"], trigger)
                self.assertFalse([one for one in attributes if one.startswith("http")])

    def test_the_name_of_the_app_is_a_part_of_the_name(self) -> None:
        with patch.dict("os.environ", WEBSITE_SITE_NAME="shop"):
            invoke(lambda: None, self.id())
        self.assertEqual(self.span().name, f"shop/{self.id()}")

    def test_the_span_continues_the_trace_of_the_caller(self) -> None:
        with called_with(TRACE_PARENT, "vendor=1"):
            invoke(lambda: None, self.id())
        span = self.span()
        assert span.parent is not None and span.context is not None
        self.assertEqual(span.context.trace_id, int(TRACE_ID, 16))
        self.assertEqual(span.parent.span_id, int(CALLER, 16))
        self.assertEqual(span.parent.trace_state.get("vendor"), "1")

    def test_a_parent_that_is_not_valid_is_none(self) -> None:
        for parent in ("", "00-0-0-00", "nonsense"):
            self.exporter.clear()
            with called_with(parent):
                invoke(lambda: None, self.id())
            self.assertIsNone(self.span().parent)

    def test_the_span_is_active_in_the_function_and_not_after_it(self) -> None:
        def function() -> None:
            trace.get_current_span().set_attribute("app.language", "en")
            with self.provider.get_tracer("app").start_as_current_span("inner"):
                pass

        invoke(function, self.id())
        inner, outer = self.exporter.get_finished_spans()
        assert inner.parent is not None and outer.context is not None
        self.assertEqual(inner.parent.span_id, outer.context.span_id)
        self.assertEqual((outer.attributes or {})["app.language"], "en")
        self.assertIs(trace.get_current_span(), trace.INVALID_SPAN)

    def test_the_span_is_active_in_async_functions_that_overlap(self) -> None:
        names = ("First", "Second")
        for name in names:
            switch_on(name, tracer_provider=self.provider)

        async def invoked(name: str) -> None:
            context = invocation(name)
            hooks.before(MagicMock(), context, {})
            await asyncio.sleep(0)
            trace.get_current_span().set_attribute("in", name)
            await asyncio.sleep(0)
            hooks.after(MagicMock(), context, {}, None)

        async def both() -> None:
            await asyncio.gather(*(invoked(name) for name in names))

        hooks = TracingHooks(tracer_provider=self.provider)
        asyncio.run(both())
        spans = self.exporter.get_finished_spans()
        self.assertEqual([one.name for one in spans], list(names))
        self.assertEqual([(one.attributes or {})["in"] for one in spans], list(names))

    def test_the_span_of_a_function_that_fails_is_an_error(self) -> None:
        def failing(req: func.HttpRequest) -> None:
            raise ValueError("no luck")

        def run() -> None:
            with self.assertRaisesRegex(ValueError, "no luck"):
                invoke(failing, self.id(), req=request())

        copy_context().run(run)
        gc.collect()
        self.assertIs(self.span().status.status_code, StatusCode.ERROR)
        self.assertEqual(self.attributes()["http.response.status_code"], 500)
        is_told = sys.version_info >= (3, 13)
        self.assertEqual(bool(self.span().events), is_told)
        self.assertEqual(len(self.hooks._traced), 0)

    def test_the_span_has_the_exception_where_it_is_told(self) -> None:
        context = invocation(self.id())
        self.hooks.before(MagicMock(), context, {})
        self.hooks.failed(MagicMock(), context, {}, ValueError("no luck"))
        span = self.span()
        self.assertEqual(span.status.description, "no luck")
        self.assertEqual(self.attributes()["error.type"], "ValueError")
        self.assertEqual([event.name for event in span.events], ["exception"])
        self.assertIs(trace.get_current_span(), trace.INVALID_SPAN)

    def test_without_an_sdk_it_warns_once_and_does_nothing(self) -> None:
        switch_on("Unconfigured")
        none = trace.ProxyTracerProvider()
        with (
            patch.object(trace, "get_tracer_provider", return_value=none),
            self.assertLogs(LOGGER, "WARNING") as logs,
        ):
            for _ in range(3):
                self.assertEqual(invoke(lambda: "done", "Unconfigured"), "done")
        (record,) = logs.records
        self.assertIn("no OpenTelemetry SDK is set", record.getMessage())
        self.assertEqual(self.exporter.get_finished_spans(), ())

    def test_it_warns_once_where_the_host_drops_the_traces(self) -> None:
        with called_with(UNSAMPLED), self.assertLogs(LOGGER, "WARNING") as logs:
            invoke(lambda: None, self.id())
            invoke(lambda req: None, self.id(), req=request())
        (record,) = logs.records
        self.assertIn("telemetryMode", record.getMessage())

    def test_a_caller_may_drop_its_traces(self) -> None:
        with called_with(UNSAMPLED), self.assertNoLogs(LOGGER, "WARNING"):
            invoke(lambda req: None, self.id(), req=request(traceparent=UNSAMPLED))
