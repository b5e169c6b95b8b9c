"""Azure Functions worker extension."""

from logging import Logger
<% if (scope === 'app') { -%>
from typing import ClassVar, final
<% } -%>

from azure.functions import <%- scope === 'app' ? 'AppExtensionBase, Context' : 'Context, FuncExtensionBase' %>

__all__ = ["<%- className %>"]


<% if (scope === 'app') { -%>
@final  # The worker would run the hooks of a subclass and those of this class.
class <%- className %>(AppExtensionBase):
    """Acts on every invocation in the app."""

    _log: ClassVar[bool]

    @classmethod
    def init(cls) -> None:
        """Begin with the defaults. Called once, on import, before hooks are registered."""
        cls.configure()

    @classmethod
    def configure(cls, *, log: bool = True) -> None:
        """Change the defaults. The last call counts.

        :param log: Log each invocation, before it and after it.
        """
        cls._log = log

    @classmethod
    def post_function_load_app_level(
        cls,
<% } else { -%>
class <%- className %>(FuncExtensionBase):
    """Acts on the invocations of a function."""

    def __init__(self, file_path: str, *, log: bool = True) -> None:
        """Register for a function.

        :param file_path: A path in the directory of the function: the first directory
            below the script root has the name of the function.
        :param log: Log each invocation, before it and after it.
        """
        super().__init__(file_path)
        self._log = log

    def post_function_load(
        self,
<% } -%>
        function_name: str,
        function_directory: str,
        *args: object,
        **kwargs: object,
    ) -> None:
        """Called when <%- scope === 'app' ? 'a' : 'the' %> function has been loaded. There is no logger yet."""

<% if (scope === 'app') { -%>
    @classmethod
    def pre_invocation_app_level(
        cls,
<% } else { -%>
    def pre_invocation(
        self,
<% } -%>
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        """Called before <%- scope === 'app' ? 'a' : 'the' %> function. May change ``func_args`` in place."""
        if <%- self %>._log:
            logger.info("<%- className %>: before %s", context.function_name)

<% if (scope === 'app') { -%>
    @classmethod
    def post_invocation_app_level(
        cls,
<% } else { -%>
    def post_invocation(
        self,
<% } -%>
        logger: Logger,
        context: Context,
        func_args: dict[str, object] | None = None,
        func_ret: object = None,
        *args: object,
        **kwargs: object,
    ) -> None:
        """Called after <%- scope === 'app' ? 'a' : 'the' %> function has succeeded. May change ``func_ret`` in place."""
        if <%- self %>._log:
            logger.info("<%- className %>: after %s", context.function_name)
