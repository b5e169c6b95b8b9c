"""How the response of an HTTP function is changed, in place."""

from email.message import Message
from typing import Any
from weakref import WeakKeyDictionary

from azure.functions import HttpResponse

# Statuses whose responses have no body, or only a part of one.
_NOT_APPENDABLE = (204, 205, 206, 304)

# What was added to responses. A function may return the same one again and again.
_appended: WeakKeyDictionary[HttpResponse, bytes] = WeakKeyDictionary()
_headers: WeakKeyDictionary[HttpResponse, dict[str, tuple[str | None, str]]] = (
    WeakKeyDictionary()
)


def append_text(response: HttpResponse, text: str) -> None:
    """Append text to the body of a response, if that body is plain text.

    JSON, binary data, encoded and empty bodies stay as they are. So does everything else
    in the response; only ``Content-Length`` follows, if there is one. In a response that
    has been appended to before, the new text takes the place of the old one.

    :param text: ASCII text, so that it fits every charset that extends ASCII.
    """
    body = response.get_body()
    headers: Any = response.headers
    if (
        not body
        or response.status_code in _NOT_APPENDABLE
        or "content-encoding" in headers
        or not _is_text(response, text)
    ):
        return
    added = text.encode("ascii")
    earlier = _appended.get(response, b"")
    if not body.endswith(earlier):
        return  # Somebody else has appended, too.
    body = body.removesuffix(earlier) + added
    if "content-length" in headers:
        headers["content-length"] = str(len(body))
    # The worker ignores what a hook returns, and a response has no setter for its body.
    HttpResponse.__init__(
        response,
        body,
        status_code=response.status_code,
        headers=headers,
        mimetype=response.mimetype,
        charset=response.charset,
    )
    _appended[response] = added


def add_header(response: HttpResponse, name: str, value: str) -> None:
    """Add a header to a response, whatever its body.

    A value that others have set is kept, and one that was added before is replaced.
    """
    ours = _headers.setdefault(response, {})
    earlier = response.headers.get(name)
    before, after = ours.get(name, (earlier, earlier))
    if earlier != after:
        return  # Somebody else has added a value, too.
    response.headers[name] = f"{before}, {value}" if before else value
    ours[name] = (before, response.headers[name])


def _is_text(response: HttpResponse, text: str) -> bool:
    """Whether the body is plain text, in a charset that has the text as ASCII has it.

    The type says little: a response has ``text/plain`` unless it is given another one.
    """
    content_type = response.headers.get("content-type") or response.mimetype
    if content_type.partition(";")[0].strip().lower() != "text/plain":
        return False
    message = Message()
    message["content-type"] = content_type
    charset = message.get_content_charset(response.charset)
    body = response.get_body()
    try:
        body.decode(charset)
        return b"\0" not in body and text.encode(charset) == text.encode("ascii")
    except (LookupError, UnicodeError):
        return False
