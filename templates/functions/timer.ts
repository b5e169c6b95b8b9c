<% if (isTypeScript) { -%>
import { app, type InvocationContext, type Timer } from '@azure/functions';

export async function <%- functionIdentifier %>(timer: Timer, context: InvocationContext): Promise<void> {
<% } else { -%>
<%- loadApp %>

async function <%- functionIdentifier %>(timer, context) {
<% } -%>
  context.log(timer.isPastDue ? 'Timer function runs late' : 'Timer function runs');
}

app.timer(<%- js(functionName) %>, {
  // Every five minutes, as second, minute, hour, day, month and day of the week.
  schedule: '0 */5 * * * *',
  handler: <%- functionIdentifier %>,
});
