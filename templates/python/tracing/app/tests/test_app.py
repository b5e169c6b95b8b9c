"""The function with the extension, requested over HTTP."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.app import AppTestCase


class AppTest(AppTestCase):
    def test_a_request_is_traced(self) -> None:
        provider = trace.get_tracer_provider()
        assert isinstance(provider, TracerProvider)
        exporter = InMemorySpanExporter()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        response = self.host.fetch("/api/HttpTrigger?name=Ada")
        self.assertRegex(response.text, r"^Hello, Ada\. ")
        (span,) = exporter.get_finished_spans()
        self.assertEqual(span.name, "GET api/HttpTrigger")
        assert span.attributes is not None
        self.assertEqual(span.attributes["http.response.status_code"], 200)
