"""Runs the function app in this folder, without Azure Functions Core Tools.

    python local_host.py [--port 7071] [--watch]

It takes the place of the Functions host and of its Python worker: it loads the app, in
the programming model v2 or v1, requests its functions over HTTP, and runs those with
other triggers by hand, on ``POST /admin/functions/<name>``. Where it has to differ from
Azure, it logs one line that says what Azure does.

``http://127.0.0.1:7071/`` shows in a browser what ran around each invocation, and
``--inspect`` prints it.

A test can start the app, too, in its own process::

    with LocalHost(root) as host:
        response = host.fetch("/api/HttpTrigger?name=Ada")
        run = host.run("Orders", input="a message")
"""

import sys
from pathlib import Path

if sys.hexversion < 0x030A0000:
    sys.exit(f"Python {sys.version.split()[0]} is too old: this needs 3.10 or later.")

# An environment that uv has made has no pip of its own.
CONFIG = Path(sys.prefix, "pyvenv.cfg")
PIP = (
    "uv pip"
    if CONFIG.exists() and "\nuv = " in CONFIG.read_text("utf-8", "replace")
    else "pip"
)

try:
    import azure.functions  # noqa: F401
except ImportError:
    sys.exit(
        f"azure-functions is not installed for {sys.executable}. Run: {PIP} install -r requirements.txt"
    )
