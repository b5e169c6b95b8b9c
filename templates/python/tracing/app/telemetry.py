"""Where traces go."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor


def configure_telemetry() -> None:
    """Print each span when it ends.

    To send spans to a collector, give a ``BatchSpanProcessor`` the ``OTLPSpanExporter`` of
    opentelemetry-exporter-otlp-proto-http. For Application Insights, call
    ``configure_azure_monitor`` of azure-monitor-opentelemetry instead of all this.
    """
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))
    trace.set_tracer_provider(provider)
