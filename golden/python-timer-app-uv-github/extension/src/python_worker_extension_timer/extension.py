"""The extension at application level."""

from __future__ import annotations

from logging import Logger
from typing import TYPE_CHECKING, ClassVar, final

from azure.functions import AppExtensionBase, Context

from .hooks import TimerHooks, TimerOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


@final  # The worker would run the hooks of a subclass and those of this class.
class TimerExtension(AppExtensionBase):
    """Acts on every invocation in the app."""

    _hooks: ClassVar[TimerHooks]

    @classmethod
    def init(cls) -> None:
        """Begin with the defaults. Called once, on import, before hooks are registered."""
        cls.configure()

    @classmethod
    def configure(cls, **options: Unpack[TimerOptions]) -> None:
        """Change the defaults. The last call counts.

        :param options: Those of ``TimerOptions``.
        """
        cls._hooks = TimerHooks(**options)

    @classmethod
    def function_indexed_app_level(
        cls, logger: Logger, function_name: str, bindings: list[dict[str, object]]
    ) -> None:
        """Called by the bridge. Azure Functions has no such hook."""
        cls._hooks.indexed(logger, function_name, bindings)

    @classmethod
    def post_function_load_app_level(
        cls,
        function_name: str,
        function_directory: str,
        *args: object,
        **kwargs: object,
    ) -> None:
        cls._hooks.loaded(function_name, function_directory)

    @classmethod
    def pre_invocation_app_level(
        cls,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        cls._hooks.before(logger, context, func_args)

    @classmethod
    def post_invocation_app_level(
        cls,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        func_ret: object = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        cls._hooks.after(logger, context, func_args, func_ret)

    @classmethod
    def invocation_failed_app_level(
        cls,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        *,
        error: BaseException,
    ) -> None:
        """Called by the bridge. Azure Functions has no such hook."""
        cls._hooks.failed(logger, context, func_args, error)
