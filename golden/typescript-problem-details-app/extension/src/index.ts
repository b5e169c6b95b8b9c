import { ProblemDetailsExtension } from './problem-details';

export { Place } from './worker-extension/hooks';
export { failureOf } from './worker-extension/invocation';
export * from './problem-details';

ProblemDetailsExtension.register();
