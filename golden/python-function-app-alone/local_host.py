# dist/local_host.py, which "npm run build" makes from local-host/
