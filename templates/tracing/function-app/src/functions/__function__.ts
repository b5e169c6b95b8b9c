import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { <%- className %> } from <%- js(packageName) %>;

export async function <%- functionIdentifier %>(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  context.log(`HTTP function processed a request for "${request.url}"`);
  const span = <%- className %>.span(context);
  span?.setAttribute('app.language', request.headers.get('accept-language') ?? 'any');
  const traceId = span?.spanContext().traceId ?? 'unknown';
  return { body: `This HTTP triggered function executed successfully. Its trace is ${traceId}.` };
}

app.http(<%- js(functionName) %>, {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: <%- functionIdentifier %>,
});
