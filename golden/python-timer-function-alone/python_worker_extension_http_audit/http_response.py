"""How the response of an HTTP function is changed, in place."""

from email.message import Message

from azure.functions import HttpResponse

# Statuses whose responses have no body, or only a part of one.
_NOT_APPENDABLE = (204, 205, 206, 304)


def append_text(response: HttpResponse, text: str) -> None:
    """Append text to the body of a response, if that body is plain text.

    JSON, binary data, encoded and empty bodies stay as they are. So does everything else
    in the response; only ``Content-Length`` follows, if there is one.

    :param text: ASCII text, so that it fits every charset that extends ASCII.
    """
    body = response.get_body()
    headers = response.headers
    if (
        not body
        or response.status_code in _NOT_APPENDABLE
        or "content-encoding" in headers
        or not _is_text(response, text)
    ):
        return
    body += text.encode("ascii")
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


def add_header(response: HttpResponse, name: str, value: str) -> None:
    """Add a header to a response, whatever its body. An earlier value is kept."""
    earlier = response.headers.get(name)
    response.headers[name] = f"{earlier}, {value}" if earlier else value


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
