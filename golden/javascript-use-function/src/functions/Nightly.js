const { app } = require('@azure/functions');

async function Nightly(timer, context) {
  context.log(timer.isPastDue ? 'Timer function runs late' : 'Timer function runs');
}

app.timer('Nightly', {
  // Every five minutes, as second, minute, hour, day, month and day of the week.
  schedule: '0 */5 * * * *',
  handler: Nightly,
});
