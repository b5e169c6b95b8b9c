"""Switches the extension on for a test, at application level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from python_worker_extension_timer import TimerExtension, TimerOptions
from python_worker_extension_timer.hooks import TimerHooks

if TYPE_CHECKING:
    from typing_extensions import Unpack


def switch_on(function_name: str, **options: Unpack[TimerOptions]) -> TimerHooks:
    """Switch the extension on, for the function at least, with just these options."""
    TimerExtension.configure(**options)
    return TimerExtension._hooks
