uv version --short<%- standalone ? '' : ` --package ${packageName}` %>
