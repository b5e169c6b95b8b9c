import { TimerExtension } from './timer';

export { Place } from './worker-extension/hooks';
export { failureOf } from './worker-extension/invocation';
export * from './timer';

TimerExtension.register();
