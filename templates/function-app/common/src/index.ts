<%- twoLines.join('\n\n') %>
