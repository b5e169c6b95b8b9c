"""HTTP requests: https://opentelemetry.io/docs/specs/semconv/http/http-spans/"""

import re
from urllib.parse import urlsplit

from .baggage import Carrier, carrier_of
from .details import Details
from .invocation import Invocation

# The methods that are known: RFC 9110, and PATCH.
_METHODS = {
    "CONNECT",
    "DELETE",
    "GET",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "POST",
    "PUT",
    "TRACE",
}

_PORTS = {"http": 80, "https": 443}


def is_http(invocation: Invocation) -> bool:
    """Whether a request is what triggers the function."""
    return invocation.type == "httptrigger"


def headers_in(invocation: Invocation) -> Carrier:
    """The headers of the request, which functions that stream get in a class of its own."""
    return carrier_of(getattr(invocation.value, "headers", None))


def describe_request(invocation: Invocation) -> Details | None:
    """Describe a request.

    :return: Nothing, if something else triggers the function.
    """
    if not is_http(invocation):
        return None
    # The query is left out. It may hold secrets, such as the key of the function.
    url = urlsplit(str(getattr(invocation.value, "url", "")))
    sent = str(getattr(invocation.value, "method", ""))
    method = sent if sent in _METHODS else "_OTHER"
    # It is not known outside of an app.
    own = invocation.trigger.get("route")
    route = _with_prefix(str(own), url.path) if own else None
    port = url.port or _PORTS.get(url.scheme)
    shown = "HTTP" if method == "_OTHER" else method
    return Details(
        trigger="http",
        name=f"{shown} {route or invocation.function_name}",
        attributes={
            "http.request.method": method,
            "http.request.method_original": sent if method == "_OTHER" else None,
            "http.route": route,
            "server.address": url.hostname,
            "server.port": port if url.hostname else None,
            "url.path": url.path,
            "url.scheme": url.scheme or None,
            "user_agent.original": headers_in(invocation).get("user-agent"),
        },
    )


def status_of(func_ret: object) -> int:
    """The status with which the Functions host answers for the result of a function."""
    if func_ret is None:
        return 204
    status = getattr(func_ret, "status_code", 200)
    return int(status) if isinstance(status, int) else 500


def _with_prefix(route: str, path: str) -> str:
    """A route with the prefix of host.json, ``api`` by default, which hooks are not told.

    It is what the path has before the route. Where parameters may be left out, or take
    several segments, it cannot be known.
    """
    own = [part for part in route.split("/") if part]
    sent = [part for part in path.split("/") if part]
    is_open = any(re.search(r"\{\*|[?=][^{}]*\}", part) for part in own)
    prefix = [] if is_open else sent[: max(0, len(sent) - len(own))]
    return "/".join([*prefix, *own])
