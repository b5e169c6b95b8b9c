/** By the rules of Azure Storage: `SaveOrders` -> `save-orders-items`. */
export function toQueueName(functionName: string): string {
  const words = functionName
    .replace(/([a-z\d])(?=[A-Z])/g, '$1-')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
  return `${words.join('-').slice(0, 50).replace(/-$/, '')}-items`;
}
