"""Switches the extension on for a test, at function level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from python_worker_extension_http_audit import HttpAuditExtension, HttpAuditOptions
from python_worker_extension_http_audit.hooks import HttpAuditHooks

if TYPE_CHECKING:
    from typing_extensions import Unpack


def switch_on(function_name: str, **options: Unpack[HttpAuditOptions]) -> HttpAuditHooks:
    """Switch the extension on, for the function at least, with just these options."""
    return HttpAuditExtension(function_name, **options)._hooks
