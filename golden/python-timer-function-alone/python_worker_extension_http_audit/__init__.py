"""Azure Functions worker extension."""

from .extension import HttpAuditExtension
from .hooks import HttpAuditOptions

__all__ = ["HttpAuditExtension", "HttpAuditOptions"]
