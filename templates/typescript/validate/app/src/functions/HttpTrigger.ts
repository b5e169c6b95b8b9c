import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { ValidateExtension } from 'azfunc-extension-validate';
import { z } from 'zod';

const input = ValidateExtension.check('HttpTrigger', {
  query: z.object({ name: z.string().min(1) }),
  body: z.object({ times: z.int().min(1).max(3) }).optional(),
});

export async function HttpTrigger(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  context.log(`HTTP function processed a request for "${request.url}"`);
  const { query, body } = input(context);
  const greeting = `Hello, ${query.name}. `.repeat(body?.times ?? 1);
  return { body: `${greeting}This HTTP triggered function executed successfully.` };
}

app.http('HttpTrigger', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: HttpTrigger,
});
