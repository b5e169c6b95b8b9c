import { <%- className %> } from <%- js(packageName) %>;

<% if (scope === 'app') { -%>
<%- className %>.configure({ appendToHttpResponse: true });
<% } else { -%>
new <%- className %>(<%- js(functionName) %>, { appendToHttpResponse: true });
<% } -%>
