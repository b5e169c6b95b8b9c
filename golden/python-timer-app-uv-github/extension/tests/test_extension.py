"""When the hooks of the extension run at application level."""

from logging import getLogger
from unittest.mock import create_autospec, patch

from azure.functions import FuncExtensionBase

from python_worker_extension_timer import TimerExtension
from python_worker_extension_timer.hooks import TimerHooks
from tests.worker import SCRIPT_ROOT, WorkerTestCase, directory_of, invoke, load

LOGGER = getLogger(__name__)


class Inner(FuncExtensionBase):
    """An extension at function level."""

    def __init__(self, file_path: str, events: list[str]) -> None:
        super().__init__(file_path)
        self.events = events

    def pre_invocation(self, *args: object, **kwargs: object) -> None:
        self.events.append("inner before")

    def post_invocation(self, *args: object, **kwargs: object) -> None:
        self.events.append("inner after")


class ExtensionTest(WorkerTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.hooks = create_autospec(TimerHooks, instance=True)
        replaced = patch.object(TimerExtension, "_hooks", self.hooks)
        replaced.start()
        self.addCleanup(replaced.stop)

    def test_it_acts_on_every_function(self) -> None:
        for name in ("First", "Second"):
            load(name)
            self.hooks.loaded.assert_called_with(name, SCRIPT_ROOT)
            invoke(lambda one: one * 2, name, one=1)
            _, context, func_args = self.hooks.before.call_args.args
            self.assertEqual(context.function_name, name)
            self.assertEqual(func_args, {"one": 1})
            self.assertEqual(
                self.hooks.after.call_args.args[1:], (context, func_args, 2)
            )

    def test_it_is_told_the_bindings_of_each_function(self) -> None:
        bindings: list[dict[str, object]] = [{"type": "httpTrigger"}]
        TimerExtension.function_indexed_app_level(LOGGER, "First", bindings)
        self.hooks.indexed.assert_called_once_with(LOGGER, "First", bindings)

    def test_it_acts_around_the_extensions_of_the_function(self) -> None:
        events: list[str] = []
        self.hooks.before.side_effect = lambda *_: events.append("before")
        self.hooks.after.side_effect = lambda *_: events.append("after")
        Inner(directory_of(self.id()), events)
        invoke(lambda: None, self.id())
        self.assertEqual(events, ["before", "inner before", "inner after", "after"])

    def test_the_last_configuration_counts(self) -> None:
        TimerExtension.configure()
        invoke(lambda: None, self.id())
        self.hooks.before.assert_not_called()

    def test_nothing_is_registered_twice(self) -> None:
        with patch(f"{TimerHooks.__module__}.TimerHooks.before") as before:
            TimerExtension.configure()
            TimerExtension.configure()
            invoke(lambda: None, self.id())
        before.assert_called_once()

    def test_unknown_options_are_refused(self) -> None:
        with self.assertRaisesRegex(TypeError, "unknown"):
            TimerExtension.configure(unknown=True)  # type: ignore[call-arg]
