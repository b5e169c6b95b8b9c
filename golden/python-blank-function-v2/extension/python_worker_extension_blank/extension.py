"""The extension at function level."""

from __future__ import annotations

from logging import Logger
from typing import TYPE_CHECKING

from azure.functions import Context, FuncExtensionBase

from .hooks import BlankHooks, BlankOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


class BlankExtension(FuncExtensionBase):
    """Acts on the invocations of a function."""

    def __init__(self, file_path: str, **options: Unpack[BlankOptions]) -> None:
        """Register for a function.

        :param file_path: A path in the directory of the function: the first directory
            below the script root has the name of the function.
        :param options: Those of ``BlankOptions``.
        """
        self._hooks = BlankHooks(**options)
        super().__init__(file_path)

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
