import { GuardExtension } from './guard';

export { Place } from './worker-extension/hooks';
export { failureOf } from './worker-extension/invocation';
export * from './guard';

GuardExtension.register();
