import { app } from '@azure/functions';

async function QueueTrigger(message, context) {
  context.log('Queue function processes a message:', message);
}

app.storageQueue('QueueTrigger', {
  queueName: 'queue-trigger-items',
  connection: 'AzureWebJobsStorage',
  handler: QueueTrigger,
});
