"""Runs the function app in this folder, without Azure Functions Core Tools.

    python local_host.py [--port 7071] [--watch]

It takes the place of the Functions host and of its Python worker: it loads the app, in
the programming model v2 or v1, requests its functions over HTTP, and runs those with
other triggers by hand, on ``POST /admin/functions/<name>``. Where it has to differ from
Azure, it logs one line that says what Azure does.

A test can start the app, too, in its own process::

    with LocalHost(root) as host:
        response = host.fetch("/api/HttpTrigger?name=Ada")
        run = host.run("Orders", input="a message")
"""

import sys

if sys.hexversion < 0x030A0000:
    sys.exit(f"Python {sys.version.split()[0]} is too old: this needs 3.10 or later.")

import argparse
import asyncio
import base64
import codecs
import contextvars
import functools
import hashlib
import http.client
import importlib
import importlib.metadata
import inspect
import io
import itertools
import json
import logging
import math
import multiprocessing
import operator
import os
import queue
import re
import secrets
import signal
import socket
import socketserver
import threading
import time
import traceback
import types
import typing
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from email.message import Message
from http.cookies import Morsel
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, final
from urllib.parse import quote, unquote_to_bytes

try:
    import azure.functions
    from azure.functions.meta import Datum, get_binding_registry
except ImportError:
    sys.exit(
        f"azure-functions is not installed for {sys.executable}. Run: pip install -r requirements.txt"
    )

NOTICE = """\
This is a local stand-in for the Azure Functions host. It has no access keys, timers,
storage, other bindings or retries. For the real host, use Core Tools: func start
"""

# A binding as function.json has it: name, type, direction, and what the type adds.
Binding = dict[str, Any]


class StartError(Exception):
    """Why the app does not start, in one line that says how to go on."""


class RequestError(Exception):
    """A request that no function answers."""

    def __init__(
        self, status: int, message: str = "", allow: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.allow = allow


# --------------------------------------------------------------------------------------
# Settings: local.settings.json and host.json
# --------------------------------------------------------------------------------------

JSON_TEXT = r'"(?:\\.|[^"\\\n])*"'
LOG_LEVELS = ["trace", "debug", "information", "warning", "error", "critical", "none"]


class Number(str):
    """A number that is not an integer, as it is written."""


def read_json(path: Path) -> dict[str, Any]:
    """Read an object as the Functions tools do: comments and trailing commas are fine."""

    def blank(match: re.Match[str]) -> str:
        text = match.group()
        return text if text.startswith('"') else re.sub(r"[^\n]", " ", text)

    try:
        text = path.read_text("utf-8-sig")
        text = re.sub(JSON_TEXT + r"|//[^\n]*|/\*.*?\*/", blank, text, flags=re.DOTALL)
        value = json.loads(
            re.sub(JSON_TEXT + r"|,(?=\s*[}\]])", blank, text), parse_float=Number
        )
    except json.JSONDecodeError as error:
        reason = f"{error.msg.lower()} in line {error.lineno}, column {error.colno}"
        raise StartError(f"{path.name} is not valid JSON: {reason}.") from None
    except UnicodeDecodeError:
        raise StartError(f"{path.name} is not in UTF-8.") from None
    if not isinstance(value, dict):
        raise StartError(f"{path.name} has to hold a JSON object.")
    return value


def setting_text(value: object, where: str) -> str | None:
    """A value as .NET makes a text of it: ``True``, ``1.5``. ``None`` for null."""
    if isinstance(value, (dict, list)):
        raise StartError(f"{where} has to be a text: settings cannot be nested.")
    return None if value is None else str(value)


@dataclass(frozen=True)
class LocalSettings:
    """local.settings.json."""

    values: dict[str, str | None] = field(default_factory=dict)
    connection_strings: dict[str, str | None] = field(default_factory=dict)
    port: int | None = None
    origins: tuple[str, ...] = ()
    credentials: bool = False


def read_local_settings(root: Path) -> LocalSettings:
    """Read local.settings.json as Core Tools does. Without the file there are none."""
    path = root / "local.settings.json"
    if not path.exists():
        return LocalSettings()
    content = read_json(path)

    def section(key: str) -> dict[str, Any]:
        value = content.get(key)
        if not isinstance(value, (dict, types.NoneType)):
            raise StartError(f'{path.name}: "{key}" has to be an object.')
        return value or {}

    def flag(key: str, value: object) -> bool:
        if str(value).strip().lower() not in ("true", "false"):
            raise StartError(f'{path.name}: "{key}" has to be true or false.')
        return str(value).strip().lower() == "true"

    values = {
        name: setting_text(value, f'{path.name}: "Values.{name}"')
        for name, value in section("Values").items()
    }
    connections = {
        name: setting_text(
            value.get("ConnectionString") if isinstance(value, dict) else value,
            f'{path.name}: "ConnectionStrings.{name}"',
        )
        for name, value in section("ConnectionStrings").items()
    }
    encrypted = content.get("IsEncrypted")
    if any(values.values()) or any(connections.values()):
        if encrypted is None:
            raise StartError(
                f'{path.name} has no "IsEncrypted": false, so Core Tools takes it to be encrypted.'
            )
        if flag("IsEncrypted", encrypted):
            raise StartError(f"{path.name} is encrypted. Run: func settings decrypt")
    for name in ("WEBSITE_HOSTNAME", "AzureWebJobsScriptRoot"):
        if name in values:
            raise StartError(
                f"{path.name} sets {name}, which Core Tools sets itself. Remove it."
            )
    host = {name.lower(): value for name, value in section("Host").items()}
    port = str(host.get("localhttpport") or 0)
    if not port.isdecimal() or int(port) > 65535:
        raise StartError(
            f'{path.name}: "Host.LocalHttpPort" has to be a port, 0 to 65535.'
        )
    return LocalSettings(
        values=values,
        connection_strings=connections,
        # For Core Tools, 0 is the same as none.
        port=int(port) or None,
        origins=tuple(
            one.strip().lower()
            for one in str(host.get("cors") or "").split(",")
            if one.strip()
        ),
        credentials=flag("Host.CORSCredentials", host.get("corscredentials", False)),
    )


def environment_of(
    settings: LocalSettings, root: Path, port: int
) -> tuple[dict[str, str], list[str], list[str]]:
    """What to add to the environment; what was skipped and why; and what to warn of.

    A variable that is set wins over local.settings.json, unless it is empty.
    """
    added: dict[str, str] = {}
    skipped: list[str] = []
    warnings: list[str] = []
    connections = {
        f"ConnectionStrings:{name}": value
        for name, value in settings.connection_strings.items()
    }
    own = {
        "WEBSITE_HOSTNAME": f"localhost:{port}",
        "AzureWebJobsScriptRoot": str(root),
        "AZURE_FUNCTIONS_ENVIRONMENT": "Development",
    }
    given = settings.values.get("AZURE_FUNCTIONS_ENVIRONMENT") or "Development"
    if given != "Development":
        warnings.append(
            f'AZURE_FUNCTIONS_ENVIRONMENT is "Development" here, not "{given}" as in local.settings.json.'
        )
    for name, value in {**settings.values, **connections, **own}.items():
        if os.environ.get(name) and name not in (
            "AzureWebJobsScriptRoot",
            "WEBSITE_HOSTNAME",
        ):
            if name not in own:
                skipped.append(
                    f"The local setting {name} is skipped: the environment has it."
                )
        elif value is None:
            skipped.append(f"The local setting {name} is skipped: its value is null.")
        elif name:
            added[name] = value
    runtime = added.get("FUNCTIONS_WORKER_RUNTIME") or os.environ.get(
        "FUNCTIONS_WORKER_RUNTIME"
    )
    if not runtime:
        added["FUNCTIONS_WORKER_RUNTIME"] = "python"
    elif runtime.lower() != "python":
        warnings.append(
            f'FUNCTIONS_WORKER_RUNTIME is "{runtime}": Azure would not run this app with Python.'
        )
    return added, skipped, warnings


@dataclass(frozen=True)
class HostConfig:
    """host.json with what the environment overrides in it."""

    route_prefix: str
    """First part of all routes; it may be empty."""
    custom_headers: dict[str, str]
    """Added to each response that does not have them."""
    max_requests: int | None
    """``None`` for any number. Above it, the answer is 429."""
    timeout: float | None
    """How long an invocation may take, in seconds. ``None`` for no limit."""
    functions: list[str] | None
    """If it is there, other functions do not exist."""
    log_levels: dict[str, int]
    """By the beginning of the category, in lower case."""
    is_traced: bool
    """Whether ``telemetryMode`` has the host take part in traces by OpenTelemetry."""


def read_host_json(root: Path) -> HostConfig:
    """Read host.json, and the variables ``AzureFunctionsJobHost__a__b`` that override it."""
    content = read_json(root / "host.json")
    version = content.get("version")
    if content and (version != "2.0" or isinstance(version, Number)):
        raise StartError('host.json has to have "version": "2.0", as a text.')
    values: dict[str, tuple[str, str]] = {}

    def add(path: str, value: object) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                add(f"{path}:{name}" if path else name, member)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                add(f"{path}:{index}", item)
        else:
            written, _ = values.get(path.lower(), (path, ""))
            values[path.lower()] = (written, "" if value is None else str(value))

    add("", content)
    for name, value in os.environ.items():
        prefix, _, path = name.replace("__", ":").partition(":")
        if prefix.lower() == "azurefunctionsjobhost" and path:
            add(path, value)

    def text(path: str) -> str | None:
        return values[path.lower()][1] if path.lower() in values else None

    def members(path: str) -> dict[str, str]:
        start = f"{path.lower()}:"
        found = {
            written[len(start) :]: value
            for key, (written, value) in values.items()
            if key.startswith(start)
        }
        return {name: value for name, value in found.items() if ":" not in name}

    def wrong(path: str, expected: str) -> StartError:
        return StartError(
            f'host.json: "{path.replace(":", ".")}" is "{text(path)}", and has to be {expected}.'
        )

    def level(path: str, written: str) -> int:
        word = written.strip().lower()
        if word not in LOG_LEVELS and word not in "0123456":
            raise wrong(path, "one of the log levels")
        return LOG_LEVELS.index(word) if word in LOG_LEVELS else int(word)

    most = text("extensions:http:maxOutstandingRequests")
    if most is not None and not re.fullmatch(r"\s*(-1|\+?0*[1-9]\d{0,9})\s*", most):
        raise wrong(
            "extensions:http:maxOutstandingRequests",
            "a number from 1 on, or -1 for any",
        )
    timeout = to_seconds(text("functionTimeout") or "00:30:00")
    if timeout is None or 0 <= timeout < 1:
        raise wrong("functionTimeout", 'a time like "00:10:00", or "-1" for no limit')
    route_prefix = text("extensions:http:routePrefix")
    listed = members("functions")
    return HostConfig(
        route_prefix="api" if route_prefix is None else route_prefix,
        custom_headers=members("extensions:http:customHeaders"),
        max_requests=None if most is None or int(most) < 0 else int(most),
        timeout=None if timeout < 0 else timeout,
        functions=[listed[key] for key in sorted(listed, key=int)] if listed else None,
        log_levels={
            name.lower(): level(f"logging:logLevel:{name}", value)
            for name, value in members("logging:logLevel").items()
        },
        is_traced=(text("telemetryMode") or "").lower() == "opentelemetry",
    )


def to_seconds(text: str) -> float | None:
    """``d``, ``hh:mm``, ``hh:mm:ss.fff``, ``d.hh:mm:ss``: what .NET's ``TimeSpan`` reads."""
    match = re.fullmatch(
        r"\s*(-)?(?:(\d{1,8})|(?:(\d{1,8})[.:](?=\d+:\d+:))?(\d\d?):(\d\d?)(?::(\d\d?(?:\.\d+)?))?)\s*",
        text,
    )
    if match is None:
        return None
    sign, only_days, days, *rest = match.groups()
    hours, minutes, seconds = (float(part or 0) for part in rest)
    if hours > 23 or minutes > 59 or seconds >= 60:
        return None
    total = int(only_days or days or 0) * 86400 + hours * 3600 + minutes * 60 + seconds
    return -total if sign else total


def is_disabled(name: str, disabled: object) -> bool:
    """Whether a function is switched off, by a setting or by its function.json."""

    def is_on(setting: str) -> bool:
        return os.environ.get(setting, "").lower() in ("1", "true")

    if isinstance(disabled, str):
        return disabled.lower() == "true" or is_on(disabled.strip("%"))
    return (
        disabled is True
        or is_on(f"AzureWebJobs.{name}.Disabled")
        or is_on(f"AzureWebJobs_{name}_Disabled")
    )


# --------------------------------------------------------------------------------------
# Log
# --------------------------------------------------------------------------------------

HOST_CATEGORY = "Host.General"
SYSTEM_LOGGERS = (
    "azure_functions_worker",
    "azure_functions_runtime",
    "azure.functions",
)

current_invocation: contextvars.ContextVar[str | None] = contextvars.ContextVar(
    "invocation", default=None
)
thread_local_storage = threading.local()


def invocation_here() -> str | None:
    """The invocation that code belongs to. Threads of the app's own say so in thread_local_storage."""
    return current_invocation.get() or getattr(
        thread_local_storage, "invocation_id", None
    )


class Log:
    """Prints what Core Tools would, by ``logging.logLevel`` of host.json."""

    def __init__(self, lowest: str = "trace") -> None:
        self.levels: dict[str, int] = {}
        self.lines: list[str] = []
        """What has been logged, also where it is not printed."""
        self._lowest = LOG_LEVELS.index(lowest)
        self._said: set[str] = set()

    def __call__(self, level: str, message: str, category: str = HOST_CATEGORY) -> None:
        """Print a line, with warnings and errors on stderr."""
        weight = LOG_LEVELS.index(level)
        if weight < self.limit(category):
            return
        if self._lowest:
            self.lines.append(message)
        if weight < self._lowest:
            return
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")[:-6]
        stream = sys.stderr if level in ("warning", "error", "critical") else sys.stdout
        if isinstance(stream, Console):
            stream = stream.stream
        print(f"[{at}Z] {message}", file=stream, flush=True)

    def once(self, key: str, message: str) -> None:
        """Warn of something that would come with each request, once."""
        if key not in self._said:
            self._said.add(key)
            self("warning", message)

    def limit(self, category: str) -> int:
        """The lowest level that is printed: of the longest category that begins this one."""
        category = category.lower()
        found = [
            name
            for name in self.levels
            if name != "default" and category.startswith(name)
        ]
        if found or "default" in self.levels:
            return self.levels[max(found, key=len, default="default")]
        return LOG_LEVELS.index(
            "information" if category.startswith("function.") else "warning"
        )


class LogHandler(logging.Handler):
    """Passes on what the app and its extensions log, with the category of their function."""

    def __init__(self, log: Log, function_of: Callable[[str], str | None]) -> None:
        super().__init__()
        self._log = log
        self._function_of = function_of
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        invocation = invocation_here()
        name = self._function_of(invocation) if invocation else None
        is_system = record.name.startswith(SYSTEM_LOGGERS)
        category = (
            f"Function.{name}" + ("" if is_system else ".User")
            if name
            else "Function.App"
        )
        level = min(max(record.levelno // 10, 0), 5)
        message = self.format(record)
        self._log(LOG_LEVELS[level], message, category)
        recording = recording_here()
        if recording is not None:
            recording.logged(LOG_LEVELS[level], message)


# --------------------------------------------------------------------------------------
# Routes, by the rules of ASP.NET
# --------------------------------------------------------------------------------------


class TemplateError(Exception):
    """Why ASP.NET refuses a route template, in a clause."""


def upper(text: str) -> str:
    """Upper case as .NET's ``OrdinalIgnoreCase`` has it: by character, length kept."""
    if text.isascii():
        return text.upper()
    return "".join(
        one.upper() if len(one.upper()) == 1 and one not in "\u0131\u017f" else one
        for one in text
    )


def to_integer(text: str, bits: int) -> int | None:
    """A number of so many bits, as .NET's ``TryParse`` reads it."""
    match = re.fullmatch(r"[\t-\r ]*([+-]?[0-9]+)[\t-\r ]*", text)
    value = int(match.group(1)) if match else None
    return (
        value
        if value is not None and -(2 ** (bits - 1)) <= value < 2 ** (bits - 1)
        else None
    )


DIGITS = r"(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)"


def is_floating_point(text: str) -> bool:
    return bool(
        re.fullmatch(rf"[\t-\r ]*[+-]?{DIGITS}(?:[eE][+-]?[0-9]+)?[\t-\r ]*", text)
        or re.fullmatch(r"[+-]?(infinity|nan)", text.strip(), re.IGNORECASE)
    )


def is_decimal(text: str) -> bool:
    match = re.fullmatch(
        rf"[\t-\r ]*(?:[+-]({DIGITS})|({DIGITS})(?:[\t-\r ]*[+-])?)[\t-\r ]*", text
    )
    if match is None:
        return False
    value = Decimal((match.group(1) or match.group(2)).replace(",", ""))
    return value < Decimal("79228162514264337593543950335.5")


def is_guid(text: str) -> bool:
    """The forms N, D, B, P and X of .NET."""
    text = text.strip()
    number = r"0x0*[0-9a-f]{1,8}"
    byte = r"0x0*[0-9a-f]{1,2}"
    dashed = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    forms = ["[0-9a-f]{32}", dashed, rf"\{{{dashed}\}}", rf"\({dashed}\)"]
    numbers = rf"\{{{number},{number},{number},\{{{byte}(,{byte}){{7}}\}}\}}"
    return any(re.fullmatch(form, text, re.IGNORECASE) for form in forms) or bool(
        re.fullmatch(numbers, re.sub(r"\s", "", text), re.IGNORECASE)
    )


MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
MONTH = rf"(?P<month>{MONTHS})[a-z]*"
GAP = r"(?:\s*[/.-]\s*|[\s,]+)"
DATES = [
    rf"(?P<y>\d{{3,4}}){GAP}(?P<m>\d\d?)(?:{GAP}(?P<d>\d\d?))?",
    rf"(?P<m>\d\d?){GAP}(?P<d>\d\d?)(?:{GAP}(?P<y>\d{{1,4}}))?",
    rf"(?P<m>\d\d?){GAP}(?P<y>\d{{3,4}})",
    rf"(?P<d>\d\d?)(?:{GAP})?{MONTH}(?:{GAP}(?P<y>\d{{1,4}}))?",
    rf"{MONTH}(?:{GAP})?(?P<d>\d\d?)(?:{GAP}(?P<y>\d{{1,4}}))?",
    rf"{MONTH}(?:{GAP})?(?P<y>\d{{3,4}})",
    rf"(?P<y>\d{{3,4}}){GAP}{MONTH}(?:{GAP}(?P<d>\d\d?))?",
]
TIME = r"(?:(?P<H>\d\d?):(?P<M>\d\d?)(?::(?P<S>\d\d?)(?:\.\d*)?)?(?:\s*(?P<half>[ap]m?))?|(?P<h>\d\d?)\s*[ap]m?)"
ZONE = r"(?:\s*(?:z|gmt|[+-](?P<zh>\d\d?)(?::?(?P<zm>\d\d))?))?"
WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun"
WEEKDAY = rf"(?:(?P<weekday>{WEEKDAYS})[a-z]*[\s,]*)?"


def is_date_time(text: str) -> bool:
    """Whether .NET's ``DateTime.TryParse`` takes a text, with the invariant culture."""
    for form in DATES:
        match = re.fullmatch(
            rf"\s*{WEEKDAY}{form}(?:(?:t|[\s,]+){TIME}{ZONE})?[\s,]*",
            text,
            re.IGNORECASE | re.ASCII,
        )
        if match:
            break
    else:
        match = re.fullmatch(rf"\s*{TIME}{ZONE}\s*", text, re.IGNORECASE | re.ASCII)
    if match is None:
        return False
    found = {
        name: value for name, value in match.groupdict().items() if value is not None
    }
    number = {name: int(value) for name, value in found.items() if value.isdecimal()}
    hour = number.get("H", 0)
    if hour > (12 if "half" in found else 23) or number.get("h", 0) > 12:
        return False
    if max(number.get("M", 0), number.get("S", 0), number.get("zm", 0)) > 59:
        return False
    if number.get("zh", 0) * 60 + number.get("zm", 0) > 14 * 60:
        return False
    year = number.get("y", date.today().year)
    if len(found.get("y", "    ")) <= 2:
        year += 2000 if year < 50 else 1900
    month = (
        MONTHS.index(found["month"][:3].lower()) // 4 + 1
        if "month" in found
        else number.get("m", 1)
    )
    try:
        point = date(year, month, number.get("d", 1))
    except ValueError:
        return False
    weekday = found.get("weekday")
    return weekday is None or WEEKDAYS.index(weekday.lower()) // 4 == point.weekday()


def is_file_name(text: str) -> bool:
    """The last part of a path has a point with something other than points after it."""
    return re.search(r"\.+[^.]", text.rpartition("/")[2]) is not None


def to_regex(pattern: str) -> re.Pattern[str]:
    """A regular expression of .NET, with ``IgnoreCase``, as Python has it."""
    names = {"\\z": r"\Z", "\\Z": r"(?=\n?\Z)"}
    translated = re.sub(r"\\k[<'](\w+)[>']", r"(?P=\1)", pattern)
    translated = re.sub(r"\(\?(?:<(\w+)>|'(\w+)')", r"(?P<\1\2>", translated)
    translated = re.sub(r"\(\?[in]+\)", "", translated)
    translated = re.sub(
        r"\\.", lambda one: names.get(one.group(), one.group()), translated
    )
    try:
        return re.compile(translated, re.IGNORECASE)
    except re.error as error:
        raise TemplateError(
            f"{pattern} is not a regular expression that this host knows: {error}"
        ) from None


Constraint = Callable[[str], bool]

PLAIN_CONSTRAINTS: dict[str, Constraint] = {
    "alpha": lambda text: re.fullmatch(r"[a-zA-Z]*\n?", text) is not None,
    "bool": lambda text: (
        text.strip(" \t\n\v\f\r\x00\x85\xa0").lower() in ("true", "false")
    ),
    "datetime": is_date_time,
    "decimal": is_decimal,
    "double": is_floating_point,
    "float": is_floating_point,
    "guid": is_guid,
    "int": lambda text: to_integer(text, 32) is not None,
    "long": lambda text: to_integer(text, 64) is not None,
    "file": is_file_name,
    "nonfile": lambda text: not is_file_name(text),
    "required": lambda text: text != "",
}


def to_constraint(text: str) -> Constraint:
    """The check that a constraint such as ``range(1,9)`` stands for."""
    match = re.fullmatch(r"([^(]*)\((.*)\)", text, re.DOTALL)
    name = (match.group(1) if match else text).lower()
    if name == "regex" and match:
        expression = to_regex(match.group(2))
        return lambda value: expression.search(value) is not None
    arguments = [one.strip() for one in match.group(2).split(",")] if match else []
    if name in PLAIN_CONSTRAINTS:
        if arguments:
            raise TemplateError(f'the constraint "{text}" takes no arguments')
        return PLAIN_CONSTRAINTS[name]
    counts = {
        "minlength": 1,
        "maxlength": 1,
        "length": 2,
        "min": 1,
        "max": 1,
        "range": 2,
    }
    if name not in counts:
        raise TemplateError(f'there is no constraint "{name}"')
    is_length = name.endswith("length")
    numbers = [to_integer(one, 32 if is_length else 64) for one in arguments]
    if name == "length" and len(numbers) == 1:
        numbers *= 2
    if (
        len(numbers) != counts[name]
        or None in numbers
        or (is_length and min(map(int, filter(None, numbers)), default=0) < 0)
    ):
        raise TemplateError(f'the constraint "{text}" has wrong arguments')
    bounds = [number for number in numbers if number is not None]
    least = None if name in ("max", "maxlength") else bounds[0]
    most = None if name in ("min", "minlength") else bounds[-1]
    if least is not None and most is not None and least > most:
        raise TemplateError(
            f'the constraint "{text}" has a first argument that is larger than the second'
        )

    def accepts(value: str) -> bool:
        number = len(value) if is_length else to_integer(value, 64)
        return (
            number is not None
            and (least is None or number >= least)
            and (most is None or number <= most)
        )

    return accepts


@dataclass(frozen=True)
class Part:
    """A literal text of a segment, or a parameter: ``{name:constraint=default}``."""

    text: str
    is_parameter: bool = False
    is_optional: bool = False
    is_catch_all: bool = False
    default: str | None = None
    constraints: tuple[Constraint, ...] = ()

    def accepts(self, value: str | None) -> bool:
        """Whether the constraints accept a value. ``None``: a catch-all that takes nothing."""
        return all(value is not None and one(value) for one in self.constraints)

    @property
    def may_be_absent(self) -> bool:
        return self.is_parameter and (
            self.is_optional or self.is_catch_all or self.default is not None
        )


Segment = tuple[Part, ...]


def parse_template(text: str) -> list[Segment]:
    """Take a route template apart.

    :raises TemplateError: Where ASP.NET refuses it.
    """
    if text.startswith("~") and not text.startswith("~/"):
        raise TemplateError('it begins with "~"')
    rest = re.sub(r"^~?/", "", text)
    segments: list[Segment] = []
    names: set[str] = set()
    while rest:
        if rest.startswith("/"):
            raise TemplateError("it has two slashes in a row, or one at its beginning")
        parts: list[Part] = []
        while rest and not rest.startswith("/"):
            parameter = re.match(r"\{(?!\{)((?:[^{}]|\{\{|\}\})*)\}(?!\})", rest)
            literal = re.match(r"(?:[^{}/]|\{\{|\}\})+", rest)
            if parameter:
                parts.append(
                    parse_parameter(unescape_braces(parameter.group(1)), names)
                )
            elif literal:
                if "?" in literal.group():
                    raise TemplateError(
                        f'"{literal.group()}" has a "?", which only a parameter can have'
                    )
                parts.append(Part(unescape_braces(literal.group())))
            else:
                raise TemplateError(f'it has a "{rest[0]}" without its counterpart')
            rest = rest[(parameter or literal).end() :]  # type: ignore[union-attr]
        segments.append(check_segment(parts))
        rest = rest[1:]
    if any(part.is_catch_all for segment in segments[:-1] for part in segment):
        raise TemplateError("a catch-all parameter has to be the last segment")
    return segments


def unescape_braces(text: str) -> str:
    return text.replace("}}", "}").replace("{{", "{")


def parse_parameter(inside: str, names: set[str]) -> Part:
    """The inside of the braces: ``*name``, ``name:int:range(1,9)=5``, ``name?``."""
    stars = len(re.match(r"\*{0,2}", inside).group())  # type: ignore[union-attr]
    is_optional = inside.endswith("?")
    if stars and is_optional:
        raise TemplateError("a catch-all parameter cannot be optional")
    text = inside[stars : -1 if is_optional else None]
    # A name may begin with one of the characters that end it.
    match = re.match(r"(.?[^:=]*)((?:.|\n)*)", text)
    name, rest = match.groups() if match else ("", "")
    constraints: list[Constraint] = []
    while rest.startswith(":"):
        # A constraint ends at : or =, but for those in parentheses that are closed.
        one = re.match(r":((?:[^:=(]*\((?:.|\n)*?\)(?=[:=]|$))|[^:=]*)", rest)
        source = one.group(1) if one else ""
        if source:
            constraints.append(to_constraint(source))
        rest = rest[1 + len(source) :]
    default = rest[1:] if rest.startswith("=") else None
    if is_optional and default is not None:
        raise TemplateError("an optional parameter cannot have a default value")
    if not name or re.search(r"[/{}?*]", name):
        raise TemplateError(f'"{name}" is not a name for a parameter')
    if upper(name) in names:
        raise TemplateError(f'the parameter "{name}" occurs twice')
    names.add(upper(name))
    return Part(name, True, is_optional, stars > 0, default, tuple(constraints))


def check_segment(parts: list[Part]) -> Segment:
    if len(parts) > 1 and any(part.is_catch_all for part in parts):
        raise TemplateError("a catch-all parameter has to be a whole segment")
    for before, part in itertools.pairwise(parts):
        if before.is_parameter and part.is_parameter:
            raise TemplateError(
                "two parameters follow each other without a text between them"
            )
    for index, part in enumerate(parts if len(parts) > 1 else []):
        if part.is_optional and (
            index < len(parts) - 1 or parts[index - 1].text != "."
        ):
            raise TemplateError(
                f'the optional parameter "{part.text}" has to be at the end of its segment, after a point'
            )
    return tuple(parts)


Values = dict[str, str | None]


def match_segment(segment: Segment, text: str) -> dict[str, str] | None:
    """The values that a text between two slashes holds, or ``None`` if it does not match."""
    if len(segment) == 1:
        (part,) = segment
        if part.is_parameter:
            return {part.text: text}
        return {} if upper(part.text) == upper(text) else None
    found = match_parts(segment, text)
    if found is None and segment[-1].is_optional and not text.endswith("."):
        return match_parts(segment[:-2], text)
    return found


def match_parts(parts: Segment, text: str) -> dict[str, str] | None:
    """Look for each literal from the right: the parameters on the left take the most."""
    values: dict[str, str] = {}
    end = len(text)
    pending: str | None = None
    for index, part in reversed(list(enumerate(parts))):
        if part.is_parameter:
            pending = part.text
            continue
        # A parameter has at least one character.
        at = upper(text)[: max(end - (pending is not None), 0)].rfind(upper(part.text))
        if at < 0 or (index == len(parts) - 1 and at + len(part.text) != len(text)):
            return None
        if pending is not None:
            values[pending] = text[at + len(part.text) : end]
            pending = None
        end = at
    if pending is not None:
        values[pending] = text[:end]
        end = 0
    return values if end == 0 and all(values.values()) else None


def match_path(segments: list[Segment], path: str) -> Values | None:
    """The values of a template's parameters in a decoded path, or ``None``."""
    values: Values = {}
    texts = path[1:].removesuffix("/").split("/") if len(path) > 1 else []
    start = 1
    for index, text in enumerate(texts):
        if not text or index >= len(segments):
            return None
        if segments[index][0].is_catch_all:
            # With all slashes that follow, and the one at the end.
            values[segments[index][0].text] = path[start:]
            break
        found = match_segment(segments[index], text)
        if found is None:
            return None
        values.update(found)
        start += len(text) + 1
    for segment in segments[len(texts) :]:
        if len(segment) > 1 or not segment[0].may_be_absent:
            return None
        if segment[0].is_catch_all:
            values[segment[0].text] = None
    for part in (part for segment in segments for part in segment if part.is_parameter):
        if values.get(part.text) is None and part.default is not None:
            values[part.text] = part.default
        is_left_out = part.is_optional and part.text not in values
        if not is_left_out and not part.accepts(values.get(part.text)):
            return None
    return values


SAMPLES = re.findall(
    r"\S+",
    """x 1 0 5 10 42 100 1000 12345 -1 1.5 true abc name.txt a-b abcdefghijklmnop
    2024-05-01 d85b1407-351d-4694-9392-03acc5870eb1""",
)


def common_path(one: list[Segment], other: list[Segment]) -> str | None:
    """A path that both templates match, if one is found."""

    def examples(segment: Segment) -> list[str]:
        if len(segment) == 1 and segment[0].is_parameter:
            return []
        return [
            "".join(sample if part.is_parameter else part.text for part in segment)
            for sample in SAMPLES
        ]

    def at(segments: list[Segment], index: int) -> Segment | None:
        if index < len(segments):
            return segments[index]
        return segments[-1] if segments and segments[-1][0].is_catch_all else None

    def accepts(segment: Segment, text: str) -> bool:
        found = match_segment(segment, text)
        return found is not None and all(
            part.is_catch_all or part.accepts(found[part.text])
            for part in segment
            if part.text in found
        )

    def common_text(first: Segment | None, second: Segment | None) -> str | None:
        if first is None or second is None:
            return None
        texts = [*examples(first), *examples(second), *SAMPLES]
        both = (one for one in texts if accepts(first, one) and accepts(second, one))
        return next(both, None)

    for length in range(max(len(one), len(other)) + 1):
        texts = [
            common_text(at(one, index), at(other, index)) for index in range(length)
        ]
        path = "/" + "/".join(text or "" for text in texts)
        if all(match_path(each, path) is not None for each in (one, other)):
            return path
    return None


@dataclass(frozen=True)
class Route:
    """An HTTP function and the requests that it is for."""

    function: "Function"
    template: str
    """With the prefix, without a slash before it: ``api/products/{id:int?}``."""
    segments: list[Segment]

    def takes(self, method: str) -> bool:
        return self.function.methods is None or method.upper() in self.function.methods


class RouteTable:
    """The functions of an app, checked and ordered as the Functions host does it."""

    def __init__(self, functions: "Sequence[Function]", config: HostConfig) -> None:
        """Take the functions in the order of their names, in which they are tried.

        :raises StartError: Where a wrong route keeps the host from starting.
        """
        self.functions: list[Function] = []
        self.routes: list[Route] = []
        self.in_error: dict[str, str] = {}
        """Functions that do not run, with the reason."""
        listed = (
            None
            if config.functions is None
            else [upper(name) for name in config.functions]
        )
        for function in sorted(functions, key=lambda one: upper(one.name)):
            if listed is not None and upper(function.name) not in listed:
                self.in_error[function.name] = 'not in "functions" of host.json'
                continue
            reason = self._reason_against(function)
            if reason:
                self.in_error[function.name] = f"in error: {reason}"
                continue
            self.functions.append(function)
            if function.is_http:
                template = (
                    f"{config.route_prefix}/{function.route}"
                    if config.route_prefix
                    else function.route
                )
                try:
                    self.routes.append(
                        Route(function, template, parse_template(template))
                    )
                except TemplateError as error:
                    reason = f'The function "{function.name}" has a wrong route "{template}": {error}.'
                    raise StartError(reason) from None

    def _reason_against(self, function: "Function") -> str | None:
        name = function.name
        if not re.fullmatch(
            r"(?!host$)[a-zA-Z][a-zA-Z0-9_-]{0,127}", name, re.IGNORECASE
        ):
            return (
                f'"{name}" is not a valid name for a function: it takes a letter, and then letters, digits, '
                '"_" and "-", 128 in all, and not "host".'
            )
        for other in self.functions:
            if upper(other.name) == upper(name):
                return f'Its name differs from "{other.name}" in case only.'
        if not function.is_http:
            return None
        own = function.route.strip("/")
        reserved = re.match("admin|runtime", own.lower())
        if reserved:
            return f'Its route "{own}" begins with "{reserved.group()}", which the host keeps for itself.'
        for route in self.routes:
            is_same = upper(route.function.route.strip("/")) == upper(own)
            methods, others = function.methods, route.function.methods
            if is_same and (
                methods is None or others is None or set(methods) & set(others)
            ):
                return f'Its route "{own}" is that of the function "{route.function.name}".'
        return None

    def find(self, name: str) -> "Function | None":
        return next(
            (one for one in self.functions if upper(one.name) == upper(name)), None
        )

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The function for a request, with the values of the route's parameters.

        :raises RequestError: 404 where there is none, 405 where it takes other methods.
        """
        others: list[Route] = []
        for route in self.routes:
            values = match_path(route.segments, path)
            if values is not None and route.takes(method):
                return route, {
                    name: value for name, value in values.items() if value is not None
                }
            if values is not None:
                others.append(route)
        if others:
            allowed = dict.fromkeys(
                one for route in others for one in route.function.methods or []
            )
            raise RequestError(
                405, f"{path} does not take {method}.", ", ".join(allowed)
            )
        raise RequestError(404, f"No function has the route {path}.")

    def warnings(self) -> Iterator[str]:
        """One line for each pair of functions whose names decide which of them answers."""
        for index, winner in enumerate(self.routes):
            for loser in self.routes[index + 1 :]:
                methods = winner.function.methods or loser.function.methods or ["GET"]
                method = next(
                    (one for one in methods if winner.takes(one) and loser.takes(one)),
                    None,
                )
                path = common_path(winner.segments, loser.segments) if method else None
                if path:
                    yield (
                        f'{method} {quote(path)} goes to "{winner.function.name}" ({winner.template}) and not to '
                        f'"{loser.function.name}" ({loser.template}): functions are tried in the order of their names.'
                    )


# --------------------------------------------------------------------------------------
# HTTP, by the rules of Kestrel, ASP.NET and the Functions host
# --------------------------------------------------------------------------------------

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
    exchange: "Exchange | None" = None
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


# --------------------------------------------------------------------------------------
# Functions, as the Python worker loads them
# --------------------------------------------------------------------------------------


class GenericConverter:
    """Passes on the values of bindings that azure-functions has no converter for."""

    @classmethod
    def has_implicit_output(cls) -> bool:
        return True

    @classmethod
    def has_trigger_support(cls) -> bool:
        return False

    @classmethod
    def check_input_type_annotation(cls, pytype: type) -> bool:
        return issubclass(pytype, (str, bytes))

    @classmethod
    def check_output_type_annotation(cls, pytype: type) -> bool:
        return issubclass(pytype, (str, bytes, bytearray))

    @classmethod
    def encode(cls, value: object, *, expected_type: object) -> Datum:
        kinds: list[tuple[str, type | tuple[type, ...]]] = [
            ("string", str),
            ("bytes", (bytes, bytearray)),
            ("dict", dict),
            ("list", list),
            ("int", int),
            ("double", float),
        ]
        for kind, classes in kinds:
            if isinstance(value, classes):
                return Datum(value, kind)
        if value is None:
            return Datum(None, None)
        raise NotImplementedError

    @classmethod
    def decode(cls, data: Datum | None, *, trigger_metadata: object) -> object:
        if data is not None and data.type not in ("string", "bytes", "json", None):
            raise ValueError(
                f'unexpected type of data received for the "generic" binding {data.type!r}'
            )
        return None if data is None else data.value


def converter_of(binding_type: str) -> Any:
    registry: Any = get_binding_registry()  # type: ignore[no-untyped-call]
    return registry.get(binding_type) or GenericConverter


def has_implicit_output(binding_type: str) -> bool:
    has = getattr(converter_of(binding_type), "has_implicit_output", None)
    return binding_type != "durableClient" and has is not None and bool(has())


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function, or what it returns."""

    binding_type: str
    """By which its converter is found."""
    pytype: Any = None
    is_deferred: bool = False
    """Whether it is a client of an SDK, such as ``BlobClient``."""


@dataclass
class Function:
    """A function of the app."""

    name: str
    code: Callable[..., Any]
    directory: str
    """What ``context.function_directory`` says."""
    load_directory: str
    """What the hooks that follow the loading are told."""
    bindings: list[Binding]
    disabled: object = None
    inputs: dict[str, Parameter] = field(default_factory=dict)
    outputs: dict[str, Parameter] = field(default_factory=dict)
    returns: Parameter | None = None
    wants_context: bool = False
    error: str | None = None
    """Why it was not loaded."""
    is_observed: bool = False

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.code)

    @property
    def trigger(self) -> Binding:
        return next(
            (one for one in self.bindings if one["type"].lower().endswith("trigger")),
            {"type": "", "name": ""},
        )

    @property
    def is_http(self) -> bool:
        return bool(self.trigger["type"].lower() == "httptrigger")

    @property
    def route(self) -> str:
        """As registered, or the name of the function."""
        return str(self.trigger.get("route") or "").strip() or self.name

    @property
    def methods(self) -> list[str] | None:
        """In upper case; ``None`` for any."""
        methods = self.trigger.get("methods")
        return [str(one).upper() for one in methods] if methods else None

    @property
    def is_disabled(self) -> bool:
        return is_disabled(self.name, self.disabled)

    def binding(self, name: str) -> Binding:
        return next(one for one in self.bindings if one["name"] == name)


class LoadError(Exception):
    """Why the worker refuses a function."""


@functools.cache
def load_functions(root: Path) -> list[Function]:
    """Load the app as the worker does: from function_app.py, or else from the folders with a function.json.

    Once: an app does not tell its functions twice.

    :raises StartError: That says what is wrong, with the file and line of the app.
    """
    sys.path.insert(0, str(root))
    packages = root / ".python_packages/lib/site-packages"
    if packages.is_dir():
        sys.path.insert(1, str(packages))
    script = os.environ.get("PYTHON_SCRIPT_FILE_NAME") or "function_app.py"
    if (root / script).exists():
        return load_v2(root, script)
    folders = sorted(file.parent for file in root.glob("*/function.json"))
    if folders:
        return [load_v1(root, folder) for folder in folders]
    raise StartError(
        f"There is neither {script} nor a folder with a function.json in {root}, so there are no functions."
    )


def load_v2(root: Path, script: str) -> list[Function]:
    register = getattr(azure.functions, "FunctionRegister", None)
    if register is None:
        raise StartError(
            "This azure-functions is too old for function_app.py. Run: pip install --upgrade azure-functions"
        )
    with reporting(root, script):
        module = importlib.import_module(Path(script).stem)
        apps = [value for value in vars(module).values() if isinstance(value, register)]
        if len(apps) != 1:
            raise StartError(
                f"{script} has {len(apps)} function apps at its top level, and has to have one."
            )
        functions = []
        for built in apps[0].get_functions():
            code = built.get_user_function()
            functions.append(
                Function(
                    name=built.get_function_name(),
                    code=code,
                    directory=str(Path(inspect.getfile(code)).parent),
                    load_directory=str(root),
                    bindings=[
                        to_binding(json.loads(one)) for one in built.get_raw_bindings()
                    ],
                )
            )
            examine(functions[-1])
    return functions


def load_v1(root: Path, folder: Path) -> Function:
    """A function with a folder of its own. If it cannot be loaded, the others still run."""
    try:
        content = read_json(folder / "function.json")
        bindings = [to_binding(one) for one in content.get("bindings") or []]
    except StartError as error:
        raise StartError(f"{folder.name}/{error}") from None
    function = Function(
        folder.name,
        lambda: None,
        str(folder),
        str(folder),
        bindings,
        content.get("disabled"),
    )
    script = content.get("scriptFile") or "__init__.py"
    path = (folder / script).resolve()
    try:
        with reporting(root, f"{folder.name}/{script}"):
            parts = ["__app__", *path.parent.relative_to(root).parts]
            name = ".".join(parts if path.stem == "__init__" else [*parts, path.stem])
            namespace = sys.modules.setdefault("__app__", types.ModuleType("__app__"))
            namespace.__path__ = [str(root)]
            module = importlib.import_module(name)
            entry = content.get("entryPoint") or "main"
            code = getattr(module, entry, None)
            if not callable(code):
                raise LoadError(
                    f"cannot load function {function.name}: function {entry}() is not present in {script}"
                )
            function.code = code
            examine(function)
    except StartError as error:
        function.error = str(error)
    return function


def to_binding(raw: Binding) -> Binding:
    """A binding, with its direction in one form."""
    direction = str(raw.get("direction") or "in").lower()
    return {
        **raw,
        "name": str(raw.get("name", "")),
        "type": str(raw.get("type", "")),
        "direction": direction,
    }


@contextmanager
def reporting(root: Path, script: str) -> Iterator[None]:
    """Make one line of what the app's own code raises while it is loaded.

    :raises StartError: With the file and line.
    """
    try:
        yield
    except (StartError, KeyboardInterrupt):
        raise
    except LoadError as error:
        raise StartError(f"{script}: {error}") from None
    except BaseException as error:
        reason = f"{type(error).__name__}: {message_of(error)}"
        raise StartError(f"{place_of(error, root, script)}: {reason}") from error


def place_of(error: BaseException, root: Path, script: str) -> str:
    """The last line of the app's own that was run, but for what is installed in its folder."""
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno
    else:
        installed = re.compile(r"[\\/](site-packages|\.?venv)[\\/]")
        frames = [
            (frame.filename, frame.lineno)
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).is_relative_to(root)
            and not installed.search(frame.filename)
            and frame.filename != __file__
        ]
        file, line = frames[-1] if frames else (script, None)
    if Path(file).is_relative_to(root):
        file = str(Path(file).relative_to(root))
    return file if line is None else f"{file}:{line}"


def message_of(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    message = " ".join(str(text).split())
    if isinstance(error, ModuleNotFoundError):
        return f"{message}. Is it in requirements.txt? Run: pip install -r requirements.txt"
    return message


def examine(function: Function) -> None:
    """Find out what a function takes and returns, and check it as the worker does.

    :raises LoadError: With the text that the worker logs.
    """

    def refuse(reason: str) -> LoadError:
        return LoadError(f"cannot load the {function.name} function: {reason}")

    parameters = dict(inspect.signature(function.code).parameters)
    annotations = typing.get_type_hints(function.code)
    bound: dict[str, Binding] = {}
    returned: str | None = None
    for binding in function.bindings:
        name = binding["name"]
        if binding["direction"] == "inout":
            raise refuse('"inout" bindings are not supported')
        if name == "$return" and binding["direction"] != "out":
            raise refuse('"$return" binding must have direction set to "out"')
        if name != "$return":
            bound[name] = binding
    explicit = next(
        (one["type"] for one in function.bindings if one["name"] == "$return"), None
    )
    implicit = [
        one["type"] for one in bound.values() if has_implicit_output(one["type"])
    ]
    returned = explicit or (implicit[-1] if implicit else None)

    if "context" in parameters and "context" not in bound:
        function.wants_context = True
        del parameters["context"]
        annotation = annotations.get("context")
        if annotation is not None and getattr(annotation, "__name__", "") != "Context":
            raise refuse(
                'the "context" parameter is expected to be of type azure.functions.Context, '
                f'got "{annotation!r}"'
            )
    if set(parameters) - set(bound):
        raise refuse(
            "the following parameters are declared in Python but not in the function definition "
            f"(function.json or function decorators): {set(parameters) - set(bound)!r}"
        )
    if set(bound) - set(parameters):
        raise refuse(
            "the following parameters are declared as bindings but are not present in Python: "
            f"{set(bound) - set(parameters)!r}"
        )
    for name in parameters:
        try:
            parameter = examine_parameter(
                bound[name], annotations.get(name), name in annotations
            )
        except LoadError as error:
            raise refuse(str(error)) from None
        (function.outputs if bound[name]["direction"] == "out" else function.inputs)[
            name
        ] = parameter
    if returned is not None:
        pytype = annotations.get("return")
        if explicit and "return" in annotations:
            if not isinstance(pytype, type):
                raise refuse(f"has invalid non-type return annotation {pytype!r}")
            if not accepts_output(returned, pytype):
                raise refuse(
                    f'Python return annotation "{pytype.__name__}" does not match binding type "{returned}"'
                )
        function.returns = Parameter(returned, pytype)


def examine_parameter(
    binding: Binding, annotation: Any, has_annotation: bool
) -> Parameter:
    name, kind = binding["name"], binding["type"]
    is_out = (
        getattr(typing.get_origin(annotation) or annotation, "__name__", "") == "Out"
    )
    pytype = annotation
    if is_out:
        arguments = typing.get_args(annotation)
        if len(arguments) != 1:
            raise LoadError(f"binding {name} has invalid Out annotation {annotation!r}")
        (pytype,) = arguments
    if not has_annotation:
        return Parameter(kind)
    if is_deferred(pytype):
        return Parameter(kind, pytype, True)
    if not isinstance(pytype, type) and not is_generic(pytype):
        raise LoadError(
            f"binding {name} has invalid non-type annotation {annotation!r}"
        )
    if (binding["direction"] == "out") != is_out:
        expected = (
            "not a subclass of azure.functions.Out"
            if not is_out
            else "azure.functions.Out in Python"
        )
        raise LoadError(
            f'binding {name} is declared to have the "{binding["direction"]}" direction, '
            f"but its annotation in Python is {expected}"
        )
    found = (
        "generic" if pytype in (str, bytes) and not has_implicit_output(kind) else kind
    )
    accepts = accepts_output(found, pytype) if is_out else accepts_input(found, pytype)
    if not accepts:
        raise LoadError(
            f'type of {name} binding in the binding decorator "{kind}" does not match its Python annotation '
            f'"{getattr(pytype, "__name__", pytype)}"'
        )
    return Parameter(found, pytype)


def is_generic(annotation: Any) -> bool:
    """``typing.List[str]``, but not ``list[str]``, nor a union."""
    origin = typing.get_origin(annotation)
    is_alias = origin is not None and not isinstance(
        annotation, (types.GenericAlias, types.UnionType)
    )
    return is_alias and origin not in (typing.Union, tuple, Callable)


def accepts_input(binding_type: str, pytype: Any) -> bool:
    web = streaming_extension()
    if web is not None and binding_type == "httpTrigger":
        return bool(web.RequestTrackerMeta.check_type(pytype))
    return bool(converter_of(binding_type).check_input_type_annotation(pytype))


def accepts_output(binding_type: str, pytype: Any) -> bool:
    web = streaming_extension()
    if web is not None and binding_type == "http":
        return bool(web.ResponseTrackerMeta.check_type(pytype))
    return bool(converter_of(binding_type).check_output_type_annotation(pytype))


def is_deferred(pytype: Any) -> bool:
    """Whether a type is one of an SDK, which azurefunctions-extensions-bindings-… makes."""
    base = sys.modules.get("azurefunctions.extensions.base")
    return base is not None and bool(
        base.get_binding_registry().check_supported_type(pytype)
    )


def streaming_extension() -> Any:
    """azurefunctions.extensions.base, if the app streams by one of its extensions."""
    base = sys.modules.get("azurefunctions.extensions.base")
    return (
        base
        if base is not None and base.HttpV2FeatureChecker.http_v2_enabled()
        else None
    )


# --------------------------------------------------------------------------------------
# Invocations, with the hooks of worker extensions around them
# --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TraceContext:
    """The trace that an invocation is part of."""

    trace_parent: str
    trace_state: str = ""
    attributes: dict[str, str] = field(default_factory=dict)

    # Their earlier names.
    Traceparent = property(operator.attrgetter("trace_parent"))
    Tracestate = property(operator.attrgetter("trace_state"))
    Attributes = property(operator.attrgetter("attributes"))


@dataclass(frozen=True)
class RetryContext:
    """Which of the retries of a function this is. Here there are none."""

    retry_count: int = 0
    max_retry_count: int = 0
    exception: object = None


class Context(azure.functions.Context):
    """What a function and its hooks are told about an invocation."""

    def __init__(
        self,
        function_name: str,
        function_directory: str,
        trace: Mapping[str, str] = types.MappingProxyType({}),
        is_traced: bool = False,
    ) -> None:
        parent = trace.get("traceparent", "")
        is_valid = re.fullmatch(TRACE_PARENT, parent) is not None
        new = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-{'01' if is_traced else '00'}"
        self._function_name = function_name
        self._function_directory = function_directory
        self._invocation_id = str(uuid.uuid4())
        self._trace_context = TraceContext(
            parent if is_valid else new,
            trace.get("tracestate", "") if is_valid else "",
        )
        self._retry_context = RetryContext()

    @property
    def invocation_id(self) -> str:
        return self._invocation_id

    @property
    def thread_local_storage(self) -> Any:
        return thread_local_storage

    @property
    def function_name(self) -> str:
        return self._function_name

    @property
    def function_directory(self) -> str:
        return self._function_directory

    @property
    def trace_context(self) -> Any:
        return self._trace_context

    @property
    def retry_context(self) -> Any:
        return self._retry_context


class Out:
    """Takes the value for an output binding."""

    def __init__(self) -> None:
        self._value: object = None

    def set(self, value: object) -> None:
        self._value = value

    def get(self) -> Any:
        return self._value


def hooks_of(hook: str, function_name: str) -> list[tuple[str, Callable[..., object]]]:
    """The hooks to run, by the rules of the worker.

    From Python 3.13 on, Azure runs none. Nor does this host: an extension has to bridge that itself.
    """
    switch = os.environ.get("PYTHON_ENABLE_WORKER_EXTENSIONS", "").strip().lower()
    if sys.version_info >= (3, 13) or switch not in ("1", "true", "t", "yes", "y"):
        return []
    meta = azure.functions.ExtensionMeta
    hooks = (
        meta.get_application_hooks()
        if hook.endswith("_app_level")
        else meta.get_function_hooks(function_name)
    )
    return [(one.ext_name, one.ext_impl) for one in getattr(hooks, hook, [])]


def run_hooks(hook: str, function_name: str, *args: object) -> None:
    """Run hooks around an invocation. An error in one is logged, and goes no further."""
    for name, run in hooks_of(hook, function_name):
        logger = logging.getLogger(f"azure_functions_worker.extension.{name}")
        try:
            run(logger, *args)
        except Exception as error:
            logger.error(error, exc_info=error)


def run_load_hooks(function_name: str, directory: str) -> None:
    """Run the hooks that follow the loading of a function."""
    for hook in ("post_function_load", "post_function_load_app_level"):
        for _, run in hooks_of(hook, function_name):
            try:
                run(function_name, directory)
            except Exception as error:
                logging.getLogger("azure_functions_worker").error(error, exc_info=error)


def call(code: Callable[..., Any], context: Context, func_args: dict[str, Any]) -> Any:
    """Call a function between its hooks. If it fails, no later hook runs."""
    run_hooks("pre_invocation_app_level", context.function_name, context, func_args)
    run_hooks("pre_invocation", context.function_name, context, func_args)
    result = code(**func_args)
    run_hooks("post_invocation", context.function_name, context, func_args, result)
    run_hooks(
        "post_invocation_app_level", context.function_name, context, func_args, result
    )
    return result


async def call_async(
    code: Callable[..., Awaitable[Any]], context: Context, func_args: dict[str, Any]
) -> Any:
    """As ``call``, for an async function. Hooks are never awaited."""
    run_hooks("pre_invocation_app_level", context.function_name, context, func_args)
    run_hooks("pre_invocation", context.function_name, context, func_args)
    result = await code(**func_args)
    run_hooks("post_invocation", context.function_name, context, func_args, result)
    run_hooks(
        "post_invocation_app_level", context.function_name, context, func_args, result
    )
    return result


def invoke(
    code: Callable[..., Any], function_name: str, directory: str, **func_args: Any
) -> Any:
    """Call a function between its hooks, sync or async, as tests of an extension do.

    :param directory: What ``context.function_directory`` says.
    :return: What the function has returned, with what hooks have made of it.
    """
    context = Context(function_name, directory)
    if "context" in inspect.signature(code).parameters:
        func_args["context"] = context
    if inspect.iscoroutinefunction(code):
        return asyncio.run(call_async(code, context, func_args))
    return call(code, context, func_args)


def decode(
    function: Function, name: str, data: Datum | None, metadata: Mapping[str, Datum]
) -> Any:
    """The value of an input, by the converter of azure-functions."""
    if function.inputs[name].is_deferred:
        return None
    kind = function.inputs[name].binding_type
    converter = converter_of(kind)
    try:
        return converter.decode(
            data, trigger_metadata=metadata if converter.has_trigger_support() else {}
        )
    except NotImplementedError:
        found = None if data is None else data.type
        raise TypeError(
            "unable to decode incoming TypedData: unsupported combination of TypedData field "
            f"{found!r} and expected binding type {converter}"
        ) from None


def encode(parameter: Parameter, value: object) -> Datum | None:
    """The value for an output, by the converter of azure-functions."""
    try:
        datum: Datum | None = converter_of(parameter.binding_type).encode(
            value, expected_type=parameter.pytype
        )
    except NotImplementedError:
        raise TypeError(
            f'unable to encode outgoing TypedData: unsupported type "{parameter.binding_type}" for '
            f'Python type "{type(value).__name__}"'
        ) from None
    return datum


@dataclass
class Output:
    """A value that a function has given to an output binding."""

    name: str
    type: str
    value: Any


@dataclass
class Run:
    """What has become of an invocation."""

    result: Any = None
    """What the function has returned."""
    error: BaseException | None = None
    """Why it has failed."""
    outputs: list[Output] = field(default_factory=list)
    returned: Datum | None = None
    """What has become of that for its binding."""
    response: Datum | None = None
    """What goes to the binding of an HTTP response."""


# --------------------------------------------------------------------------------------
# Functions by hand
# --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """What a function is run with by hand."""

    input: Any = None
    """What its trigger passes on: a message, or the path of a blob."""
    content: str | bytes = b""
    """The content of a blob."""
    trigger_metadata: Mapping[str, Any] = field(default_factory=dict)
    """In place of what is made up, by name: ``{"MessageId": "1"}``."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """The other inputs, by the name or by the type of the binding."""


def trial_from(content_type: str, body: bytes) -> Trial:
    """What the body of ``POST /admin/functions/<name>`` asks for.

    :raises RequestError: Where the Functions host refuses it.
    """
    if not re.match(
        r"\s*(application|text)/([^;\s]+\+)?json\s*(;|$)", content_type, re.IGNORECASE
    ):
        raise RequestError(415, "The Content-Type has to be application/json.")
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise RequestError(400, 'Expected a JSON object such as {"input": "message"}.')
    members = {name.lower(): member for name, member in value.items()}
    given = members.get("input")
    if isinstance(given, (dict, list)):
        raise RequestError(
            400, '"input" has to be a text. Give JSON as a text: {"input": "{}"}.'
        )
    for name in ("triggerMetadata", "inputs"):
        if not isinstance(members.get(name.lower()) or {}, dict):
            raise RequestError(400, f'"{name}" has to be an object.')
    return Trial(
        input=given if given is None or isinstance(given, str) else json.dumps(given),
        content=str(members.get("content") or ""),
        trigger_metadata=members.get("triggermetadata") or {},
        inputs=members.get("inputs") or {},
    )


def from_now(days: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def parsed(value: Any) -> Any:
    """What a text is in JSON, if it is."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def to_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value)


def to_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else to_text(value).encode()


def to_datum(value: Any) -> Datum | None:
    if value is None:
        return None
    kind = (
        "bytes"
        if isinstance(value, bytes)
        else "string"
        if isinstance(value, str)
        else "json"
    )
    return Datum(json.dumps(value) if kind == "json" else value, kind)


def to_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


MESSAGE_METADATA: dict[str, Callable[[int], dict[str, Any]]] = {
    "servicebustrigger": lambda index: {
        "MessageId": uuid.uuid4().hex,
        "SequenceNumber": index + 1,
        "DeliveryCount": 1,
        "EnqueuedTimeUtc": from_now(0),
        "ExpiresAtUtc": from_now(14),
        "LockToken": str(uuid.uuid4()),
        "ContentType": "application/json",
        "CorrelationId": str(uuid.uuid4()),
        "ApplicationProperties": {},
        "UserProperties": {},
    },
    "eventhubtrigger": lambda index: {
        "SequenceNumber": index,
        "Offset": str(index * 100),
        "EnqueuedTimeUtc": from_now(0),
        "PartitionKey": None,
        "Properties": {},
        "SystemProperties": {
            "SequenceNumber": index,
            "Offset": str(index * 100),
            "EnqueuedTimeUtc": from_now(0),
        },
    },
    "kafkatrigger": lambda index: {
        "Partition": 0,
        "Offset": index,
        "Timestamp": from_now(0),
        "Key": None,
        "Headers": [],
    },
}


def queue_metadata(text: str) -> dict[str, Any]:
    return {
        "QueueTrigger": text,
        "Id": str(uuid.uuid4()),
        "DequeueCount": 1,
        "InsertionTime": from_now(0),
        "ExpirationTime": from_now(7),
        "NextVisibleTime": from_now(1),
        "PopReceipt": "AgAAAAMAAAAAAAAA",
    }


def trigger_data(trigger: Binding, trial: Trial) -> tuple[Datum | None, dict[str, Any]]:
    """What a trigger passes on, with the metadata that a storage account or a broker would send along.

    :raises RequestError: If the input is none for this trigger.
    """
    kind = trigger["type"].lower()
    is_batch = str(trigger.get("cardinality", "")).lower() == "many"
    is_binary = (
        isinstance(trial.input, bytes)
        or str(trigger.get("dataType", "")).lower() == "binary"
    )
    if kind == "timertrigger":
        now = datetime.now(timezone.utc).isoformat()
        status = {"Last": now, "LastUpdated": now, "Next": now}
        timer = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": status,
            "IsPastDue": False,
        }
        return Datum(json.dumps(timer), "json"), {}
    if kind == "warmuptrigger":
        return Datum("{}", "json"), {}
    if kind == "blobtrigger":
        return blob_data(str(trigger.get("path") or ""), trial)
    if kind == "eventgridtrigger":
        event = parsed(trial.input)
        value = to_list(event) if is_batch else {} if event is None else event
        data = event.get("data") if isinstance(event, dict) else None
        return Datum(json.dumps(value), "json"), {} if is_batch else {
            "data": data or {}
        }
    if kind in ("cosmosdbtrigger", "sqltrigger", "mysqltrigger"):
        return Datum(json.dumps(to_list(parsed(trial.input))), "json"), {}
    if kind == "queuetrigger":
        metadata = queue_metadata(to_text(trial.input))
        return message(trial.input, is_binary), metadata
    if kind in MESSAGE_METADATA:
        make = MESSAGE_METADATA[kind]
        shared = partition_of(trigger) if kind == "eventhubtrigger" else {}
        if not is_batch:
            return message(trial.input, is_binary), {**shared, **make(0)}
        messages = to_list(parsed(trial.input))
        made = [make(index) for index in range(len(messages))]
        lists: dict[str, Any] = {
            f"{name}Array": [one[name] for one in made] for name in make(0)
        }
        if kind == "kafkatrigger":
            # Its converter reads these as the typed lists that they are in Azure.
            offsets = SimpleNamespace(sint64=lists["OffsetArray"])
            topics = SimpleNamespace(string=[trigger.get("topic")] * len(made))
            lists["OffsetArray"] = Datum(offsets, "collection_sint64")
            lists["TopicArray"] = Datum(topics, "collection_string")
        if is_binary:
            return Datum(
                SimpleNamespace(bytes=[to_bytes(one) for one in messages]),
                "collection_bytes",
            ), {**shared, **lists}
        return Datum(
            SimpleNamespace(string=[to_text(one) for one in messages]),
            "collection_string",
        ), {**shared, **lists}
    return to_datum(trial.input), {}


def message(value: Any, is_binary: bool) -> Datum:
    return (
        Datum(to_bytes(value), "bytes")
        if is_binary
        else Datum(to_text(value), "string")
    )


def partition_of(trigger: Binding) -> dict[str, Any]:
    hub, group = trigger.get("eventHubName"), trigger.get("consumerGroup") or "$Default"
    return {
        "PartitionContext": {
            "EventHubName": hub,
            "ConsumerGroup": group,
            "PartitionId": "0",
        }
    }


def blob_data(pattern: str, trial: Trial) -> tuple[Datum, dict[str, Any]]:
    """The content of a blob, and the parameters of its path."""
    path = (
        re.sub(r"\{(\w+)\}", r"\1", pattern)
        if trial.input is None
        else str(trial.input)
    )
    literals = re.split(r"\{(\w+)\}", pattern)
    source = "".join(
        f"(?P<{one}>.+?)" if index % 2 else re.escape(one)
        for index, one in enumerate(literals)
    )
    # Of a container alone, all blobs.
    match = re.fullmatch(source if "/" in pattern else f"{source}/.+", path)
    if match is None and not (trial.input is None and "/" not in pattern):
        raise RequestError(400, f'The path "{path}" is not one for {pattern}.')
    content = to_bytes(trial.content)
    return Datum(content, "bytes"), {
        **(match.groupdict() if match else {}),
        "BlobTrigger": path,
        "Uri": f"http://127.0.0.1:10000/devstoreaccount1/{path}",
        "Properties": {
            "Length": len(content),
            "ContentType": "application/octet-stream",
        },
        "Metadata": {},
    }


def to_metadata(
    function: Function, made: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Datum]:
    """Trigger metadata as the worker receives them; what is given counts, in any case."""
    names = {name.lower(): name for name in made}
    values = {
        **made,
        **{names.get(name.lower(), name): value for name, value in given.items()},
    }
    values["sys"] = {
        "MethodName": function.name,
        "UtcNow": from_now(0),
        "RandGuid": str(uuid.uuid4()),
    }
    return {name: to_metadatum(value) for name, value in values.items()}


def to_metadatum(value: Any) -> Datum:
    if isinstance(value, Datum):
        return value
    if isinstance(value, str):
        return Datum(value, "string")
    return Datum(json.dumps(value), "json")


# --------------------------------------------------------------------------------------
# What the inspector shows of values
# --------------------------------------------------------------------------------------

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


def shown_body(content: bytes, length: int) -> "Event":
    """A body, or its begin, and the length of all of it."""
    text = text_of(content[:SHOWN])
    is_cut = length > 0 if text is None else length > SHOWN
    return {
        "bytes": length,
        **({} if text is None else {"text": text}),
        "isCut": is_cut,
    }


def shown_error(error: BaseException) -> "Event":
    try:
        return {
            "message": (str(error) or type(error).__name__)[:SHOWN],
            "detail": described(error)[:SHOWN],
        }
    except Exception:  # noqa: BLE001 (an error of the app may do anything)
        return {"message": "An error that cannot be printed", "detail": ""}


# --------------------------------------------------------------------------------------
# The inspector: what runs around a function, for those who watch
# --------------------------------------------------------------------------------------

# As the page and `inspect --json` get it. A field or a type may come, and none goes.
Event = dict[str, Any]

# How many invocations are kept, and how much of them, in characters of JSON.
KEPT = 1000
KEPT_SIZE = 64 * 1024 * 1024

# How many events one who watches may fall behind.
MOST_BEHIND = 50_000

_ORIGIN = time.time() - time.perf_counter()

# What marks a function that the bridge of an extension has put hooks around.
BRIDGE = "__worker_extension_bridge__"


def now() -> float:
    """Milliseconds since 1970, with fractions. It never goes back."""
    return round((_ORIGIN + time.perf_counter()) * 1000, 3)


@dataclass(frozen=True)
class Repeatable:
    """What is needed to call a function again: a request, or what it was run with by hand."""

    request: Request | None = None
    trial: tuple[str, Trial] | None = None
    obstacle: str = ""
    """Why the request cannot be sent again."""


@dataclass
class Kept:
    """What is kept of an invocation."""

    repeatable: Repeatable
    events: list[Event] = field(default_factory=list)
    size: int = 0


class Inspector:
    """Passes events on to those who watch, and keeps those of the last invocations, in memory only."""

    def __init__(self, app: Callable[[], Event]) -> None:
        """Begin, with nobody who watches.

        :param app: Describes the app.
        """
        self.app = app
        self.off: set[str] = set()
        """Extensions that are switched off for this run, by their ids."""
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}
        self._size = 0
        self._watching: list[queue.Queue[str | None]] = []

    @property
    def is_watched(self) -> bool:
        return bool(self._watching)

    def emit(self, event: Event) -> None:
        with self._lock:
            text = json.dumps(event) if self._watching else ""
            kept = self._kept.get(event.get("invocation", ""))
            if kept is not None:
                kept.events.append(event)
                kept.size += len(text)
                self._size += len(text)
                while len(self._kept) > KEPT or self._size > KEPT_SIZE:
                    self._size -= self._kept.pop(next(iter(self._kept))).size
            for waiting in list(self._watching):
                try:
                    waiting.put_nowait(text)
                except queue.Full:
                    self._watching.remove(waiting)

    def watch(self, with_kept: bool) -> Iterator[str | None]:
        """Events as JSON: what is kept, and then each as it happens.

        ``None`` comes where nothing has happened for a second.
        """
        waiting: queue.Queue[str | None] = queue.Queue(MOST_BEHIND)
        app = self.app()
        with self._lock:
            kept = [one for kept in self._kept.values() for one in kept.events]
            self._watching.append(waiting)
        try:
            yield json.dumps(app)
            for event in kept if with_kept else []:
                yield json.dumps(event)
            while waiting in self._watching or not waiting.empty():
                try:
                    yield waiting.get(timeout=1)
                except queue.Empty:
                    yield None
        finally:
            self._leave(waiting)

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call back with each event from now on, in a thread of its own."""

        def run() -> None:
            for text in self.watch(with_kept=False):
                if text is not None:
                    listener(json.loads(text))

        threading.Thread(target=run, name="inspector", daemon=True).start()

    def close(self) -> None:
        """Let those who watch go."""
        with self._lock:
            for waiting in self._watching:
                with suppress(queue.Full):
                    waiting.put_nowait(None)
            self._watching.clear()

    def _leave(self, waiting: "queue.Queue[str | None]") -> None:
        with self._lock:
            if waiting in self._watching:
                self._watching.remove(waiting)

    def repeatable(self, invocation: str) -> Repeatable:
        """What an invocation was called with.

        :raises RequestError: If that is not known.
        """
        kept = self._kept.get(invocation)
        if kept is None:
            raise RequestError(404, "This invocation is no longer kept.")
        if kept.repeatable.obstacle:
            raise RequestError(
                409, f"It cannot be run again. {kept.repeatable.obstacle}"
            )
        return kept.repeatable

    def begin(
        self,
        function: Function,
        context: Context,
        *,
        request: Request | None = None,
        trial: Trial | None = None,
    ) -> None:
        """Tell that an invocation begins: by a request, or by hand."""
        invocation, is_watched = context.invocation_id, self.is_watched
        event: Event = {
            "type": "invocationStarted",
            "invocation": invocation,
            "at": now(),
            "function": function.name,
            "trigger": function.trigger["type"],
            "traceParent": context.trace_context.trace_parent,
            "isWatched": is_watched,
        }
        if context.trace_context.trace_state:
            event["traceState"] = context.trace_context.trace_state
        if request is not None:
            event["request"] = {
                "method": request.method,
                "url": request.url,
                "headers": shown(request.headers) if is_watched else {},
            }
            if is_watched and request.body:
                event["request"]["body"] = shown_body(request.body, len(request.body))
            repeatable = self._repeatable_request(request, is_watched)
            request.exchange = Exchange(self, invocation, is_watched)
        else:
            trial = trial or Trial()
            event["trial"] = shown(written_trial(trial)) if is_watched else {}
            repeatable = Repeatable(trial=(function.name, trial))
        with self._lock:
            self._kept[invocation] = Kept(repeatable)
        if is_watched:
            recordings[invocation] = Recording(self, invocation)
        self.emit(event)

    def _repeatable_request(self, request: Request, is_watched: bool) -> Repeatable:
        if request.body and not is_watched:
            return Repeatable(obstacle="Nobody was looking, so its body was not kept.")
        if len(request.body) > SHOWN:
            return Repeatable(
                obstacle="Its body has more than 64 kB, so it was not kept."
            )
        return Repeatable(
            Request(request.method, request.target, request.headers, request.body)
        )

    def end(self, invocation: str, run: Run) -> None:
        """Tell how an invocation has ended."""
        recording = recordings.pop(invocation, None)
        if recording is not None:
            recording.end()
        event: Event = {
            "type": "invocationEnded",
            "invocation": invocation,
            "at": now(),
            "outcome": "failed" if run.error else "succeeded",
            "outputs": [],
        }
        if run.error is not None:
            event["error"] = shown_error(run.error)
        if recording is not None:
            event["outputs"] = [
                {"name": one.name, "value": shown(one.value)} for one in run.outputs
            ]
        self.emit(event)


def written_trial(trial: Trial) -> dict[str, Any]:
    """What a function is run with by hand, as ``POST /admin/functions/<name>`` takes it."""
    members = {
        "input": trial.input,
        "content": trial.content,
        "triggerMetadata": trial.trigger_metadata,
        "inputs": trial.inputs,
    }
    return {name: value for name, value in members.items() if value}


class Exchange:
    """Tells when the response of an invocation begins and ends, and if somebody watches, what is in it."""

    def __init__(self, inspector: Inspector, invocation: str, is_watched: bool) -> None:
        self.invocation = invocation
        self._inspector = inspector
        self._is_watched = is_watched
        self._content = b""
        self._length = 0

    def begin(self, response: Response) -> None:
        self._status = response.status
        if self._is_watched:
            self._emit("responseStarted", headers=shown(dict(response.headers)))

    def add(self, chunk: bytes) -> None:
        if self._is_watched:
            self._content += chunk[: SHOWN - len(self._content)]
            self._length += len(chunk)

    def end(self, is_complete: bool) -> None:
        body = (
            {"body": shown_body(self._content, self._length)}
            if self._is_watched
            else {}
        )
        self._emit("responseEnded", isComplete=is_complete, **body)

    def _emit(self, kind: str, **fields: Any) -> None:
        event = {
            "type": kind,
            "invocation": self.invocation,
            "at": now(),
            "status": self._status,
        }
        self._inspector.emit({**event, **fields})


class Recording:
    """Tells what runs in an invocation, and what is logged and printed there."""

    def __init__(self, inspector: Inspector, invocation: str) -> None:
        self._inspector = inspector
        self._invocation = invocation
        self._printed: dict[str, str] = {}

    def run_hook(
        self, hook: "WatchedHook", args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> object:
        """Run a hook, and tell what it has changed: the arguments of the function, or its result."""
        seen: dict[str, Callable[[], Any]] = {}
        if len(args) > 2:
            seen["inputs"] = lambda: shown(without_context(args[2]))
        if len(args) > 3:
            seen["result"] = lambda: shown(args[3])
        before = {what: show() for what, show in seen.items()}
        event: Event = {
            "type": "hookRan",
            "name": f"{hook.extension.name}.{hook.name}",
            "hook": hook.name,
            "extension": hook.extension.id,
            "package": hook.extension.package,
            "start": now(),
            "next": [],
            "isSwallowed": False,
        }
        try:
            return hook.run(*args, **kwargs)
        except BaseException as error:
            event["error"] = shown_error(error)
            # The worker and the bridge log it and go on.
            event["isSwallowed"] = isinstance(error, Exception)
            raise
        finally:
            event["end"] = now()
            after = {what: show() for what, show in seen.items()}
            event["changes"] = [
                {"what": what, "before": before[what], "after": after[what]}
                for what in seen
                if before[what] != after[what]
            ]
            self._emit(event)

    @contextmanager
    def running(self, name: str, args: Mapping[str, Any]) -> Iterator[Event]:
        """Tell of the function itself. Its result goes into the event."""
        event: Event = {
            "type": "functionRan",
            "name": name,
            "inputs": shown(without_context(args)),
            "start": now(),
        }
        try:
            yield event
        except BaseException as error:
            event["error"] = shown_error(error)
            raise
        finally:
            event["end"] = now()
            if "result" in event:
                event["result"] = shown(event["result"])
            self._emit(event)

    def logged(self, level: str, message: str) -> None:
        self._emit(
            {"type": "logged", "at": now(), "level": level, "message": message[:SHOWN]}
        )

    def printed(self, level: str, text: str) -> None:
        """Tell of each line that has been printed, once it is complete."""
        *lines, rest = (self._printed.get(level, "") + text).split("\n")
        self._printed[level] = rest[:SHOWN]
        for line in lines:
            self.logged(level, line)

    def end(self) -> None:
        for level, rest in self._printed.items():
            if rest:
                self.logged(level, rest)

    def _emit(self, event: Event) -> None:
        self._inspector.emit({**event, "invocation": self._invocation})


# Of the invocations that somebody watches, by their ids.
recordings: dict[str, Recording] = {}


def recording_here() -> Recording | None:
    return recordings.get(invocation_here() or "") if recordings else None


def without_context(args: Any) -> Any:
    return (
        {name: one for name, one in args.items() if not isinstance(one, Context)}
        if isinstance(args, Mapping)
        else args
    )


class Console(io.TextIOBase):
    """A stream of the process, of which those who watch are told what an invocation prints."""

    def __init__(self, stream: typing.TextIO, level: str) -> None:
        super().__init__()
        self.stream = stream
        self._level = level

    def write(self, text: str) -> int:
        recording = recording_here()
        if recording is not None:
            recording.printed(self._level, text)
        return self.stream.write(text)

    def flush(self) -> None:
        self.stream.flush()

    def fileno(self) -> int:
        return self.stream.fileno()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def writable(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


# Extensions


@dataclass(frozen=True)
class Extension:
    """A worker extension that has registered itself: its class."""

    id: str
    """Package and class."""
    name: str
    package: Event | None
    """Its name and version."""


@functools.cache
def extension_of(cls: type) -> Extension:
    package = package_of(cls.__module__.partition(".")[0])
    owner = package["name"] if package else cls.__module__
    return Extension(f"{owner}/{cls.__qualname__}", cls.__name__, package)


@functools.cache
def package_of(module: str) -> Event | None:
    """The package that a module has been installed with."""
    names = importlib.metadata.packages_distributions().get(module)
    if not names:
        return None
    return {"name": names[0], "version": importlib.metadata.version(names[0])}


def owner_of(run: Callable[..., object]) -> Any:
    """What a hook belongs to: the class at application level, and at function level the instance."""
    return getattr(run, "__self__", None)


def class_of(owner: object) -> type:
    return owner if isinstance(owner, type) else type(owner)


def is_own(run: Callable[..., object]) -> bool:
    """Whether it is a hook of an extension, and not what it inherits, which does nothing."""
    module = getattr(getattr(run, "__func__", run), "__module__", None) or ""
    return owner_of(run) is not None and not module.startswith("azure.functions.")


class WatchedHook:
    """Stands for a hook, and has it recorded."""

    def __init__(self, name: str, run: Callable[..., object]) -> None:
        self.name = name
        self.run = run
        self.extension = extension_of(class_of(owner_of(run)))

    @property
    def __self__(self) -> "WatchedOwner":
        return WatchedOwner(owner_of(self.run))

    def __call__(self, *args: object, **kwargs: object) -> object:
        recording = recording_here()
        if recording is None:
            return self.run(*args, **kwargs)
        return recording.run_hook(self, args, kwargs)


class WatchedOwner:
    """Stands for an extension of which the bridge asks for hooks of failures."""

    def __init__(self, owner: object) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._owner, name)
        return (
            WatchedHook(name, value) if name.startswith("invocation_failed") else value
        )


class Extensions:
    """Stands between ``ExtensionMeta``, where hooks are registered, and who runs them.

    That is the worker, or from Python 3.13 on the bridge of an extension. Either asks for the hooks at each
    call, and gets those that are not switched off, and if somebody watches, has them recorded.
    """

    GETTERS = ("get_application_hooks", "get_function_hooks")

    def __init__(self, off: set[str]) -> None:
        self._off = off
        meta = azure.functions.ExtensionMeta
        self._replaced = {name: vars(meta)[name] for name in self.GETTERS}
        self._application: Callable[[], Any] = meta.get_application_hooks
        self._function: Callable[[str], Any] = meta.get_function_hooks
        for name in self.GETTERS:
            getter = getattr(meta, name)
            setattr(
                meta,
                name,
                staticmethod(lambda *args, getter=getter: self._to_run(getter(*args))),
            )

    def restore(self) -> None:
        for name, getter in self._replaced.items():
            setattr(azure.functions.ExtensionMeta, name, getter)

    def _to_run(self, hooks: Any) -> Any:
        if hooks is None or not (self._off or recording_here()):
            return hooks
        return hooks._replace(
            **{
                name: [
                    one._replace(ext_impl=WatchedHook(name, one.ext_impl))
                    if is_own(one.ext_impl)
                    else one
                    for one in getattr(hooks, name)
                    if not self._is_off(one.ext_impl)
                ]
                for name in hooks._fields
            }
        )

    def _is_off(self, run: Callable[..., object]) -> bool:
        owner = owner_of(run)
        return owner is not None and extension_of(class_of(owner)).id in self._off

    def describe(self) -> list[Event]:
        """Each extension, from the outside in."""
        registered = json.loads(
            azure.functions.ExtensionMeta.get_registered_extensions_json()
        )
        found = [self._application()]
        found += [self._function(name) for name in registered.get("FuncExtension", {})]
        owners: dict[str, list[Any]] = {}
        hooks: dict[str, list[str]] = {}
        extensions: dict[str, Extension] = {}
        for group in filter(None, found):
            for name in group._fields:
                for one in getattr(group, name):
                    owner = owner_of(one.ext_impl)
                    if owner is None:
                        continue
                    extension = extension_of(class_of(owner))
                    extensions[extension.id] = extension
                    known = owners.setdefault(extension.id, [])
                    if not any(owner is other for other in known):
                        known.append(owner)
                    names = hooks.setdefault(extension.id, [])
                    if is_own(one.ext_impl) and name not in names:
                        names.append(name)
        return [
            {
                "id": extension.id,
                "name": extension.name,
                "package": extension.package,
                "place": place,
                "failsClosed": False,
                "hooks": hooks[extension.id],
                "options": [
                    options
                    for options in map(options_of, owners[extension.id])
                    if options
                ],
                "isOff": extension.id in self._off,
            }
            for place, extension in enumerate(extensions.values(), 1)
        ]


# What azure-functions itself keeps in an extension.
NO_OPTIONS = {"_scope", "_trigger_name", "_abc_impl"}


def options_of(owner: object) -> Any:
    """How an extension is configured: what it keeps of plain data, or what its hooks do."""
    kept = vars(getattr(owner, "_hooks", owner))
    return shown(
        {
            name.lstrip("_"): value
            for name, value in kept.items()
            if name not in NO_OPTIONS
            and not name.startswith("__")
            and isinstance(value, (str, int, float, list, tuple, dict, set, frozenset))
        }
    )


def observe(function: Function) -> None:
    """Have a function recorded, without the hooks that a bridge has put around it."""
    if function.is_observed or function.error is not None:
        return
    function.is_observed = True
    inner = getattr(function.code, "__wrapped__", None)
    for cell in getattr(function.code, "__closure__", None) or ():
        if hasattr(function.code, BRIDGE) and holds(cell, inner):
            cell.cell_contents = observed(cell.cell_contents, function.name)
            return
    function.code = observed(function.code, function.name)


def holds(cell: types.CellType, value: object) -> bool:
    try:
        return cell.cell_contents is value
    except ValueError:
        return False  # It is empty.


def observed(code: Callable[..., Any], name: str) -> Callable[..., Any]:
    run: Callable[..., Any]
    if inspect.iscoroutinefunction(code):

        @functools.wraps(code)
        async def run(**args: Any) -> Any:
            recording = recording_here()
            if recording is None:
                return await code(**args)
            with recording.running(name, args) as event:
                event["result"] = result = await code(**args)
            return result

    else:

        @functools.wraps(code)
        def run(**args: Any) -> Any:
            recording = recording_here()
            if recording is None:
                return code(**args)
            with recording.running(name, args) as event:
                event["result"] = result = code(**args)
            return result

    return run


# --------------------------------------------------------------------------------------
# The inspector in a terminal
# --------------------------------------------------------------------------------------

BAR = 24


@dataclass(frozen=True)
class Row:
    """What has taken some time in an invocation."""

    start: float
    end: float
    name: str
    note: str = ""

    def bar(self, begin: float, end: float) -> str:
        scale = BAR / max(end - begin, 0.001)
        first = min(max(math.floor((self.start - begin) * scale), 0), BAR - 1)
        last = min(max(math.ceil((self.end - begin) * scale), first + 1), BAR)
        return f"|{' ' * first}{'━' * (last - first)}{' ' * (BAR - last)}|"


class Waterfalls:
    """Puts the events of invocations together, and prints the waterfall of each when it is over."""

    def __init__(self) -> None:
        self._running: dict[str, list[Event]] = {}

    def add(self, event: Event) -> None:
        """Take an event. Those of invocations that have begun before are left out."""
        invocation = event.get("invocation", "")
        if event["type"] == "invocationStarted":
            self._running[invocation] = []
        events = self._running.get(invocation)
        if events is None:
            return
        events.append(event)
        kinds = {one["type"] for one in events}
        if "invocationEnded" in kinds and (
            "responseEnded" in kinds or "request" not in events[0]
        ):
            print(waterfall(self._running.pop(invocation)), flush=True)


def waterfall(events: Sequence[Event]) -> str:
    """An invocation as text: a line for what it was, and one for all that ran or was logged."""
    one_of = {event["type"]: event for event in events}
    started, ran = one_of["invocationStarted"], one_of.get("functionRan")
    begin = started["at"]
    end = max(event["at"] for event in events if event["type"].endswith("Ended"))
    rows = [hook_row(one) for one in events if one["type"] == "hookRan"]
    if ran is not None:
        note = failure("fails", ran["error"]) if "error" in ran else ""
        rows.append(Row(ran["start"], ran["end"], ran["name"], note))
    response = one_of.get("responseEnded")
    if response is not None and "responseStarted" in one_of:
        length = response.get("body", {}).get("bytes", 0)
        note = f"{length} bytes" + ("" if response["isComplete"] else ", broken off")
        rows.append(
            Row(one_of["responseStarted"]["at"], response["at"], "response", note)
        )
    lines = [(row, f"{'  ' * depth}{row.name}") for row, depth in nested(rows)]
    width = max((len(name) for _, name in lines), default=0)
    printed = [
        (
            row.start,
            f"{name.ljust(width)}  {row.bar(begin, end)}  {milliseconds(row.end - row.start)}  {row.note}",
        )
        for row, name in lines
    ]
    printed += [
        (one["at"], f"{one['level']}: {printable(one['message'])}")
        for one in events
        if one["type"] == "logged"
    ]
    return "\n".join(
        [
            headline(one_of, end - begin),
            *(
                f"  {milliseconds(at - begin)}  {text}".rstrip()
                for at, text in sorted(printed, key=operator.itemgetter(0))
            ),
            "",
        ]
    )


def headline(one_of: Mapping[str, Event], length: float) -> str:
    started, ended = one_of["invocationStarted"], one_of["invocationEnded"]
    request, response = started.get("request"), one_of.get("responseEnded")
    what = (
        f"{request['method']} {printable('/' + request['url'].split('/', 3)[3])}"
        if request
        else started["trigger"]
    )
    outcome = [
        str(response["status"]) if response else ended["outcome"],
        milliseconds(length).strip(),
        *(
            ["the function has not run"]
            if started["isWatched"] and "functionRan" not in one_of
            else []
        ),
        *([failure("failed", ended["error"])] if "error" in ended else []),
    ]
    return "  ".join([started["function"], what, ", ".join(outcome)])


def hook_row(hook: Event) -> Row:
    changed = [one["what"] for one in hook["changes"]]
    notes = [f"changes {', '.join(changed)}"] if changed else []
    if "error" in hook:
        how = "fails and is skipped" if hook["isSwallowed"] else "fails"
        notes.append(failure(how, hook["error"]))
    return Row(hook["start"], hook["end"], hook["name"], "; ".join(notes))


def failure(how: str, error: Event) -> str:
    return f"{how}: {printable(error['message'])}"


def nested(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """What runs within something else is below it, and further in."""
    opened: list[Row] = []
    found = []
    for row in sorted(rows, key=lambda one: (one.start, -one.end)):
        while opened and opened[-1].end < row.end:
            opened.pop()
        found.append((row, len(opened)))
        opened.append(row)
    return found


def milliseconds(length: float) -> str:
    return f"{length:.2f} ms".rjust(10)


def printable(text: str) -> str:
    """On one line, and without what a terminal would obey."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", re.sub(r"\s*\n\s*", " ", text))


def inspect_running(port: int, is_json: bool) -> None:
    """Print what happens in an app that runs on this machine, until its host ends.

    :param is_json: One event a line, in place of waterfalls.
    :raises StartError: If there is none.
    """
    where = f"http://127.0.0.1:{port}"
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/admin/inspector/events?kept=0")
        response = connection.getresponse()
    except OSError:
        response = None
    if response is None or response.status != 200:
        raise StartError(
            f"No local host runs on {where}. Start the app there first, or choose another port with --port."
        )
    print(f"Inspecting {where}. Press Ctrl+C to stop.", file=sys.stderr, flush=True)
    waterfalls = Waterfalls()
    # A host that is killed breaks the connection off.
    with suppress(http.client.HTTPException, ConnectionError):
        for line in response:
            text = line.decode().rstrip()
            if not text.startswith("data: "):
                continue
            if is_json:
                print(text[6:], flush=True)
            else:
                waterfalls.add(json.loads(text[6:]))
    print("The local host has ended.", file=sys.stderr)


# --------------------------------------------------------------------------------------
# The host
# --------------------------------------------------------------------------------------

LOCAL = re.compile(
    r"(https?://)?(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE
)

# How long running functions have to end when the host stops, in seconds.
GRACE = 0.9

AZURE_SAYS = {
    404: "Azure answers 404 without a body.",
    405: "Azure answers 404 without a body, and not 405.",
}


class Host:
    """An app that has been loaded, and what calls its functions.

    Sync functions run in a pool of threads, async ones on one event loop, as in Azure.
    """

    def __init__(self, root: Path, log: Log) -> None:
        self.root = root
        self.log = log
        self.url = ""
        self.started = time.monotonic()
        self.loop = asyncio.new_event_loop()
        self.running: dict[str, str] = {}
        """The names of the functions that run, by invocation."""
        self._open: set[Future[Any]] = set()
        self._has_stopped = False
        self._pool: ThreadPoolExecutor | None = None
        self._streams: dict[str, Stream] = {}
        self._web_port = 0
        self.inspector = Inspector(self.describe_app)
        self._desk = InspectorDesk(self)
        self._extensions: Extensions | None = None
        threading.Thread(
            target=self.loop.run_forever, name="event loop", daemon=True
        ).start()

    def load(self, port: int) -> None:
        """Read the settings, and load the app.

        :raises StartError: That says what is wrong.
        """
        self.url = f"http://127.0.0.1:{port}"
        self.settings = read_local_settings(self.root)
        added, skipped, warnings = environment_of(self.settings, self.root, port)
        os.environ.update(added)
        self.config = read_host_json(self.root)
        self.log.levels = self.config.log_levels
        for message in warnings:
            self.log("warning", message)
        for message in skipped:
            self.log("information", message)
        self._listen_to_loggers()
        threads = os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT", "")
        self._pool = ThreadPoolExecutor(
            int(threads) if threads.isdecimal() and int(threads) > 0 else None
        )
        self._extensions = Extensions(self.inspector.off)
        self.table = RouteTable(self.on_loop(self._load_functions()), self.config)
        for function in self.table.functions:
            observe(function)
        for warning in self.table.warnings():
            self.log("warning", warning)
        if not self.table.functions:
            self.log("warning", "The app has no function that can be called.")

    async def _load_functions(self) -> list[Function]:
        # On the event loop, as in Azure: asyncio.run() fails there, and create_task() works.
        functions = load_functions(self.root)
        for function in functions:
            if function.error is None:
                run_load_hooks(function.name, function.load_directory)
        web = streaming_extension()
        if web is not None:
            await self._start_web_server(web)
        return functions

    def _listen_to_loggers(self) -> None:
        self._handler = LogHandler(self.log, self.running.get)
        logging.root.addHandler(self._handler)
        is_debug = os.environ.get("PYTHON_ENABLE_DEBUG_LOGGING", "").lower() in (
            "1",
            "true",
        )
        logging.root.setLevel(logging.DEBUG if is_debug else logging.INFO)

    def on_loop(self, work: "typing.Coroutine[Any, Any, Any]") -> Any:
        """Wait for something that runs on the event loop.

        :raises RequestError: 500 if the host stops in the meantime.
        """
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        self._open.add(future)
        if self._has_stopped:
            future.cancel()
        try:
            return future.result()
        except (CancelledError, asyncio.CancelledError):
            raise RequestError(500) from None
        finally:
            self._open.discard(future)

    def stop(self, grace: float = GRACE) -> bool:
        """Let running functions end, and then answer what is open with 500.

        :return: Whether no function runs any more.
        """
        end = time.monotonic() + grace
        while self.running and time.monotonic() < end:
            time.sleep(0.02)
        self._has_stopped = True
        self.inspector.close()
        for future in list(self._open):
            future.cancel()
        if self._pool is not None:
            logging.root.removeHandler(self._handler)
            self.extensions.restore()
            self._pool.shutdown(wait=False, cancel_futures=True)
        has_ended = not self.running
        self.loop.call_soon_threadsafe(self.loop.stop)
        return has_ended

    def describe(self) -> Iterator[str]:
        """The functions, each with what calls it, or why nothing can."""
        for function in self.table.functions:
            route = next(
                (one for one in self.table.routes if one.function is function), None
            )
            if function.is_disabled:
                yield f"{function.name}: disabled"
            elif function.error:
                yield f"{function.name}: in error: {function.error}"
            elif route is not None:
                methods = ",".join(function.methods or ["any method"])
                yield f"{function.name}: [{methods}] {self.url}/{route.template}"
            else:
                yield f"{function.name}: [POST] {self.url}/admin/functions/{function.name} ({function.trigger['type']})"
        for name, reason in self.table.in_error.items():
            yield f"{name}: {reason}"

    @property
    def extensions(self) -> Extensions:
        return typing.cast(Extensions, self._extensions)

    def describe_app(self) -> Event:
        """The app, as the inspector has it."""
        functions = [
            self._inspected(one, self.table.in_error.get(one.name))
            for one in self.table.functions
        ]
        return {
            "type": "app",
            "at": now(),
            "root": str(self.root),
            "functions": functions,
            "extensions": self.extensions.describe(),
            "hooks": [],
        }

    def _inspected(self, function: Function, reason: str | None) -> Event:
        event: Event = {
            "name": function.name,
            "trigger": function.trigger["type"],
            "inputs": [
                function.binding(name)["type"]
                for name in function.inputs
                if name != function.trigger["name"]
            ],
        }
        template = self._template(function)
        if template is not None:
            event["route"] = template
            if function.methods:
                event["methods"] = function.methods
        reason = function.error or reason
        if function.is_disabled or reason:
            event["off"] = "disabled" if function.is_disabled else f"in error: {reason}"
        return event

    def _template(self, function: Function) -> str | None:
        """The route of a function that has one."""
        return next(
            (one.template for one in self.table.routes if one.function is function),
            None,
        )

    # Requests

    def respond(self, request: Request) -> Response:
        """Answer a request, whatever comes of it."""
        try:
            is_preflight, headers = decide_cors(request, self.settings)
            response = Response(204) if is_preflight else self._respond(request)
        except RequestError as error:
            response = text_response(error.status, str(error))
            if error.allow:
                response.headers.append(("allow", error.allow))
        except Exception:  # noqa: BLE001 (it is logged, and the host goes on)
            self.log("error", traceback.format_exc())
            response, headers = text_response(500), []
        names = {name.lower() for name, _ in response.headers}
        custom = [
            (name, value)
            for name, value in self.config.custom_headers.items()
            if name.lower() not in names
        ]
        return Response(
            response.status, [*response.headers, *headers, *custom], response.body
        )

    def _respond(self, request: Request) -> Response:
        path = request.path
        answer = self._desk.answer(request, path)
        if answer is not None:
            return answer
        if re.match("/admin(/|$)", path, re.IGNORECASE):
            return self._administer(request, path)
        try:
            route, params = self.table.match(request.method, path)
        except RequestError as error:
            self.log.once(
                f"{error.status}",
                f"{request.method} {path}: {AZURE_SAYS[error.status]}",
            )
            raise
        function = route.function
        if function.is_disabled:
            self.log.once(
                f"disabled {function.name}",
                f"{function.name} is disabled: {AZURE_SAYS[404]}",
            )
            raise RequestError(404, f"The function {function.name} is disabled.")
        if (
            self.config.max_requests is not None
            and len(self.running) >= self.config.max_requests
        ):
            raise RequestError(429)
        return self.request(function, request, params)

    def request(
        self, function: Function, request: Request, params: Mapping[str, str]
    ) -> Response:
        """Call an HTTP function."""
        self._refuse_unloaded(function)
        context = self._context(function, request.headers)
        if streaming_extension() is not None:
            self._begin(function, context, request)
            return self._stream(function, context, request, params)
        if int(request.headers.get("content-length") or 0) == 0:
            if request.body:
                self.log.once(
                    f"body {function.name}",
                    f"{function.name}: a body without Content-Length arrives empty, as in Azure.",
                )
            request.body = b""
        self._begin(function, context, request)
        data = {
            function.trigger["name"]: to_http_datum(request, params),
            **self._other_inputs(function, {}),
        }
        run = self.on_loop(self.invoke(function, context, data, {}))
        self._log_outputs(function, run)
        if run.error is not None:
            raise RequestError(500)
        try:
            response = to_response(run.response)
            check_length(response, request.method)
            return response
        except ValueError as error:
            self.log("error", f"{function.name}: {error}", f"Function.{function.name}")
            raise RequestError(500) from None

    def _begin(self, function: Function, context: Context, request: Request) -> None:
        self.inspector.begin(function, context, request=request)
        self._desk.note(request.client_port, context.invocation_id)

    def _refuse_unloaded(self, function: Function) -> None:
        if function.error:
            self.log("error", function.error, f"Function.{function.name}")
            raise RequestError(500)

    def _administer(self, request: Request, path: str) -> Response:
        """What the host itself answers, to tools and pages of this machine."""
        host = request.headers.get("host", "localhost")
        if not LOCAL.fullmatch(host) or not LOCAL.fullmatch(
            request.headers.get("origin", host)
        ):
            raise RequestError(403, "The host answers this to this machine only.")
        area, name, detail, *more = [
            *filter(None, path.lower().split("/")[2:]),
            "",
            "",
            "",
        ]
        function = self.table.find(name) if area == "functions" and name else None
        if area == "functions" and name and function is None:
            raise RequestError(404, f"There is no function {name}.")
        if function is not None and not detail and request.method == "POST":
            trial = trial_from(request.headers.get("content-type", ""), request.body)
            self.begin(function, trial, request.headers)
            return Response(202)
        answers: dict[tuple[str, str], Callable[[], Response]] = {
            ("functions", ""): lambda: json_response(
                [self._described(one) for one in self.table.functions]
            ),
            ("host/status", ""): lambda: json_response(
                {
                    "id": "local-host",
                    "state": "Running",
                    "version": "4.1000.0",
                    "processUptime": int((time.monotonic() - self.started) * 1000),
                }
            ),
            ("host/ping", ""): lambda: Response(200),
            ("function", ""): lambda: json_response(
                self._described(typing.cast(Function, function))
            ),
            ("function", "status"): lambda: json_response({}),
        }
        kind = (
            "function"
            if function
            else area
            if area == "functions"
            else f"{area}/{name}"
        )
        answer = answers.get((kind, detail))
        if answer is None or any(more[:-3]):
            raise RequestError(404)
        if request.method != "GET":
            allow = "GET, POST" if kind == "function" and not detail else "GET"
            raise RequestError(
                405,
                "A function is run by hand with POST, and all else is read with GET.",
                allow,
            )
        return answer()

    def _described(self, function: Function) -> dict[str, Any]:
        route = self._template(function)
        return {
            "name": function.name,
            "language": "python",
            "href": f"{self.url}/admin/functions/{function.name}",
            "isDisabled": function.is_disabled,
            "invoke_url_template": None if route is None else f"{self.url}/{route}",
            "config": {"name": function.name, "bindings": function.bindings},
        }

    # Invocations

    def run(self, name: str, trial: Trial) -> Run:
        """Run a function by hand, and wait for its end.

        :raises RequestError: If there is no such function, or if it cannot be run in this way.
        """
        function = self.table.find(name)
        if function is None:
            names = ", ".join(one.name for one in self.table.functions)
            raise RequestError(
                404, f"There is no function {name}. There is: {names or 'none'}."
            )
        return self._prepare(function, trial, {})[1]()

    def begin(
        self, function: Function, trial: Trial, headers: Mapping[str, str]
    ) -> str:
        """Begin to run a function by hand. As in the real host, nobody waits for its end.

        :return: The id of the invocation.
        :raises RequestError: If it cannot be run in this way.
        """
        invocation, run = self._prepare(function, trial, headers)
        threading.Thread(target=run, daemon=True).start()
        return invocation

    def _prepare(
        self, function: Function, trial: Trial, headers: Mapping[str, str]
    ) -> tuple[str, Callable[[], Run]]:
        """The id of an invocation by hand, and what runs it.

        :raises RequestError: If it cannot be run in this way.
        """
        self._refuse_unloaded(function)
        others = {name for name in function.inputs if name != function.trigger["name"]}
        known = others | {function.binding(name)["type"] for name in others}
        unknown = next((name for name in trial.inputs if name not in known), None)
        if unknown is not None:
            names = ", ".join(sorted(others)) or "none"
            raise RequestError(
                400, f'{function.name} has no input "{unknown}". It has: {names}.'
            )
        if function.is_http:
            body = to_bytes(trial.input)
            sent = {
                "host": self.url.partition("://")[2],
                **headers,
                "content-length": str(len(body)),
            }
            template = next(
                one.template for one in self.table.routes if one.function is function
            )
            request = Request("POST", f"/{template}", sent, body)
            data: Datum | None = to_http_datum(request, {})
            made: dict[str, Any] = {}
        else:
            data, made = trigger_data(function.trigger, trial)
        context = self._context(function, headers)
        inputs = {
            function.trigger["name"]: data,
            **self._other_inputs(function, trial.inputs),
        }
        metadata = to_metadata(function, made, trial.trigger_metadata)

        def run() -> Run:
            self.inspector.begin(function, context, trial=trial)
            if function.is_http and streaming_extension() is not None:
                response = self._stream(function, context, request, {})
                return Run(result=b"".join(typing.cast(Iterator[bytes], response.body)))
            done: Run = self.on_loop(self.invoke(function, context, inputs, metadata))
            self._log_outputs(function, done)
            return done

        return context.invocation_id, run

    def _context(self, function: Function, headers: Mapping[str, str]) -> Context:
        return Context(
            function.name, function.directory, headers, self.config.is_traced
        )

    def _other_inputs(
        self, function: Function, given: Mapping[str, Any]
    ) -> dict[str, Datum | None]:
        """The inputs beside the trigger. What is not given is ``None``, since nothing can be read."""
        values: dict[str, Datum | None] = {}
        trigger = function.trigger["name"]
        for name in function.inputs:
            kind = function.binding(name)["type"]
            if name != trigger:
                found = next((one for one in (name, kind) if one in given), None)
                if found is None:
                    self.log.once(
                        f"input {function.name} {name}",
                        f"{function.name}, {name}: this input is None here. Azure reads it by its binding ({kind}); "
                        "run the function by hand to supply it.",
                    )
                values[name] = None if found is None else to_datum(given[found])
        return values

    async def invoke(
        self,
        function: Function,
        context: Context,
        data: Mapping[str, Datum | None],
        metadata: Mapping[str, Datum],
    ) -> Run:
        """Invoke a function, and log what becomes of it: an error with all that it carries."""
        name, invocation = function.name, context.invocation_id
        category = f"Function.{name}"
        run = Run()
        started = time.perf_counter()
        self.running[invocation] = name
        current_invocation.set(invocation)
        self.log("information", f"Executing {name} ({invocation})", category)
        for one, parameter in function.inputs.items():
            if parameter.is_deferred:
                self.log.once(
                    f"client {name} {one}",
                    f"{name}, {one}: this is None here. Azure makes a client of it.",
                )
        try:
            args = {
                one: decode(function, one, value, metadata)
                for one, value in data.items()
                if value is not None
            }
            args.update({one: None for one, value in data.items() if value is None})
            await self._complete(function, context, args, run)
        except Exception as error:  # noqa: BLE001 (it is logged below)
            run.error = error
        except asyncio.CancelledError as error:
            run.error = error
            raise
        finally:
            del self.running[invocation]
            self._streams.pop(invocation, None)
            self.inspector.end(invocation, run)
        sys.stdout.flush()
        took = f"{round((time.perf_counter() - started) * 1000)} ms, {invocation}"
        if run.error is None:
            self.log("information", f"Executed {name} (succeeded, {took})", category)
        else:
            self.log(
                "error",
                f"Executed {name} (failed, {took}): {described(run.error)}",
                category,
            )
        return run

    async def _complete(
        self, function: Function, context: Context, args: dict[str, Any], run: Run
    ) -> None:
        """Call the function, and convert what it gives by the rules of the worker."""
        stream = self._streams.get(context.invocation_id)
        if stream is not None:
            request = await stream.request
            web = streaming_extension()
            web.RequestTrackerMeta.get_synchronizer().sync_route_params(
                request, args[function.trigger["name"]].route_params
            )
            args[function.trigger["name"]] = request
        if function.wants_context:
            args["context"] = context
        args.update({name: Out() for name in function.outputs})
        try:
            run.result = await self._call(function, context, args)
            self._check_result(function, run.result, stream)
        except Exception as error:
            if stream is not None:
                stream.response.set_exception(error)
            raise
        if stream is not None:
            stream.response.set_result(run.result)
        for name, parameter in function.outputs.items():
            value = args[name].get()
            if value is not None:
                self._put(function, name, encode(parameter, value), run)
        if function.returns is not None and stream is None:
            run.returned = encode(function.returns, run.result)
            self._put(function, "$return", run.returned, run)

    def _check_result(
        self, function: Function, result: object, stream: "Stream | None"
    ) -> None:
        if result is not None and function.returns is None:
            raise RuntimeError(
                f"function {function.name!r} without a $return binding returned a "
                "non-None value"
            )
        if result is None and stream is not None:
            raise ValueError("No http response found: the function has returned None")

    def _put(
        self, function: Function, name: str, datum: Datum | None, run: Run
    ) -> None:
        """Keep a value that goes to a binding."""
        kind = next(
            (one["type"] for one in function.bindings if one["name"] == name),
            function.trigger["type"],
        )
        if kind.lower() == "http":
            run.response = datum
        elif datum is not None and datum.type is not None:
            run.outputs.append(Output(name, kind, datum.python_value))

    async def _call(
        self, function: Function, context: Context, args: dict[str, Any]
    ) -> Any:
        """Call an async function here and a sync one in the pool, for as long as host.json allows."""

        async def on_loop() -> Any:
            with refusing_exit():
                return await call_async(function.code, context, args)

        def in_pool() -> Any:
            token = current_invocation.set(context.invocation_id)
            thread_local_storage.invocation_id = context.invocation_id
            try:
                with refusing_exit():
                    return call(function.code, context, args)
            finally:
                current_invocation.reset(token)
                thread_local_storage.invocation_id = None

        thread_local_storage.invocation_id = context.invocation_id
        work: asyncio.Future[Any]
        if function.is_async:
            work = asyncio.ensure_future(on_loop())
        else:
            work = self.loop.run_in_executor(self._pool, in_pool)
        done, _ = await asyncio.wait({work}, timeout=self.config.timeout)
        if not done:
            work.cancel()
            raise RuntimeError(
                f"{function.name} takes longer than functionTimeout in host.json allows "
                f"({self.config.timeout:g} s). Azure ends the worker then, and starts it again."
            )
        return work.result()

    def _log_outputs(self, function: Function, run: Run) -> None:
        for output in run.outputs:
            message = f"Output {output.name} ({output.type}): {output.value!r}"
            self.log("information", message, f"Function.{function.name}")

    # Streaming, by azurefunctions-extensions-http-fastapi and its like

    async def _start_web_server(self, base: Any) -> None:
        """Start the server of the extension. It gets requests from this host, as in Azure from the real one."""
        extension = importlib.import_module(base.ModuleTrackerMeta.get_module())
        app = extension.WebApp()

        async def catch_all(request: Any) -> Any:
            stream = self._streams[request.headers["x-ms-invocation-id"]]
            stream.request.set_result(request)
            try:
                return await stream.response
            except Exception:  # noqa: BLE001 (it is logged with the invocation)
                failed = base.ResponseTrackerMeta.get_standard_response_type()
                return failed("Internal Server Error", 500, media_type="text/plain")

        catch_all.__annotations__["request"] = (
            base.RequestTrackerMeta.get_request_type()
        )
        app.route(catch_all)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._web_port = probe.getsockname()[1]
        for name in ("uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).addFilter(
                lambda record: record.levelno > logging.INFO
            )
        server = extension.WebServer("127.0.0.1", self._web_port, app)
        self._web_server = asyncio.ensure_future(server.serve())
        for _ in range(500):
            await asyncio.sleep(0.02)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._web_port)) == 0:
                    return
        raise StartError("The server of the HTTP extension does not start.")

    def _stream(
        self,
        function: Function,
        context: Context,
        request: Request,
        params: Mapping[str, str],
    ) -> Response:
        """Pass a request on to the server of the extension, and its response back as it comes."""
        invocation = context.invocation_id

        async def invoke() -> Run:
            return await self.invoke(function, context, data, {})

        async def begin() -> "asyncio.Future[Run]":
            self._streams[invocation] = Stream(
                self.loop.create_future(), self.loop.create_future()
            )
            return asyncio.ensure_future(invoke())

        bare = Request(request.method, "", {})
        data = {
            function.trigger["name"]: to_http_datum(bare, params),
            **self._other_inputs(function, {}),
        }
        running: asyncio.Future[Run] = self.on_loop(begin())
        connection = http.client.HTTPConnection("127.0.0.1", self._web_port)
        sent = {
            name: value
            for name, value in request.headers.items()
            if name not in CONNECTION_HEADERS
        }
        sent |= {
            "x-ms-invocation-id": invocation,
            "content-length": str(len(request.body)),
        }
        encoded = {name: value.encode() for name, value in sent.items()}
        try:
            connection.request(request.method, request.target, request.body, encoded)
            answer = connection.getresponse()
        except OSError as error:
            self.loop.call_soon_threadsafe(running.cancel)
            raise RequestError(502) from error
        headers = [
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in CONNECTION_HEADERS
        ]

        def chunks() -> Iterator[bytes]:
            try:
                yield from iter(lambda: answer.read1(65536), b"")
            finally:
                connection.close()

        return Response(answer.status, headers, chunks())


@dataclass(frozen=True)
class Stream:
    """What an invocation and the server of the HTTP extension exchange."""

    request: "asyncio.Future[Any]"
    response: "asyncio.Future[Any]"


class ExitError(Exception):
    """The app has asked for the end of its process."""


@contextmanager
def refusing_exit() -> Iterator[None]:
    """Make an error of an exit: it would end the host, as it ends the worker in Azure."""
    try:
        yield
    except SystemExit as error:
        raise ExitError(
            f"sys.exit({error.code!r}): Azure ends the worker then, and starts it again."
        ) from error


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


def to_http_datum(request: Request, params: Mapping[str, str]) -> Datum:
    """A request in the form that the converter of azure-functions takes."""

    def texts(values: Mapping[str, str]) -> dict[str, Datum]:
        return {name: Datum(value, "string") for name, value in values.items()}

    value = {
        "method": Datum(request.method, "string"),
        "url": Datum(request.url, "string"),
        "headers": texts(request.headers),
        "params": texts(params),
        "query": texts(request.query),
        "body": Datum(request.body, "bytes"),
    }
    return Datum(value, "http")


# --------------------------------------------------------------------------------------
# What the host does for those who inspect it
# --------------------------------------------------------------------------------------

# The page: one file, with its style and its script in it.
PAGE = ""

# What the page may do: run what is in it, and talk to this host. Nothing else, and in no frame.
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Headers that are about the connection, or that http.client sets itself.
NOT_SENT = {
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
}


def page_response() -> Response:
    def hash_of(tag: str) -> str:
        content = re.search(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = hashlib.sha256((content[1] if content else "").encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    policy = POLICY.format(script=hash_of("script"), style=hash_of("style"))
    return Response(
        200,
        [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", policy),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ],
        PAGE.encode(),
    )


class InspectorDesk:
    """Answers what the page of the inspector, and who inspects in a terminal, ask for."""

    PREFIX = "/admin/inspector/"

    def __init__(self, host: Host) -> None:
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
                raise RequestError(400, f"Neither a method nor a header can be {text!r}.")
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


def is_for_this_machine(request: Request) -> bool:
    return LOCAL.fullmatch(request.headers.get("host", "localhost")) is not None


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


# --------------------------------------------------------------------------------------
# The HTTP server
# --------------------------------------------------------------------------------------


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

    def send(self, response: Response, exchange: "Exchange | None") -> None:
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
            exchange.begin(response)
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
        exchange: "Exchange | None",
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


# --------------------------------------------------------------------------------------
# In tests
# --------------------------------------------------------------------------------------


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


# --------------------------------------------------------------------------------------
# On the command line
# --------------------------------------------------------------------------------------

IN_USE = (48, 98, 10048)

# With this exit code, the process that runs the app asks for a new one.
RESTART = 75


class Watcher:
    """Notices what is saved: in the app, and in the modules that it has loaded from elsewhere."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen = self._look()

    def changed(self) -> str | None:
        """A file that has changed since this was made, once it is written."""
        now = self._look()
        names = [
            name
            for name in now.keys() | self._seen.keys()
            if now.get(name) != self._seen.get(name)
        ]
        # What has only been loaded since then has not changed.
        names = [
            name
            for name in names
            if name in self._seen or Path(name).is_relative_to(self._root)
        ]
        self._seen = now
        return os.path.relpath(min(names), self._root) if names else None

    def _look(self) -> dict[str, int]:
        files: list[str] = []
        for folder, folders, names in os.walk(self._root):
            if "pyvenv.cfg" in names:
                folders.clear()
                continue
            folders[:] = [
                one
                for one in folders
                if not one.startswith((".", "__pycache__", "node_modules"))
            ]
            files += [
                os.path.join(folder, name)
                for name in names
                if name.endswith((".py", ".json"))
            ]
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if (
                file
                and not re.search(r"[\\/](site|dist)-packages[\\/]", file)
                and not file.startswith(STANDARD_LIBRARY)
            ):
                files.append(file)
        return {
            file: os.stat(file).st_mtime_ns for file in files if os.path.exists(file)
        }


STANDARD_LIBRARY = os.path.dirname(os.__file__)


def serve(root: Path, listening: socket.socket, watch: bool, is_inspected: bool) -> int:
    """Serve an app until Ctrl+C.

    :return: The exit code.
    """
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    log = Log()
    host = Host(root, log)
    sys.stdout = Console(sys.stdout, "information")
    sys.stderr = Console(sys.stderr, "error")
    watcher = Watcher(root) if watch else None
    server: Server | None = None
    try:
        try:
            host.load(listening.getsockname()[1])
            if is_inspected:
                host.inspector.listen(Waterfalls().add)
            server = Server(listening, host.respond)
            print(
                "\n".join(
                    [NOTICE, "Functions:\n", *(f"  {one}" for one in host.describe())]
                )
            )
            print(f"\nListening on {host.url}. Press Ctrl+C to stop.", flush=True)
        except StartError as error:
            print(error, file=sys.stderr, flush=True)
            if watcher is None:
                return 1
            server = Server(
                listening,
                lambda _: text_response(
                    503, "The app does not start. Its log says why."
                ),
            )
        parent = multiprocessing.parent_process()
        while not stopping.wait(0.2) and (parent is None or parent.is_alive()):
            name = watcher.changed() if watcher else None
            if name:
                log(
                    "information",
                    f"The app is started again: {name} has changed.",
                    "Function.App",
                )
                server.shutdown()
                host.stop(0)
                server.finish()
                return RESTART
    except KeyboardInterrupt:
        pass
    if server is not None:
        server.shutdown()
    if not host.stop():
        log("warning", f"Stopped while functions were running: {len(host.running)}")
    if server is not None:
        server.finish()
    return 0


def serve_in_child(root: Path, listening: socket.socket, is_inspected: bool) -> None:
    leave(serve(root, listening, True, is_inspected))


def leave(code: int) -> typing.NoReturn:
    """End the process. A sync function that still runs would keep it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def supervise(root: Path, listening: socket.socket, is_inspected: bool) -> int:
    """Serve an app from a process of its own, and from a new one when something has changed. The port stays."""
    spawn = multiprocessing.get_context("spawn")
    code = RESTART
    while code == RESTART:
        child = spawn.Process(
            target=serve_in_child, args=(root, listening, is_inspected), daemon=True
        )
        end = child.terminate
        signal.signal(signal.SIGTERM, lambda *_, end=end: end())
        child.start()
        try:
            child.join()
        except KeyboardInterrupt:
            child.terminate()
            child.join()
            return 0
        code = child.exitcode or 0
    return code


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> typing.NoReturn:
        sys.exit(f"{message[0].upper()}{message[1:]}. See: python local_host.py --help")


def main() -> None:
    parser = Parser(
        prog="python local_host.py",
        description="Runs the function app in this folder on 127.0.0.1, without Azure Functions Core Tools.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["start", "inspect"],
        default="start",
        help="start it, or print what happens in an app that runs: after each invocation, what has run around it",
    )
    parser.add_argument("--port", type=int, help="7071 by default, 0 for any free one")
    parser.add_argument(
        "--watch", action="store_true", help="start the app again when a file is saved"
    )
    parser.add_argument(
        "--inspect",
        action="store_true",
        help="print after each invocation what has run around it, and for how long",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="for inspect: print one event a line, as it happens",
    )
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).parent, help="the folder of the app"
    )
    arguments = parser.parse_args()
    root: Path = arguments.root.resolve()
    try:
        if not (root / "host.json").exists():
            raise StartError(
                f"There is no host.json in {root}. Is this the folder of a function app?"
            )
        port = arguments.port
        if port is None:
            port = read_local_settings(root).port or 7071
        if not 0 <= port < 65536:
            raise StartError(f"--port takes a number from 0 to 65535, not {port}.")
        if arguments.command == "inspect":
            with suppress(KeyboardInterrupt, BrokenPipeError):
                inspect_running(port, arguments.json)
            leave(0)
        os.chdir(root)
        listening = listen(port)
    except StartError as error:
        sys.exit(str(error))
    leave(
        supervise(root, listening, arguments.inspect)
        if arguments.watch
        else serve(root, listening, False, arguments.inspect)
    )


if __name__ == "__main__":
    main()
