"""Azure Functions worker extension."""

from . import bridge as _bridge  # noqa: F401
from .extension import BlankExtension
from .hooks import BlankOptions

__all__ = ["BlankExtension", "BlankOptions"]
