<% if (isTypeScript) { -%>
import { app, type InvocationContext } from '@azure/functions';

export async function <%- functionIdentifier %>(message: unknown, context: InvocationContext): Promise<void> {
<% } else { -%>
<%- loadApp %>

async function <%- functionIdentifier %>(message, context) {
<% } -%>
  context.log('Queue function processes a message:', message);
}

app.storageQueue(<%- js(functionName) %>, {
  queueName: <%- js(queueName) %>,
  connection: 'AzureWebJobsStorage',
  handler: <%- functionIdentifier %>,
});
