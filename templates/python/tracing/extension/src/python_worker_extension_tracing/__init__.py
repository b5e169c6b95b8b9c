"""Azure Functions worker extension."""

from . import bridge as _bridge  # noqa: F401
from .extension import TracingExtension
from .hooks import TracingOptions, process_message

__all__ = ["TracingExtension", "TracingOptions", "process_message"]
