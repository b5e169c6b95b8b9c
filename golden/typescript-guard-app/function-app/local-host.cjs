// dist/local-host.cjs, which "npm run build" makes from local-host/
