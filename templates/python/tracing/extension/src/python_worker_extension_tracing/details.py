"""What the conventions for one kind of trigger say of an invocation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from opentelemetry.trace import Link, SpanKind


@dataclass(frozen=True)
class Details:
    """What they add to the description of an invocation."""

    trigger: str
    """The value of ``faas.trigger``."""
    attributes: Mapping[str, str | int | None] = field(default_factory=dict)
    """Those that are ``None`` are left out."""
    name: str = ""
    """The default is the name of the function."""
    kind: SpanKind = SpanKind.SERVER
    links: Sequence[Link] = ()
