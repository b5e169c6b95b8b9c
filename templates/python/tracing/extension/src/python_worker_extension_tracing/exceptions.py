"""What functions raise."""

from opentelemetry import _logs
from opentelemetry.context import Context
from opentelemetry.trace import Span

from .tracer_provider import NAME, SCHEMA_URL, VERSION


def record_exception(span: Span, context: Context, error: BaseException) -> None:
    """Record what a function has raised.

    By today's conventions that is a log record, if the app has an SDK for logs; if it has
    none, an event of the span.
    https://opentelemetry.io/docs/specs/semconv/faas/faas-exceptions/

    :param context: With the span of the invocation.
    """
    logger = _logs.get_logger_provider().get_logger(NAME, VERSION, SCHEMA_URL)
    severity_number = _logs.SeverityNumber.ERROR
    # Loggers before OpenTelemetry 1.45 cannot be asked, and take no exceptions.
    is_enabled = getattr(logger, "enabled", None)
    if is_enabled and is_enabled(context=context, severity_number=severity_number):
        logger.emit(
            event_name="faas.invocation.exception",
            severity_number=severity_number,
            severity_text="ERROR",
            context=context,
            exception=error,
        )
    else:
        span.record_exception(error)
