"""What the extension does, called by the rules of the worker."""

import asyncio
import gc
import sys
from contextvars import copy_context
from importlib.metadata import PackageNotFoundError, version
from unittest.mock import MagicMock, patch

import azure.functions as func
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from python_worker_extension_tracing.hooks import TracingHooks
from tests.local_host import Context
from tests.switch_on import switch_on
from tests.tracing import (
    CALLER,
    TRACE_ID,
    TRACE_PARENT,
    UNSAMPLED,
    TracingTestCase,
)
from tests.worker import invoke

LOGGER = "azure_functions_worker.extension.TracingExtension"


def request(
    url: str = "https://example.com:8443/api/orders/7?code=secret",
    method: str = "POST",
    **headers: str,
) -> func.HttpRequest:
    return func.HttpRequest(
        method, url, headers=headers, route_params={"id": "7"}, body=b""
    )


class TracingExtensionTest(TracingTestCase):
    def test_a_request_makes_a_server_span_by_the_semantic_conventions(self) -> None:
        self.triggered_by("httpTrigger", name="req", route="orders/{id}")
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

    def test_a_route_that_is_not_known_is_left_out(self) -> None:
        invoke(lambda req: None, self.id(), req=request())
        self.assertEqual(self.span().name, f"POST {self.id()}")
        self.assertNotIn("http.route", self.attributes())
        self.assertEqual(self.attributes()["http.response.status_code"], 204)

    def test_a_route_has_the_prefix_where_that_is_known(self) -> None:
        for route, url, expected in (
            ("orders/{id:int}", "https://a/v1/api/orders/7", "v1/api/orders/{id:int}"),
            ("orders/{id?}", "https://a/api/orders", "orders/{id?}"),
            ("{*rest}", "https://a/api/a/b", "{*rest}"),
        ):
            with self.subTest(route=route):
                self.exporter.clear()
                self.triggered_by("httpTrigger", name="req", route=route)
                invoke(lambda req: None, self.id(), req=request(url))
                self.assertEqual(self.attributes()["http.route"], expected)

    def test_a_method_that_is_not_known_stays_out_of_the_name(self) -> None:
        invoke(lambda req: "done", self.id(), req=request(method="PURGE"))
        self.assertEqual(self.span().name, f"HTTP {self.id()}")
        attributes = self.attributes()
        self.assertEqual(attributes["http.request.method"], "_OTHER")
        self.assertEqual(attributes["http.request.method_original"], "PURGE")
        self.assertEqual(attributes["http.response.status_code"], 200)

    def test_a_response_of_5xx_is_an_error(self) -> None:
        answer = func.HttpResponse(status_code=503)
        invoke(lambda req: answer, self.id(), req=request())
        self.assertIs(self.span().status.status_code, StatusCode.ERROR)
        self.assertEqual(self.attributes()["error.type"], "503")

    def test_the_name_of_the_app_is_a_part_of_the_name(self) -> None:
        with patch.dict("os.environ", WEBSITE_SITE_NAME="shop"):
            invoke(lambda: None, self.id())
        self.assertEqual(self.span().name, f"shop/{self.id()}")
        self.assertNotIn("cloud.resource_id", self.attributes())

    def test_the_id_of_the_function_in_azure_is_told(self) -> None:
        with patch.dict(
            "os.environ",
            WEBSITE_SITE_NAME="shop",
            WEBSITE_RESOURCE_GROUP="sales",
            WEBSITE_OWNER_NAME="1234+sales-westeurope-linux",
        ):
            invoke(lambda: None, self.id())
        self.assertEqual(
            self.attributes("cloud."),
            {
                "cloud.resource_id": "/subscriptions/1234/resourceGroups/sales/providers"
                f"/Microsoft.Web/sites/shop/functions/{self.id()}"
            },
        )

    def test_the_span_says_by_what_and_by_which_conventions_it_is_made(self) -> None:
        invoke(lambda: None, self.id())
        scope = self.span().instrumentation_scope
        assert scope is not None
        name = "python_worker_extension_tracing"
        self.assertEqual(scope.name, name)
        self.assertEqual(scope.schema_url, "https://opentelemetry.io/schemas/1.44.0")
        try:
            expected = version(name)
        except PackageNotFoundError:
            expected = ""
        self.assertEqual(scope.version, expected)

    def test_the_span_continues_the_trace_of_the_caller(self) -> None:
        self.called_with(TRACE_PARENT, "vendor=1")
        invoke(lambda: None, self.id())
        span = self.span()
        assert span.parent is not None and span.context is not None
        self.assertEqual(span.context.trace_id, int(TRACE_ID, 16))
        self.assertEqual(span.parent.span_id, int(CALLER, 16))
        self.assertEqual(span.parent.trace_state.get("vendor"), "1")

    def test_a_parent_that_is_not_valid_is_none(self) -> None:
        for parent in (
            "",
            "00-0-0-00",
            "nonsense",
            "é",
            TRACE_PARENT.upper(),
            f"ff{TRACE_PARENT[2:]}",
            f"{TRACE_PARENT}-more",
            f"00-{'0' * 32}-{CALLER}-01",
            f"00-{TRACE_ID}-{'0' * 16}-01",
        ):
            with self.subTest(parent=parent):
                self.exporter.clear()
                self.called_with(parent)
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
            context = Context(name, "")
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
        self.assertEqual(
            self.attributes()["error.type"], "ValueError" if is_told else "_OTHER"
        )
        self.assertEqual(len(self.hooks._traced), 0)

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
        self.called_with(UNSAMPLED)
        with self.assertLogs(LOGGER, "WARNING") as logs:
            invoke(lambda: None, self.id())
            invoke(lambda req: None, self.id(), req=request())
        (record,) = logs.records
        self.assertIn("telemetryMode", record.getMessage())

    def test_a_caller_may_drop_its_traces(self) -> None:
        self.called_with(UNSAMPLED)
        with self.assertNoLogs(LOGGER, "WARNING"):
            invoke(lambda req: None, self.id(), req=request(traceparent=UNSAMPLED))
