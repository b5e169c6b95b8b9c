"""Azure Functions worker extension."""

from .extension import BlankExtension
from .hooks import BlankOptions

__all__ = ["BlankExtension", "BlankOptions"]
