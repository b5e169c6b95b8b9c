<% if (scope === 'function') { -%>
export type { FunctionFilter, FunctionTarget, TriggerType } from './function-target';
<% } -%>
export * from <%- js(`./${fileName}`) %>;
