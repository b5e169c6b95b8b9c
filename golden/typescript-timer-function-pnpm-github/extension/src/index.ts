export type {
  FunctionFilter,
  FunctionTarget,
  TriggerType,
} from './worker-extension/function-target';
export * from './http-audit';
