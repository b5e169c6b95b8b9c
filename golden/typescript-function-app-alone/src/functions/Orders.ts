import { app, type InvocationContext } from '@azure/functions';

export async function Orders(message: unknown, context: InvocationContext): Promise<void> {
  context.log('Queue function processes a message:', message);
}

app.storageQueue('Orders', {
  queueName: 'orders-items',
  connection: 'AzureWebJobsStorage',
  handler: Orders,
});
