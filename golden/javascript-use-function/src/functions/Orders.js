const { app } = require('@azure/functions');

async function Orders(message, context) {
  context.log('Queue function processes a message:', message);
}

app.storageQueue('Orders', {
  queueName: 'orders-items',
  connection: 'AzureWebJobsStorage',
  handler: Orders,
});
