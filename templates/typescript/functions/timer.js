import { app } from '@azure/functions';

async function TimerTrigger(timer, context) {
  context.log(timer.isPastDue ? 'Timer function runs late' : 'Timer function runs');
}

app.timer('TimerTrigger', {
  // Every five minutes, as second, minute, hour, day, month and day of the week.
  schedule: '0 */5 * * * *',
  handler: TimerTrigger,
});
