"""Azure Functions worker extension."""

from .extension import TimerExtension
from .hooks import TimerOptions

__all__ = ["TimerExtension", "TimerOptions"]
