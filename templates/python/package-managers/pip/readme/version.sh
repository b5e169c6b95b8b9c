python -c "import tomllib; print(tomllib.load(open('<%- packageFolder %>/pyproject.toml', 'rb'))['project']['version'])"
