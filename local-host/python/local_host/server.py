"""The HTTP server."""

import os
import re
import socket
import socketserver
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .errors import RequestError, StartError
from .exchange import Exchange
from .messages import (
    BODY_LIMIT,
    CONNECTION_HEADERS,
    Request,
    Response,
    may_have_body,
    text_response,
    to_headers,
    to_target,
)


class Server(ThreadingHTTPServer):
    """Listens on a socket that exists, and has a thread for each connection."""

    daemon_threads = True

    def __init__(
        self, listening: socket.socket, respond: Callable[[Request], Response]
    ) -> None:
        socketserver.TCPServer.__init__(
            self, listening.getsockname(), Handler, bind_and_activate=False
        )
        self.socket.close()
        self.socket = listening
        self.respond = respond
        self.answering = 0
        threading.Thread(
            target=self.serve_forever, args=(0.1,), name="server", daemon=True
        ).start()

    def finish(self) -> None:
        """Let what is being answered be sent, once no more connections are taken."""
        end = time.monotonic() + 1
        while self.answering and time.monotonic() < end:
            time.sleep(0.01)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print what has ended a connection, unless a client has gone away."""
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    """A connection."""

    protocol_version = "HTTP/1.1"
    # Each answer is sent in one piece, and at once.
    wbufsize = 65536
    disable_nagle_algorithm = True
    error_message_format = "%(message)s"
    error_content_type = "text/plain"
    server: Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        # http.server looks for do_GET, do_POST and so on; functions can take any method.
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        self.server.answering += 1
        try:
            try:
                host, target = to_target(self.requestline.split()[1], self.command)
                headers = to_headers(self.headers)
                headers["host"] = host or headers.get("host", "localhost")
                if not re.fullmatch(r"[\w.:\[\]-]+", headers["host"]):
                    raise RequestError(400, "The request has no valid URL.")
                request = Request(
                    self.command,
                    target,
                    headers,
                    self.read_body(),
                    self.client_address[1],
                )
                response = self.server.respond(request)
                exchange = request.exchange
            except RequestError as error:
                response, exchange = text_response(error.status, str(error)), None
                self.close_connection = True
            self.send(response, exchange)
        finally:
            self.server.answering -= 1

    def read_body(self) -> bytes:
        """The whole body.

        :raises RequestError: If it is too large, or not what its headers say.
        """
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self.read_chunks()
        length = self.headers.get("content-length", "0").strip()
        if not re.fullmatch("[0-9]+", length):
            raise RequestError(400, "Content-Length is not a number.")
        if int(length) > BODY_LIMIT:
            raise RequestError(413, f"The body has more than {BODY_LIMIT} bytes.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise RequestError(400, "The body is shorter than Content-Length says.")
        return body

    def read_chunks(self) -> bytes:
        chunks: list[bytes] = []
        while True:
            size = self.rfile.readline(1024).split(b";")[0].strip()
            if not re.fullmatch(b"[0-9a-fA-F]{1,8}", size):
                raise RequestError(400, "The body is not chunked correctly.")
            if int(size, 16) == 0:
                break
            chunks.append(self.rfile.read(int(size, 16)))
            self.rfile.readline(3)
            if sum(map(len, chunks)) > BODY_LIMIT:
                raise RequestError(413, f"The body has more than {BODY_LIMIT} bytes.")
        while self.rfile.readline(65536).strip():
            pass
        return b"".join(chunks)

    def send(self, response: Response, exchange: Exchange | None) -> None:
        """Send a response, and tell of it."""
        names = {name.lower() for name, _ in response.headers}
        has_body = may_have_body(self.command, response.status)
        is_whole = isinstance(response.body, bytes)
        is_chunked = has_body and not is_whole and "content-length" not in names
        self.send_response_only(response.status)
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        for name, value in response.headers:
            if name.lower() not in CONNECTION_HEADERS:
                self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        if (
            isinstance(response.body, bytes)
            and has_body
            and "content-length" not in names
        ):
            self.send_header("Content-Length", str(len(response.body)))
        if is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if exchange is not None:
            exchange.begin(response.status, response.headers)
        is_complete = False
        try:
            self.send_body(response.body, has_body, is_chunked, exchange)
            is_complete = True
        finally:
            if exchange is not None:
                exchange.end(is_complete)

    def send_body(
        self,
        body: bytes | Iterator[bytes],
        has_body: bool,
        is_chunked: bool,
        exchange: Exchange | None,
    ) -> None:
        is_whole = isinstance(body, bytes)
        chunks = iter([body]) if isinstance(body, bytes) else body
        try:
            for chunk in chunks:
                if has_body and chunk:
                    self.wfile.write(
                        b"%x\r\n%b\r\n" % (len(chunk), chunk) if is_chunked else chunk
                    )
                    if not is_whole:
                        self.wfile.flush()
                    if exchange is not None:
                        exchange.add(chunk)
            if is_chunked:
                self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()
        finally:
            if isinstance(chunks, types.GeneratorType):
                chunks.close()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the host logs invocations."""


IN_USE = (48, 98, 10048)


def listen(port: int) -> socket.socket:
    """Listen on this machine.

    :raises StartError: If the port is not available.
    """
    listening = socket.socket()
    if os.name != "nt":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        reason = (
            "is in use"
            if isinstance(error, OSError) and error.errno in IN_USE
            else f"is not available ({error.strerror})"
        )
        raise StartError(
            f"Port {port} {reason}. Choose another one with --port, or any free one with --port 0."
        ) from None
    return listening
