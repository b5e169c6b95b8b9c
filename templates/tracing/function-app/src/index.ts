import './telemetry';
<%- twoLines.join('\n\n') %>
