"""The extension at function level."""

from __future__ import annotations

import os
from logging import Logger
from typing import TYPE_CHECKING

from azure.functions import (
    Context,
    FuncExtensionBase,
    FunctionExtensionException,
)

from .hooks import HttpAuditHooks, HttpAuditOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


def _path_of(function: str) -> str:
    """The path by which Azure Functions finds a function: its name comes first in it."""
    script_root = os.environ.get("AzureWebJobsScriptRoot")
    if script_root is None:
        raise FunctionExtensionException(
            f"Functions such as {function} cannot be found, since AzureWebJobsScriptRoot "
            "is not set. Azure Functions sets it: run the app with func start. "
            "Elsewhere, as in tests, set it to the folder of the app."
        )
    return (
        function if os.path.dirname(function) else os.path.join(script_root, function)
    )


class HttpAuditExtension(FuncExtensionBase):
    """Acts on the invocations of a function."""

    def __init__(self, function: str, **options: Unpack[HttpAuditOptions]) -> None:
        """Register for a function.

        :param function: The name of the function, or a path in its directory, as is
            ``__file__`` in the programming model v1.
        :param options: Those of ``HttpAuditOptions``.
        :raises FunctionExtensionException: Outside of Azure Functions.
        """
        self._hooks = HttpAuditHooks(**options)
        super().__init__(_path_of(function))

    def function_indexed(
        self, logger: Logger, function_name: str, bindings: list[dict[str, object]]
    ) -> None:
        """Called by the bridge. Azure Functions has no such hook."""
        self._hooks.indexed(logger, function_name, bindings)

    def post_function_load(
        self,
        function_name: str,
        function_directory: str,
        *args: object,
        **kwargs: object,
    ) -> None:
        self._hooks.loaded(function_name, function_directory)

    def pre_invocation(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        self._hooks.before(logger, context, func_args)

    def post_invocation(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        func_ret: object = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        self._hooks.after(logger, context, func_args, func_ret)

    def invocation_failed(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        *,
        error: BaseException,
    ) -> None:
        """Called by the bridge. Azure Functions has no such hook."""
        self._hooks.failed(logger, context, func_args, error)
