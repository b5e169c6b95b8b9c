"""What the inspector shows of values."""

import codecs
import re
import traceback
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import azure.functions

from .events import Event

# How much of a value or of a body is shown, in characters or bytes.
SHOWN = 65_536
DEPTH = 8
SECRET = "[secret]"

# Names whose values nobody is to read over a shoulder.
SECRET_NAME = re.compile(
    r"pass(word|wd|phrase|code)|secret|token|credential|authorization|cookie|signature"
    r"|connection[-_]?string|^(pwd|sas|jwt|bearer)$",
    re.IGNORECASE,
)
KEY_NAME = re.compile(r"(^k|[-_.\s]k|[a-z\d]K)eys?$|^Keys?$|[-_.]Keys?$|(^|[-_])KEYS?$")
HARMLESS_KEY = re.compile(
    r"(partition|primary|foreign|row|sort|routing|cache|public)[-_]?keys?$",
    re.IGNORECASE,
)
SECRET_PART = re.compile(
    r"((?:AccountKey|SharedAccessKey|SharedAccessSignature|sig)=)[^;&\s]+",
    re.IGNORECASE,
)


class Showing:
    """A value as JSON, for people to read: without secrets, cut to some size."""

    def __init__(self) -> None:
        self._left = SHOWN
        self._above: list[int] = []

    def show(self, value: object, is_secret: bool = False) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if is_secret and isinstance(value, (str, bytes, bytearray, int, float)):
            return SECRET
        if isinstance(value, (int, float)):
            is_small = abs(value) < 2**53  # False for NaN, too.
            return value if is_small else self._cut(str(value))
        if isinstance(value, str):
            return self._cut(SECRET_PART.sub(rf"\1{SECRET}", value))
        if isinstance(value, (bytes, bytearray, memoryview)):
            text = text_of(bytes(value[:SHOWN]))
            return (
                f"[{len(value)} bytes]" if text is None else self.show(text, is_secret)
            )
        if isinstance(value, (datetime, date)):
            return value.isoformat()
        if isinstance(value, (timedelta, Decimal, uuid.UUID)):
            return str(value)
        if isinstance(value, BaseException):
            return self._cut(described(value))
        if isinstance(value, type) or callable(value):
            return "[function]"
        if id(value) in self._above:
            return "[circular]"
        if len(self._above) >= DEPTH or self._left <= 0:
            return "[…]"
        self._above.append(id(value))
        try:
            if isinstance(value, (list, tuple, set, frozenset)):
                return [self.show(one, is_secret) for one in list(value)[:1000]]
            return self._show_members(value, is_secret)
        finally:
            self._above.pop()

    def _show_members(self, value: object, is_secret: bool) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, member in members_of(value):
            if self._left <= 0:
                members["…"] = "[…]"
                break
            self._left -= len(name) + 4
            members[name] = self.show(member, is_secret or is_secret_name(name))
        return members

    def _cut(self, text: str) -> str:
        left = max(self._left, 0)
        self._left -= len(text)
        return text if len(text) <= left else f"{text[:left]}[…]"


def shown(value: object) -> Any:
    """A value as the inspector shows it. Whatever it is, this does not raise."""
    try:
        return Showing().show(value)
    except Exception:  # noqa: BLE001 (a value of the app may do anything)
        return "[cannot be shown]"


def members_of(value: object) -> Iterator[tuple[str, object]]:
    """What there is to see of an object. A property of the app may do anything, so none is asked."""
    if isinstance(value, Mapping):
        yield from ((str(name), value[name]) for name in value)
        return
    if isinstance(value, azure.functions.HttpRequest):
        for name in ("method", "url", "headers", "params", "route_params"):
            yield name, getattr(value, name)
        yield "body", value.get_body()
        return
    if isinstance(value, azure.functions.HttpResponse):
        yield "status_code", value.status_code
        yield "mimetype", value.mimetype
        yield "headers", dict(value.headers.items())
        yield "body", value.get_body()
        return
    attributes = getattr(value, "__dict__", None)
    if not isinstance(attributes, dict):
        yield type(value).__name__, "[object]"
        return
    for name, one in attributes.items():
        # _HttpResponse__status_code -> status_code
        plain_name = re.sub(r"^_[A-Za-z]\w*?__(?=\w)|^_+", "", name)
        if plain_name and not callable(one):
            yield plain_name, one


def is_secret_name(name: str) -> bool:
    if SECRET_NAME.search(name):
        return True
    return bool(KEY_NAME.search(name)) and not HARMLESS_KEY.search(name)


def text_of(content: bytes) -> str | None:
    """``None``, if it is not UTF-8. A character may be cut at the end."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def shown_body(content: bytes, length: int) -> Event:
    """A body, or its begin, and the length of all of it."""
    text = text_of(content[:SHOWN])
    is_cut = length > 0 if text is None else length > SHOWN
    return {
        "bytes": length,
        **({} if text is None else {"text": text}),
        "isCut": is_cut,
    }


def described(error: BaseException) -> str:
    """An error with the lines of the app that have led to it, without those of this host."""
    frames = traceback.extract_tb(error.__traceback__)
    last = max(
        (index for index, frame in enumerate(frames) if frame.filename == __file__),
        default=-1,
    )
    lines = traceback.format_list(frames[last + 1 :])
    head = ["Traceback (most recent call last):\n"] if lines else []
    return "".join(
        [*head, *lines, *traceback.format_exception_only(type(error), error)]
    ).rstrip()


def shown_error(error: BaseException) -> Event:
    try:
        return {
            "message": (str(error) or type(error).__name__)[:SHOWN],
            "detail": described(error)[:SHOWN],
        }
    except Exception:  # noqa: BLE001 (an error of the app may do anything)
        return {"message": "An error that cannot be printed", "detail": ""}
