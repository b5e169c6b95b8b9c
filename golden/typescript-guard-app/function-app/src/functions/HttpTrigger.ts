import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';

export async function HttpTrigger(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  context.log(`HTTP function processed a request for "${request.url}"`);
  const name = request.query.get('name') || (await nameInBody(request));
  return {
    body: name
      ? `Hello, ${name}. This HTTP triggered function executed successfully.`
      : 'This HTTP triggered function executed successfully. Pass a name in the query string or in the request body for a personalized response.',
  };
}

/** The name in a body like `{"name": "Azure"}`. */
async function nameInBody(request: HttpRequest): Promise<string | undefined> {
  try {
    const { name } = (await request.json()) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

app.http('HttpTrigger', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: HttpTrigger,
});
