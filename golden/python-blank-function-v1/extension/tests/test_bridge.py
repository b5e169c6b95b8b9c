"""Who runs hooks, from Python 3.13 on and before."""

import logging
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, ClassVar
from unittest import skipUnless
from unittest.mock import patch

import azure.functions
from azure.functions import AppExtensionBase, ExtensionMeta, FuncExtensionBase

from python_worker_extension_blank import bridge
from tests.worker import WorkerTestCase, directory_of, invoke

MARKER = "__worker_extension_bridge__"
LOGGER = "azure_functions_worker.extension"
NEEDS_BRIDGE = sys.version_info >= (3, 13)
HAS_MODEL_V2 = hasattr(azure.functions, "FunctionApp")


class Counter(AppExtensionBase):
    calls: ClassVar[int] = 0

    @classmethod
    def pre_invocation_app_level(cls, *args: object, **kwargs: object) -> None:
        cls.calls += 1


class Misnamed(FuncExtensionBase):
    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)


def another_copy(version: int = bridge.VERSION) -> ModuleType:
    """Import the bridge once more, as another extension in the app does."""
    source = (
        Path(bridge.__file__)
        .read_text()
        .replace(f"\nVERSION = {bridge.VERSION}\n", f"\nVERSION = {version}\n")
    )
    copy = ModuleType(__name__)
    copy.__file__ = bridge.__file__
    exec(source, copy.__dict__)  # noqa: S102
    return copy


def functions_of_app() -> list[Any]:
    """Ask an app for its functions, as the worker does."""
    app = azure.functions.FunctionApp()

    @app.function_name("SendMail")
    @app.route()
    def send_mail(req: azure.functions.HttpRequest) -> None:
        pass

    return app.get_functions()


class BridgeTest(WorkerTestCase):
    def setUp(self) -> None:
        super().setUp()
        acting = patch.object(ExtensionMeta, MARKER, getattr(ExtensionMeta, MARKER))
        acting.start()
        self.addCleanup(acting.stop)
        Counter.calls = 0

    def test_hooks_run_once_with_a_second_copy(self) -> None:
        another_copy()
        self.assertIs(getattr(ExtensionMeta, MARKER)[1], bridge.index)
        invoke(lambda: None, self.id())
        self.assertEqual(Counter.calls, 1)

    def test_the_copy_of_the_highest_version_acts(self) -> None:
        newer = another_copy(bridge.VERSION + 1)
        self.assertIs(getattr(ExtensionMeta, MARKER)[1], newer.index)
        another_copy(bridge.VERSION - 1)
        self.assertIs(getattr(ExtensionMeta, MARKER)[1], newer.index)
        invoke(lambda: None, self.id())
        self.assertEqual(Counter.calls, 1)

    def test_an_app_in_which_nobody_runs_hooks_is_told_so_once(self) -> None:
        with (
            TemporaryDirectory() as root,
            patch.dict(os.environ, AzureWebJobsScriptRoot=root),
            patch.object(logging.getLogger(LOGGER), "warning") as warning,
        ):
            delattr(ExtensionMeta, MARKER)
            another_copy()
            another_copy()
        reasons = [call.args[-1] for call in warning.call_args_list]
        expected = ["this app has no function_app.py"] if NEEDS_BRIDGE else []
        self.assertEqual(reasons, expected)

    @skipUnless(HAS_MODEL_V2, "azure-functions is too old")
    def test_a_name_that_no_function_has_is_reported_once(self) -> None:
        Misnamed(directory_of("send_mail"))
        with self.assertLogs(LOGGER, "WARNING") as logs:
            functions_of_app()
            functions_of_app()
        messages = [one.getMessage() for one in logs.records]
        expected = (
            'Misnamed does nothing: the app has no function "send_mail". '
            "Did you mean SendMail?"
        )
        self.assertEqual(messages.count(expected), 1)

    @skipUnless(HAS_MODEL_V2, "azure-functions is too old")
    def test_extensions_are_told_the_bindings_of_each_function(self) -> None:
        with patch.object(Counter, "function_indexed_app_level", create=True) as told:
            functions_of_app()
        ((_, name, bindings),) = (call.args for call in told.call_args_list)
        self.assertEqual(name, "SendMail")
        self.assertEqual([one["type"] for one in bindings], ["httpTrigger", "http"])
        self.assertEqual(bindings[0]["route"], "SendMail")

    @skipUnless(HAS_MODEL_V2, "azure-functions is too old")
    def test_it_is_said_that_extensions_are_switched_off(self) -> None:
        with (
            patch.dict(os.environ, PYTHON_ENABLE_WORKER_EXTENSIONS="0"),
            self.assertLogs(LOGGER, "INFO") as logs,
        ):
            functions_of_app()
        messages = [one.getMessage() for one in logs.records]
        self.assertIn(
            "Worker extensions are switched off: "
            "PYTHON_ENABLE_WORKER_EXTENSIONS is not 1.",
            messages,
        )

    @skipUnless(HAS_MODEL_V2, "azure-functions is too old")
    def test_functions_are_left_alone_where_azure_functions_runs_hooks(self) -> None:
        with patch.object(
            ExtensionMeta, "get_registered_extensions_json", return_value="{}"
        ):
            (only,) = functions_of_app()
        is_ours = hasattr(only.get_user_function(), MARKER)
        self.assertEqual(is_ours, NEEDS_BRIDGE)
