import { BlankExtension } from './blank';

export { Place } from './worker-extension/hooks';
export { failureOf } from './worker-extension/invocation';
export * from './blank';

BlankExtension.register();
