"""Settings: local.settings.json and host.json."""

import json
import os
import re
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import StartError

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
