"""Azure Functions worker extension."""

from . import bridge as _bridge  # noqa: F401
from .extension import HttpAuditExtension
from .hooks import HttpAuditOptions

__all__ = ["HttpAuditExtension", "HttpAuditOptions"]
