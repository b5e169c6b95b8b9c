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
  const startedAt = <%- className %>.data(context)?.startedAt.toISOString() ?? 'an unknown time';
  return { body: `This HTTP triggered function executed successfully. It began at ${startedAt}.` };
}

app.http(<%- js(functionName) %>, {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: <%- functionIdentifier %>,
});
