"""When the hooks of the extension run at function level."""

import os
from logging import getLogger
from typing import ClassVar
from unittest.mock import NonCallableMagicMock, create_autospec, patch

from azure.functions import AppExtensionBase, FunctionExtensionException

from python_worker_extension_blank import BlankExtension
from python_worker_extension_blank.hooks import BlankHooks
from tests.worker import SCRIPT_ROOT, WorkerTestCase, directory_of, invoke, load

LOGGER = getLogger(__name__)


class Outer(AppExtensionBase):
    """An extension at application level."""

    events: ClassVar[list[str]] = []

    @classmethod
    def pre_invocation_app_level(cls, *args: object, **kwargs: object) -> None:
        cls.events.append("outer before")

    @classmethod
    def post_invocation_app_level(cls, *args: object, **kwargs: object) -> None:
        cls.events.append("outer after")


class ExtensionTest(WorkerTestCase):
    def switch_on(self, function_name: str) -> NonCallableMagicMock:
        extension = BlankExtension(function_name)
        hooks: NonCallableMagicMock = create_autospec(BlankHooks, instance=True)
        replaced = patch.object(extension, "_hooks", hooks)
        replaced.start()
        self.addCleanup(replaced.stop)
        return hooks

    def test_it_acts_on_its_function(self) -> None:
        name = self.id()
        hooks = self.switch_on(name)
        load(name)
        hooks.loaded.assert_called_once_with(name, SCRIPT_ROOT)
        invoke(lambda one: one * 2, name, one=1)
        _, context, func_args = hooks.before.call_args.args
        self.assertEqual(context.function_name, name)
        self.assertEqual(func_args, {"one": 1})
        self.assertEqual(hooks.after.call_args.args[1:], (context, func_args, 2))

    def test_it_is_told_the_bindings_of_its_function(self) -> None:
        extension = BlankExtension(self.id())
        bindings: list[dict[str, object]] = [{"type": "httpTrigger"}]
        with patch.object(extension, "_hooks") as hooks:
            extension.function_indexed(LOGGER, self.id(), bindings)
        hooks.indexed.assert_called_once_with(LOGGER, self.id(), bindings)

    def test_it_takes_a_path_in_the_directory_of_its_function(self) -> None:
        path = os.path.join(directory_of("InItsDirectory"), "__init__.py")
        hooks = self.switch_on(path)
        invoke(lambda: None, "InItsDirectory")
        hooks.before.assert_called_once()

    def test_it_says_why_it_cannot_be_used_outside_of_azure_functions(self) -> None:
        del os.environ["AzureWebJobsScriptRoot"]
        reason = "SendMail cannot be found, since AzureWebJobsScriptRoot is not set"
        with self.assertRaisesRegex(FunctionExtensionException, reason):
            BlankExtension("SendMail")

    def test_it_leaves_other_functions_alone(self) -> None:
        hooks = self.switch_on(self.id())
        load(f"Not{self.id()}")
        invoke(lambda: None, f"Not{self.id()}")
        self.assertEqual(hooks.mock_calls, [])

    def test_it_acts_within_the_extensions_of_the_app(self) -> None:
        hooks = self.switch_on(self.id())
        Outer.events.clear()
        hooks.before.side_effect = lambda *_: Outer.events.append("before")
        hooks.after.side_effect = lambda *_: Outer.events.append("after")
        invoke(lambda: None, self.id())
        self.assertEqual(
            Outer.events, ["outer before", "before", "after", "outer after"]
        )

    def test_unknown_options_are_refused(self) -> None:
        with self.assertRaisesRegex(TypeError, "unknown"):
            BlankExtension(self.id(), unknown=True)  # type: ignore[call-arg]
        load(self.id())
