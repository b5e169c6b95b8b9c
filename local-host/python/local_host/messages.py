"""Requests and responses, by the rules of Kestrel, ASP.NET and the Functions host."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from http.cookies import Morsel
from urllib.parse import quote, unquote_to_bytes

from azure.functions.meta import Datum

from .errors import RequestError
from .exchange import Exchange
from .routes import upper
from .settings import LocalSettings

BODY_LIMIT = 104_857_600
CONNECTION_HEADERS = (
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
)
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
TRACE_PARENT = (
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)


@dataclass
class Request:
    """A request, as Kestrel and ASP.NET understand it."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case; those that are repeated joined by commas."""
    body: bytes = b""
    client_port: int = 0
    exchange: Exchange | None = None
    """Tells of the response, where it is that of a function."""

    @property
    def path(self) -> str:
        """Decoded, without dot segments."""
        return remove_dot_segments(decode_path(self.target.partition("?")[0]))

    @property
    def query(self) -> dict[str, str]:
        return parse_query(self.target.partition("?")[2])

    @property
    def url(self) -> str:
        return f"http://{self.headers.get('host', 'localhost')}{self.target}"


@dataclass
class Response:
    """An answer. A body that is an iterator is sent as it comes."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | Iterator[bytes] = b""


def text_response(status: int, message: str = "") -> Response:
    return Response(
        status, [("content-type", "text/plain")] if message else [], message.encode()
    )


def json_response(value: object) -> Response:
    return Response(
        200,
        [("content-type", "application/json; charset=utf-8")],
        json.dumps(value).encode(),
    )


def to_target(target: str, method: str) -> tuple[str | None, str]:
    """The target of a request as a path; before it the host, if a client writes the whole URL, as for a proxy.

    :raises RequestError: Where Kestrel answers 400.
    """
    if target == "*" and method == "OPTIONS":
        return None, target
    match = re.fullmatch(
        r"(?:https?://([\w.:\[\]-]+))?(/[^?]*)?(\?.*)?", target, re.IGNORECASE
    )
    if match is None or not target.isascii() or "\0" in target:
        raise RequestError(400, "The request has no valid URL.")
    host, path, query = match.groups()
    if host is None and path is None:
        raise RequestError(400, "The request has no valid URL.")
    return host, (path or "/") + (query or "")


def decode_escapes(text: str, but: str = "") -> str:
    """Decode escapes that are UTF-8, but for those of one character. The others stay as they are."""

    def decode(match: re.Match[str]) -> str:
        decoded, rest = "", match.group()
        while rest:
            length, one = 3, rest[:3]
            for end in (3, 6, 9, 12):
                try:
                    length, one = end, unquote_to_bytes(rest[:end]).decode()
                    break
                except UnicodeDecodeError:
                    pass
            decoded += rest[:length] if one == but else one
            rest = rest[length:]
        return decoded

    return re.sub(r"(?:%[0-9a-fA-F]{2})+", decode, text)


def decode_path(path: str) -> str:
    """Decode the escapes of a path once. ``%2F`` and what is not UTF-8 stay as they are.

    :raises RequestError: 400 if there is a ``%00``.
    """

    decoded = decode_escapes(path, but="/")
    if "\0" in decoded:
        raise RequestError(400, "The request has no valid URL.")
    return decoded


def remove_dot_segments(path: str) -> str:
    """By RFC 3986, section 5.2.4."""
    if not re.search(r"/\.{1,2}(?:/|$)", path):
        return path
    kept: list[str] = []
    segments = path[1:].split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def parse_query(query: str) -> dict[str, str]:
    """The query as a Python function gets it.

    Keys ignore case, the first spelling stays, the values of a key are joined by commas,
    and one whose value is empty is left out.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    for pair in filter(None, query.split("&")):
        key, _, value = (
            decode_escapes(part.replace("+", " ")) for part in pair.partition("=")
        )
        found.setdefault(upper(key), (key, []))[1].append(value)
    joined = {key: ",".join(values) for key, values in found.values()}
    return {key: value for key, value in joined.items() if value}


def to_headers(message: Message) -> dict[str, str]:
    """The headers of a request as the worker receives them.

    :raises RequestError: Where Kestrel answers 400, since a value is not UTF-8.
    """
    headers: dict[str, str] = {}
    for name, raw in message.items():
        try:
            value = raw.encode("latin-1").decode().strip(" \t")
        except UnicodeError:
            raise RequestError(400, "A header is not UTF-8.") from None
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    return headers


def to_set_cookie(name: str, cookie: "Morsel[str]") -> str:
    """A cookie as the worker reads it and ASP.NET writes it.

    :raises ValueError: Where one of them refuses it.
    """
    if not re.fullmatch(TOKEN, name):
        raise ValueError(f'"{name}" is not a name for a cookie')
    parts = [f"{name}={quote(cookie.value, safe='-._~')}"]
    if cookie["expires"]:
        expires = datetime.strptime(cookie["expires"], "%a, %d %b %Y %H:%M:%S GMT")
        parts.append(f"expires={expires:%a, %d %b %Y %H:%M:%S} GMT")
    if cookie["max-age"] != "":
        seconds = float(cookie["max-age"])
        if not 0 <= seconds <= 922_337_203_685:
            raise ValueError(f'the cookie "{name}" has max-age {seconds}')
        parts.append(f"max-age={int(seconds)}")
    parts += [f"domain={cookie['domain']}", f"path={cookie['path']}"]
    if cookie["secure"]:
        parts.append("secure")
    if cookie["samesite"].lower() in ("lax", "strict", "none"):
        parts.append(f"samesite={cookie['samesite'].lower()}")
    if cookie["httponly"]:
        parts.append("httponly")
    return "; ".join(parts)


def to_response(result: Datum | None) -> Response:
    """What the host sends for the result of an HTTP function.

    :raises ValueError: If it cannot be sent as it is.
    """
    if result is None or result.type is None:
        return Response(204)
    if result.type == "string":
        return checked(from_text(result.value))
    if result.type != "http":
        return plain(
            result.value if isinstance(result.value, bytes) else str(result.value)
        )
    headers: dict[str, tuple[str, str]] = {}
    for name, datum in result.value["headers"].items():
        headers.setdefault(name.lower(), (name, datum.value))
    cookies = [
        ("set-cookie", to_set_cookie(name, morsel))
        for cookie in result.value.get("cookies") or []
        for name, morsel in cookie.items()
    ]
    body = result.value["body"].value
    status = to_status(result.value["status_code"].value) or 200
    return checked(Response(status, [*headers.values(), *cookies], body))


def checked(response: Response) -> Response:
    """Refuse what Kestrel refuses to send: the answer is 500.

    :raises ValueError: That says why.
    """
    for name, value in response.headers:
        if not re.fullmatch(TOKEN, name):
            raise ValueError(f'"{name}" is not a name for a header')
        wrong = re.search(r"[^\t\x20-\x7e]", value)
        if wrong:
            code = f"U+{ord(wrong.group()):04X}"
            raise ValueError(f'the character {code} cannot be in the header "{name}"')
    return response


def may_have_body(method: str, status: int) -> bool:
    return method != "HEAD" and status >= 200 and status not in (204, 304)


def check_length(response: Response, method: str) -> None:
    """Refuse a Content-Length that is not that of the body: the answer is 500.

    :raises ValueError: That says why.
    """
    headers = {name.lower(): value.strip() for name, value in response.headers}
    length, body = headers.get("content-length"), response.body
    if length is None or not may_have_body(method, response.status):
        return
    if isinstance(body, bytes) and length != str(len(body)):
        raise ValueError(
            f"the response says Content-Length: {length}, and its body has {len(body)} bytes"
        )


def to_status(value: object) -> int | None:
    return int(str(value)) if re.fullmatch(r"\s*[+-]?\d+\s*", str(value)) else None


def plain(
    content: str | bytes, status: int = 200, headers: Sequence[tuple[str, str]] = ()
) -> Response:
    has_type = any(name.lower() == "content-type" for name, _ in headers)
    default = (
        []
        if has_type or isinstance(content, bytes)
        else [("content-type", "text/plain; charset=utf-8")]
    )
    return Response(
        status,
        [*headers, *default],
        content.encode() if isinstance(content, str) else content,
    )


def from_text(text: str) -> Response:
    """What the host makes of a text: it reads JSON, and takes an object with a body for a response."""
    try:
        content = json.loads(text)
    except ValueError:
        return plain(text)
    if not isinstance(content, dict):
        return plain(to_net_text(content))
    members = {key.lower(): value for key, value in content.items()}
    if "body" not in members:
        return plain(to_net_text(content))
    given = members.get("headers")
    headers = (
        [(name, to_net_text(value)) for name, value in given.items()]
        if isinstance(given, dict)
        else []
    )
    status = to_status(members.get("statuscode", members.get("status")))
    body = members["body"]
    compact = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return plain(
        compact if isinstance(body, dict) else to_net_text(body), status or 200, headers
    )


def to_net_text(value: object) -> str:
    """A JSON value as .NET's ``ToString`` writes it."""
    if isinstance(value, (dict, list)):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return "" if value is None else str(value)


def decide_cors(
    request: Request, settings: LocalSettings
) -> tuple[bool, list[tuple[str, str]]]:
    """Whether a request is a preflight, which is answered with 204; and the headers of CORS."""
    origin = request.headers.get("origin")
    if not settings.origins or origin is None:
        return False, []
    method = request.headers.get("access-control-request-method")
    is_preflight = request.method == "OPTIONS" and method is not None
    allows_any = settings.origins == ("*",)
    if not (allows_any or origin in settings.origins):
        return is_preflight, []
    headers = [("access-control-allow-origin", "*" if allows_any else origin)]
    if settings.credentials:
        headers.append(("access-control-allow-credentials", "true"))
    if is_preflight:
        requested = request.headers.get("access-control-request-headers")
        headers += [("access-control-allow-headers", requested)] if requested else []
        headers += [("access-control-allow-methods", method)] if method else []
    if len(settings.origins) > 1:
        headers.append(("vary", "Origin"))
    return is_preflight, headers


LOCAL = re.compile(
    r"(https?://)?(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE
)


def is_local(address: str) -> bool:
    """Whether a ``Host`` or an ``Origin`` is a name of this machine's own."""
    return LOCAL.fullmatch(address) is not None


def is_for_this_machine(request: Request) -> bool:
    return is_local(request.headers.get("host", "localhost"))
