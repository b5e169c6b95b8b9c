import { app, type InvocationContext } from '@azure/functions';

export async function QueueTrigger(message: unknown, context: InvocationContext): Promise<void> {
  context.log('Queue function processes a message:', message);
}

app.storageQueue('QueueTrigger', {
  queueName: 'queue-trigger-items',
  connection: 'AzureWebJobsStorage',
  handler: QueueTrigger,
});
