"""What OpenTelemetry's semantic conventions say of a function and of an HTTP server.

https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
https://opentelemetry.io/docs/specs/semconv/http/http-spans/
"""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

import azure.functions as func
from opentelemetry.trace import Span, Status, StatusCode

# Values of `faas.trigger`, by what a trigger hands to the function. Hooks are not told the
# type of the trigger, and another binding may hand over a type that comes later here.
_TRIGGERS: tuple[tuple[type, str], ...] = (
    (func.HttpRequest, "http"),
    (func.TimerRequest, "timer"),
    (func.QueueMessage, "pubsub"),
    (func.ServiceBusMessage, "pubsub"),
    (func.EventHubEvent, "pubsub"),
    (func.EventGridEvent, "pubsub"),
    (func.KafkaEvent, "pubsub"),
    (func.InputStream, "datasource"),
    (func.DocumentList, "datasource"),
)

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


def request_in(func_args: Mapping[str, object] | None) -> func.HttpRequest | None:
    """The request, if an HTTP request is what triggers the function."""
    values = (func_args or {}).values()
    return next((one for one in values if isinstance(one, func.HttpRequest)), None)


def describe_invocation(
    context: func.Context, func_args: Mapping[str, object] | None
) -> tuple[str, dict[str, str | int]]:
    """Name and attributes of an invocation's span, as they are known before it."""
    app_name = os.environ.get("WEBSITE_SITE_NAME")
    function_name = context.function_name
    name = f"{app_name}/{function_name}" if app_name else function_name
    attributes: dict[str, str | int] = {
        "faas.name": name,
        "faas.invocation_id": context.invocation_id,
        "faas.trigger": _trigger(func_args or {}),
    }
    request = request_in(func_args)
    if request is None:
        return name, attributes
    # The query is left out. It may hold secrets, such as the key of the function.
    url = urlsplit(request.url)
    is_known = request.method in _METHODS
    method = request.method if is_known else "_OTHER"
    route = _route(url.path, request.route_params)
    attributes["http.request.method"] = method
    if not is_known:
        attributes["http.request.method_original"] = request.method
    if route is not None:
        attributes["http.route"] = route
    if url.hostname:
        attributes["server.address"] = url.hostname
        attributes["server.port"] = url.port or _PORTS.get(url.scheme, 443)
        attributes["url.scheme"] = url.scheme
    attributes["url.path"] = url.path
    user_agent = request.headers.get("user-agent")
    if user_agent:
        attributes["user_agent.original"] = user_agent
    return f"{method if is_known else 'HTTP'} {route or function_name}", attributes


def record_status(span: Span, func_ret: object) -> None:
    """Record the status with which the Functions host answers an HTTP request."""
    if isinstance(func_ret, func.HttpResponse):
        status = func_ret.status_code
    else:
        status = 204 if func_ret is None else 200
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_attribute("error.type", str(status))
        span.set_status(Status(StatusCode.ERROR))


def record_failure(span: Span, error: BaseException | None, *, is_http: bool) -> None:
    """Record that the function has failed.

    :param error: What it has failed with, if that is known.
    """
    if is_http:
        span.set_attribute("http.response.status_code", 500)
    if error is None:
        span.set_attribute("error.type", "_OTHER")
        span.set_status(Status(StatusCode.ERROR, "The function has failed."))
        return
    span.record_exception(error)
    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(Status(StatusCode.ERROR, str(error)))


def _trigger(func_args: Mapping[str, object]) -> str:
    for kind, trigger in _TRIGGERS:
        for value in func_args.values():
            # Triggers with the cardinality "many" hand over a list.
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, kind):
                return trigger
    return "other"


def _route(path: str, parameters: Mapping[str, str]) -> str | None:
    """The route, with the prefix of host.json: the path with names for its parameters.

    A hook is not told the route. It cannot be known where the value of a parameter occurs
    more than once in the path, or not in the same form.
    """
    segments = path.strip("/").split("/")
    for name, value in parameters.items():
        if value:
            wanted = value.strip("/").split("/")
            ends = range(len(wanted), len(segments) + 1)
            places = [
                one for one in ends if segments[one - len(wanted) : one] == wanted
            ]
            if len(places) != 1:
                return None
            segments[places[0] - len(wanted) : places[0]] = [f"{{{name}}}"]
    return "/".join(segments)
