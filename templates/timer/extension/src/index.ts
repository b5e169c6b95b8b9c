<% if (scope === 'app') { -%>
export { <%- className %>, type <%- optionsName %> } from <%- js(`./${fileName}`) %>;
<% } else { -%>
export type { FunctionTarget } from './function-target';
export { <%- className %>, type <%- optionsName %> } from <%- js(`./${fileName}`) %>;
<% } -%>
