"""What the host does for those who inspect it."""

import base64
import http.client
import json
import os
import re
import threading
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from .errors import RequestError
from .events import Event
from .extensions import Extensions
from .functions import Function
from .inspector import Inspector
from .log import Log
from .messages import (
    TOKEN,
    Request,
    Response,
    is_for_this_machine,
    json_response,
)
from .page import page_response
from .routes import RouteTable
from .shown import shown_body
from .trials import Trial, trial_from

# Headers that are about the connection, or that http.client sets itself.
NOT_SENT = {
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
}


class Inspected(Protocol):
    """The host, as far as it is inspected."""

    url: str
    log: Log
    inspector: Inspector
    table: RouteTable

    @property
    def extensions(self) -> Extensions: ...

    def describe_app(self) -> Event: ...

    def begin(
        self, function: Function, trial: Trial, headers: Mapping[str, str]
    ) -> str: ...


class InspectorDesk:
    """Answers what the page of the inspector, and who inspects in a terminal, ask for."""

    PREFIX = "/admin/inspector/"

    def __init__(self, host: Inspected) -> None:
        self._host = host
        self._sent: dict[int, str | None] = {}
        """By the port that a request of this host's own comes from: the invocation it was for."""

    def note(self, port: int, invocation: str) -> None:
        if port in self._sent:
            self._sent[port] = invocation

    def answer(self, request: Request, path: str) -> Response | None:
        """Answer what is for the inspector.

        :raises RequestError: If it is not from its page, or not what the page sends.
        """
        if path == "/" and request.method in ("GET", "HEAD"):
            return page_response() if self._has_page(request) else None
        if not path.startswith(self.PREFIX):
            return None
        refuse_foreign(request)
        what = f"{request.method} {path.removeprefix(self.PREFIX)}"
        if what == "GET events":
            return self._events(request.query.get("kept") != "0")
        answers: dict[str, Callable[[dict[str, Any]], Event]] = {
            "POST requests": self._request,
            "POST runs": self._run,
            "POST again": self._again,
            "POST extensions": self._switch,
        }
        if what not in answers:
            raise RequestError(404, "The inspector has nothing there.")
        # Pages of other sites cannot send this type without asking first.
        content_type = request.headers.get("content-type", "")
        if not re.match(r"application/json\b", content_type):
            raise RequestError(415, "The Content-Type has to be application/json.")
        try:
            fields = json.loads(request.body)
        except ValueError as error:
            raise RequestError(400, str(error)) from None
        if not isinstance(fields, dict):
            raise RequestError(400, "Expected a JSON object.")
        answer = json_response(answers[what](fields))
        answer.headers.append(("cache-control", "no-store"))
        return answer

    def _has_page(self, request: Request) -> bool:
        """Whether the page is at ``/``, where the Functions host has its home page.

        Unless the app has a function there, or the setting that switches the home page off.
        """
        is_off = os.environ.get("AzureWebJobsDisableHomepage", "").lower()
        if is_off in ("1", "true") or not is_for_this_machine(request):
            return False
        try:
            self._host.table.match("GET", "/")
        except RequestError:
            return True
        return False

    def _events(self, with_kept: bool) -> Response:
        def chunks() -> Iterator[bytes]:
            for text in self._host.inspector.watch(with_kept):
                # A comment finds out whether the client is still there.
                yield b":\n\n" if text is None else f"data: {text}\n\n".encode()

        headers = [
            ("content-type", "text/event-stream; charset=utf-8"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ]
        return Response(200, headers, chunks())

    def _request(self, fields: Mapping[str, Any]) -> Event:
        headers = fields.get("headers") or {}
        if not isinstance(headers, dict):
            raise RequestError(400, '"headers" has to be an object.')
        try:
            body = base64.b64decode(str(fields.get("body") or ""))
        except ValueError:
            raise RequestError(400, '"body" has to be in base64.') from None
        return self._send(
            Request(
                str(fields.get("method", "GET")),
                str(fields.get("path", "/")),
                {str(name): str(value) for name, value in headers.items()},
                body,
            )
        )

    def _send(self, request: Request) -> Event:
        """Send a request to this host, as a client does."""
        for text in (request.method, *request.headers):
            if not re.fullmatch(TOKEN, text):
                raise RequestError(
                    400, f"Neither a method nor a header can be {text!r}."
                )
        port = int(self._host.url.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.connect()
        own_port = connection.sock.getsockname()[1]
        self._sent[own_port] = None
        headers = {
            name: value.encode()
            for name, value in request.headers.items()
            if name.lower() not in NOT_SENT
        }
        try:
            connection.request(
                request.method, request.target, request.body or None, headers
            )
            response = connection.getresponse()
        except (ValueError, http.client.HTTPException) as error:
            connection.close()
            raise RequestError(400, str(error)) from None
        finally:
            invocation = self._sent.pop(own_port)

        def read() -> bytes:
            try:
                return response.read()
            except http.client.HTTPException:
                return b""  # The function has broken it off.
            finally:
                connection.close()

        if invocation is not None:
            threading.Thread(target=read, daemon=True).start()
            return {"status": response.status, "invocation": invocation}
        content = read()
        return {"status": response.status, "body": shown_body(content, len(content))}

    def _run(self, fields: Mapping[str, Any]) -> Event:
        text = json.dumps(fields.get("trial") or {}).encode()
        return self._begin(
            str(fields.get("function")), trial_from("application/json", text)
        )

    def _begin(self, name: str, trial: Trial) -> Event:
        function = self._host.table.find(name)
        if function is None:
            raise RequestError(404, f"There is no function {name}.")
        return {"invocation": self._host.begin(function, trial, {})}

    def _again(self, fields: Mapping[str, Any]) -> Event:
        repeatable = self._host.inspector.repeatable(str(fields.get("invocation")))
        if repeatable.trial is not None:
            return self._begin(*repeatable.trial)
        return self._send(typing.cast(Request, repeatable.request))

    def _switch(self, fields: Mapping[str, Any]) -> Event:
        host, is_on = self._host, fields.get("isOn") is True
        id = str(fields.get("id"))
        extensions = {one["id"]: one["name"] for one in host.extensions.describe()}
        if id not in extensions:
            raise RequestError(404, f"There is no extension {id}.")
        if is_on:
            host.inspector.off.discard(id)
        else:
            host.inspector.off.add(id)
        state = "on again" if is_on else "off for this run"
        host.log("warning", f"{extensions[id]} is {state}, by the inspector.")
        host.inspector.emit(host.describe_app())
        return {}


def refuse_foreign(request: Request) -> None:
    """Refuse what is neither from the inspector's own page, nor from a tool on this machine.

    A page of another site can send a request here, too: to that site's name, if the name leads here, or with
    its own ``Origin``.
    """
    own = f"http://{request.headers.get('host', 'localhost')}"
    site = request.headers.get("sec-fetch-site", "none")
    if (
        not is_for_this_machine(request)
        or request.headers.get("origin", own) != own
        or site not in ("none", "same-origin")
    ):
        raise RequestError(403, "The inspector is for this machine only.")
