import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { TracingExtension } from 'azfunc-extension-tracing';

export async function HttpTrigger(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  context.log(`HTTP function processed a request for "${request.url}"`);
  const span = TracingExtension.span(context);
  span?.setAttribute('app.language', request.headers.get('accept-language') ?? 'any');
  const traceId = span?.spanContext().traceId ?? 'unknown';
  return { body: `This HTTP triggered function executed successfully. Its trace is ${traceId}.` };
}

app.http('HttpTrigger', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: HttpTrigger,
});
