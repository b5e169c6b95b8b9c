import { type Context, type Span } from '@opentelemetry/api';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { messageOf, SCHEMA_URL } from './semantic-conventions';
import { scope } from './tracer-provider';

/**
 * Records what a function has thrown: as a log record, by today's conventions, where the app has registered
 * an SDK for logs; where it has not, as an event of the span.
 * https://opentelemetry.io/docs/specs/semconv/faas/faas-exceptions/
 *
 * @param context With the span of the invocation.
 */
export function recordException(span: Span, context: Context, error: unknown): void {
  const logger = logs.getLogger(scope.name, scope.version, { schemaUrl: SCHEMA_URL });
  const severityNumber = SeverityNumber.ERROR;
  // Loggers of older SDKs cannot be asked, and there is one.
  if (!(logger.enabled?.({ context, severityNumber }) ?? true)) {
    span.recordException(error instanceof Error ? error : messageOf(error));
    return;
  }
  logger.emit({
    eventName: 'faas.invocation.exception',
    severityNumber,
    severityText: 'ERROR',
    context,
    attributes: {
      'exception.message': messageOf(error),
      ...(error instanceof Error && {
        'exception.type': error.name,
        'exception.stacktrace': error.stack,
      }),
    },
  });
}
