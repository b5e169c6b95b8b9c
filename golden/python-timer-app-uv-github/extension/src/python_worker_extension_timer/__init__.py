"""Azure Functions worker extension."""

from . import bridge as _bridge  # noqa: F401
from .extension import TimerExtension
from .hooks import TimerOptions

__all__ = ["TimerExtension", "TimerOptions"]
