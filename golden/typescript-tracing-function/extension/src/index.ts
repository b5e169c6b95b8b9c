export type {
  FunctionFilter,
  FunctionTarget,
  TriggerType,
} from './worker-extension/function-target';
export { Place } from './worker-extension/hooks';
export { failureOf } from './worker-extension/invocation';
export * from './tracing';
