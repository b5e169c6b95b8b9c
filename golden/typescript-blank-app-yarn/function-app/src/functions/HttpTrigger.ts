import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { BlankExtension } from 'azfunc-extension-blank';

export async function HttpTrigger(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  context.log(`HTTP function processed a request for "${request.url}"`);
  const startedAt = BlankExtension.data(context)?.startedAt.toISOString() ?? 'an unknown time';
  return { body: `This HTTP triggered function executed successfully. It began at ${startedAt}.` };
}

app.http('HttpTrigger', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: HttpTrigger,
});
