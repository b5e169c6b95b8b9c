import { format } from 'node:util';
import type { InvocationContext } from '@azure/functions';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type AroundInvocationContext, isHttp } from './worker-extension/invocation';
import { describeChange } from './data-sources';
import type { Description, Details } from './description';
import { describeMessages } from './messages';
import { describeRequest, statusOf } from './requests';
import { setting } from './settings';

/**
 * OpenTelemetry's semantic conventions, by which invocations are described: for functions, and for what
 * triggers them. https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
 */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';

/** Describes an invocation as it is known before it runs. */
export function describeInvocation(context: AroundInvocationContext): Description {
  const { functionName, invocationId, options } = context.invocationContext;
  const { WEBSITE_SITE_NAME: appName } = process.env;
  const name = appName ? `${appName}/${functionName}` : functionName;
  const {
    attributes,
    trigger = 'other',
    ...others
  } = describeTrigger(context, options.trigger.type.toLowerCase());
  return {
    name,
    kind: SpanKind.SERVER,
    ...others,
    attributes: {
      'faas.name': name,
      'faas.invocation_id': invocationId,
      'faas.trigger': trigger,
      'cloud.resource_id': resourceIdOf(functionName),
      ...attributes,
    },
  };
}

/** `trigger`: the value of `faas.trigger`. */
function describeTrigger(
  context: AroundInvocationContext,
  type: string,
): Details & { trigger?: string } {
  if (isHttp(context.invocationContext)) {
    return { trigger: 'http', ...describeRequest(context) };
  }
  if (type === 'timertrigger') {
    const { schedule } = context.invocationContext.options.trigger as { schedule?: unknown };
    return {
      trigger: 'timer',
      attributes: { 'faas.cron': setting(schedule), 'faas.time': new Date().toISOString() },
    };
  }
  const messages = describeMessages(context, type);
  if (messages) {
    return { trigger: 'pubsub', ...messages };
  }
  const change = describeChange(context, type);
  return change ? { trigger: 'datasource', ...change } : {};
}

/** The ID of a function in Azure, where the platform tells of what it is made. */
function resourceIdOf(functionName: string): string | undefined {
  const { WEBSITE_OWNER_NAME, WEBSITE_RESOURCE_GROUP, WEBSITE_SITE_NAME } = process.env;
  const [subscription] = (WEBSITE_OWNER_NAME ?? '').split('+');
  return subscription && WEBSITE_RESOURCE_GROUP && WEBSITE_SITE_NAME
    ? `/subscriptions/${subscription}/resourceGroups/${WEBSITE_RESOURCE_GROUP}/providers/Microsoft.Web/sites/${WEBSITE_SITE_NAME}/functions/${functionName}`
    : undefined;
}

/** Records on an invocation's span the status with which the Functions host answers, if it is HTTP. */
export function recordStatus(span: Span, context: InvocationContext, result: unknown): void {
  if (isHttp(context)) {
    const status = statusOf(result);
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      span.setAttribute('error.type', String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }
}

/** Records on an invocation's span what has made it fail. */
export function recordFailure(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}

/** What an error says, whatever has been thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : format(error);
}
