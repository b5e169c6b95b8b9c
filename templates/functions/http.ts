<% if (isTypeScript) { -%>
import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';

export async function <%- functionIdentifier %>(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
<% } else { -%>
<%- loadApp %>

async function <%- functionIdentifier %>(request, context) {
<% } -%>
  context.log(`HTTP function processed a request for "${request.url}"`);
  const name = request.query.get('name') || (await nameInBody(request));
  return {
    body: name
      ? `Hello, ${name}. This HTTP triggered function executed successfully.`
      : 'This HTTP triggered function executed successfully. Pass a name in the query string or in the request body for a personalized response.',
  };
}

/** The name in a body like `{"name": "Azure"}`. */
<% if (isTypeScript) { -%>
async function nameInBody(request: HttpRequest): Promise<string | undefined> {
  try {
    const { name } = (await request.json()) as { name?: unknown };
<% } else { -%>
async function nameInBody(request) {
  try {
    const { name } = await request.json();
<% } -%>
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

app.http(<%- js(functionName) %>, {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: <%- functionIdentifier %>,
});
