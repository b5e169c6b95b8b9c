"""What the extension does."""

from logging import Logger
from typing import TypedDict

from azure.functions import Context

from .contract import Hooks


class BlankOptions(TypedDict, total=False):
    """What can be changed."""

    log: bool
    """Log each invocation, before it and after it. The default is ``True``."""


class BlankHooks(Hooks):
    """Logs each invocation."""

    def __init__(self, *, log: bool = True) -> None:
        self._log = log

    def loaded(self, function_name: str, function_directory: str) -> None:
        """Called when a function has been loaded. There is no logger yet."""

    def before(
        self, logger: Logger, context: Context, func_args: dict[str, object] | None
    ) -> None:
        """Called before the function. May change ``func_args`` in place."""
        if self._log:
            logger.info("BlankExtension: before %s", context.function_name)

    def after(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        func_ret: object,
    ) -> None:
        """Called after the function has succeeded. May change ``func_ret`` in place."""
        if self._log:
            logger.info("BlankExtension: after %s", context.function_name)
