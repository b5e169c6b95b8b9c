import { app, type InvocationContext, type Timer } from '@azure/functions';

export async function Nightly(timer: Timer, context: InvocationContext): Promise<void> {
  context.log(timer.isPastDue ? 'Timer function runs late' : 'Timer function runs');
}

app.timer('Nightly', {
  // Every five minutes, as second, minute, hour, day, month and day of the week.
  schedule: '0 */5 * * * *',
  handler: Nightly,
});
