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
  if (!name) {
    // The caller can do something about this one, so the message is for the caller too.
    throw Object.assign(new Error('Pass a name in the query string or in the request body.'), {
      status: 400,
      expose: true,
    });
  }
  if (name === 'nobody') {
    // In place of a real fault. The caller gets status 500, and the message is only in the log.
    throw new Error('There is no greeting for nobody.');
  }
  return { body: `Hello, ${name}. This HTTP triggered function executed successfully.` };
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
