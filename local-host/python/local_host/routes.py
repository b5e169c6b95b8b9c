"""Routes, by the rules of ASP.NET."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from .errors import RequestError, StartError
from .functions import Function
from .settings import HostConfig


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
