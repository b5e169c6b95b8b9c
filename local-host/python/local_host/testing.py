"""Apps in tests."""

import http.client
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from .host import Host
from .invocations import Run
from .log import Log
from .server import Server, listen
from .trials import Trial


@dataclass(frozen=True)
class Answer:
    """What an HTTP function has answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(self.headers.get_content_charset("utf-8"))

    def json(self) -> Any:
        return json.loads(self.body)


@final
class LocalHost:
    """An app that runs in this process, on any free port.

    A process can start an app again, one after the other, and loads it once, as in Azure.
    """

    def __init__(self, root: str | Path, env: Mapping[str, str] | None = None) -> None:
        """Take an app.

        :param root: Its folder: the one with host.json.
        :param env: Further environment variables. They win over local.settings.json.
        """
        self._root = Path(root).resolve()
        self._env = dict(env or {})
        self._log = Log("warning")

    def start(self) -> "LocalHost":
        """Start the app. Of its log, only warnings and errors are printed.

        :raises StartError: With one line that says why it does not start.
        """
        self._environment = dict(os.environ)
        os.environ.update(self._env)
        self.host = Host(self._root, self._log)
        listening = listen(0)
        try:
            self.host.load(listening.getsockname()[1])
        except BaseException:
            listening.close()
            self._restore()
            raise
        self._server = Server(listening, self.host.respond)
        return self

    def stop(self) -> None:
        """Stop: functions that run may end."""
        self._server.shutdown()
        self.host.stop()
        self._server.finish()
        self._server.server_close()
        self._restore()

    def __enter__(self) -> "LocalHost":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _restore(self) -> None:
        os.environ.clear()
        os.environ.update(self._environment)

    @property
    def log(self) -> list[str]:
        """What the app, its extensions and the host have logged, up to now."""
        return list(self._log.lines)

    @property
    def url(self) -> str:
        """Where it listens: ``http://127.0.0.1:50123``."""
        return self.host.url

    def fetch(
        self,
        path: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Request a function as a client does, by a path like ``/api/HttpTrigger``."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", int(self.url.rpartition(":")[2])
        )
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def run(
        self,
        name: str,
        input: Any = None,
        *,
        content: str | bytes = b"",
        trigger_metadata: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> Run:
        """Run a function, whatever its trigger, and wait for its end.

        :param input: What its trigger passes on: a message, or the path of a blob.
        :param content: The content of a blob.
        :param trigger_metadata: In place of what is made up, by name.
        :param inputs: The other inputs, by the name or by the type of the binding.
        :raises RequestError: If there is no such function, or if it cannot be run in this way.
        """
        return self.host.run(
            name, Trial(input, content, trigger_metadata or {}, inputs or {})
        )
