"""What an extension can do around an invocation, at any level."""

from logging import Logger

from azure.functions import Context


class Hooks:
    """Does nothing. An extension overrides the hooks that it needs."""

    def indexed(
        self, logger: Logger, function_name: str, bindings: list[dict[str, object]]
    ) -> None:
        """Called when a function has been found, in the programming model v2.

        :param bindings: Its trigger and other bindings, as function.json has them.
        """

    def loaded(self, function_name: str, function_directory: str) -> None:
        """Called when a function has been loaded. There is no logger yet."""

    def before(
        self, logger: Logger, context: Context, func_args: dict[str, object] | None
    ) -> None:
        """Called before the function. May change ``func_args`` in place."""

    def after(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        func_ret: object,
    ) -> None:
        """Called after the function has succeeded. May change ``func_ret`` in place."""

    def failed(
        self,
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None,
        error: BaseException,
    ) -> None:
        """Called after the function has failed, from Python 3.13 on.

        Up to Python 3.12 Azure Functions calls no hook then.
        """
