"""What becomes of what a function raises, where the extension learns of it."""

from unittest.mock import MagicMock, patch

from opentelemetry import _logs, trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import (
    InMemoryLogRecordExporter,
    SimpleLogRecordProcessor,
)

from tests.local_host import Context
from tests.tracing import TracingTestCase


class ExceptionsTest(TracingTestCase):
    def fail_with(self, error: ValueError) -> None:
        """Call the hooks as the bridge does around a function that raises an error."""
        context = Context(self.id(), "")
        self.hooks.before(MagicMock(), context, {})
        try:
            raise error
        except ValueError as raised:
            self.hooks.failed(MagicMock(), context, {}, raised)

    def test_without_an_sdk_for_logs_the_span_has_the_exception(self) -> None:
        self.fail_with(ValueError("no luck"))
        span = self.span()
        self.assertEqual(span.status.description, "no luck")
        self.assertEqual(self.attributes()["error.type"], "ValueError")
        (event,) = span.events
        assert event.attributes is not None
        self.assertEqual(event.name, "exception")
        self.assertEqual(event.attributes["exception.type"], "ValueError")
        self.assertIs(trace.get_current_span(), trace.INVALID_SPAN)

    def test_with_an_sdk_for_logs_the_exception_is_a_record(self) -> None:
        exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        provider = LoggerProvider()
        provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
        with patch.object(_logs, "get_logger_provider", return_value=provider):
            self.fail_with(ValueError("no luck"))
        span = self.span()
        assert span.context is not None
        self.assertEqual(span.events, ())
        self.assertEqual(span.status.description, "no luck")
        (exported,) = exporter.get_finished_logs()
        record = exported.log_record
        self.assertEqual(record.event_name, "faas.invocation.exception")
        self.assertIs(record.severity_number, _logs.SeverityNumber.ERROR)
        self.assertEqual(record.span_id, span.context.span_id)
        assert record.attributes is not None
        self.assertEqual(record.attributes["exception.type"], "ValueError")
        self.assertEqual(record.attributes["exception.message"], "no luck")
        self.assertIn("fail_with", str(record.attributes["exception.stacktrace"]))

    def test_an_sdk_for_logs_that_is_too_old_is_left_alone(self) -> None:
        provider = MagicMock()
        del provider.get_logger.return_value.enabled
        with patch.object(_logs, "get_logger_provider", return_value=provider):
            self.fail_with(ValueError("no luck"))
        self.assertEqual(len(self.span().events), 1)
        provider.get_logger.return_value.emit.assert_not_called()
