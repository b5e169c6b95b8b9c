"""OpenTelemetry's semantic conventions, by which invocations are described.

For functions, and for what triggers them:
https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
"""

import os
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import NamedTuple

from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode

from .data_sources import describe_change
from .details import Details
from .invocation import Invocation
from .messages import describe_messages
from .requests import describe_request, is_http


class Description(NamedTuple):
    """What is known of a span before it starts."""

    name: str
    kind: SpanKind
    attributes: dict[str, str | int]
    links: Sequence[Link]


def describe_invocation(invocation: Invocation) -> Description:
    """Describe an invocation as it is known before it runs."""
    details = (
        describe_request(invocation)
        or _describe_timer(invocation)
        or describe_messages(invocation)
        or describe_change(invocation)
        or Details("other")
    )
    app_name = os.environ.get("WEBSITE_SITE_NAME")
    function_name = invocation.function_name
    name = f"{app_name}/{function_name}" if app_name else function_name
    attributes = {
        "faas.name": name,
        "faas.invocation_id": invocation.id,
        "faas.trigger": details.trigger,
        "cloud.resource_id": _resource_id_of(function_name),
        **details.attributes,
    }
    return Description(
        details.name or name,
        details.kind,
        {key: value for key, value in attributes.items() if value is not None},
        details.links,
    )


def _describe_timer(invocation: Invocation) -> Details | None:
    if invocation.type != "timertrigger":
        return None
    now = datetime.now(timezone.utc).isoformat()
    schedule = invocation.option("schedule")
    return Details("timer", {"faas.cron": schedule, "faas.time": now})


def _resource_id_of(function_name: str) -> str | None:
    """The ID of a function in Azure, where the platform tells of what it is made."""
    subscription = os.environ.get("WEBSITE_OWNER_NAME", "").partition("+")[0]
    group = os.environ.get("WEBSITE_RESOURCE_GROUP")
    app_name = os.environ.get("WEBSITE_SITE_NAME")
    if not (subscription and group and app_name):
        return None
    return (
        f"/subscriptions/{subscription}/resourceGroups/{group}"
        f"/providers/Microsoft.Web/sites/{app_name}/functions/{function_name}"
    )


def record_status(span: Span, invocation: Invocation, status: int) -> None:
    """Record the status with which the Functions host answers, if it is HTTP."""
    if is_http(invocation):
        span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_attribute("error.type", str(status))
            span.set_status(Status(StatusCode.ERROR))


def record_failure(span: Span, error: BaseException | None) -> None:
    """Record that the function has failed.

    :param error: What it has failed with, if that is known.
    """
    if error is None:
        span.set_attribute("error.type", "_OTHER")
        span.set_status(Status(StatusCode.ERROR, "The function has failed."))
    else:
        span.set_attribute("error.type", type(error).__qualname__)
        span.set_status(Status(StatusCode.ERROR, str(error)))
