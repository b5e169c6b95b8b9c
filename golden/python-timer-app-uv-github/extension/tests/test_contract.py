"""What an extension can rely on, whatever it does."""

import os
from typing import ClassVar
from unittest.mock import patch

from azure.functions import (
    AppExtensionBase,
    FuncExtensionBase,
    FunctionExtensionException,
)

from tests.worker import WorkerTestCase, directory_of, invoke, load


class AppRecorder(AppExtensionBase):
    events: ClassVar[list[str]] = []

    @classmethod
    def post_function_load_app_level(cls, *args: object, **kwargs: object) -> None:
        cls.events.append("app load")

    @classmethod
    def pre_invocation_app_level(cls, *args: object, **kwargs: object) -> None:
        cls.events.append("app pre")

    @classmethod
    def post_invocation_app_level(cls, *args: object, **kwargs: object) -> None:
        cls.events.append("app post")


class FuncRecorder(FuncExtensionBase):
    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)

    def post_function_load(self, *args: object, **kwargs: object) -> None:
        AppRecorder.events.append("func load")

    def pre_invocation(self, *args: object, **kwargs: object) -> None:
        AppRecorder.events.append("func pre")

    def post_invocation(self, *args: object, **kwargs: object) -> None:
        AppRecorder.events.append("func post")


class Broken(FuncExtensionBase):
    def __init__(self, file_path: str) -> None:
        super().__init__(file_path)

    def pre_invocation(self, *args: object, **kwargs: object) -> None:
        raise ValueError("broken before")

    def post_invocation(self, *args: object, **kwargs: object) -> None:
        raise ValueError("broken after")


def function() -> str:
    AppRecorder.events.append("function")
    return "done"


def failing() -> None:
    raise ValueError("no luck")


class ContractTest(WorkerTestCase):
    def setUp(self) -> None:
        super().setUp()
        AppRecorder.events.clear()

    def test_hooks_run_around_the_function_in_order(self) -> None:
        FuncRecorder(directory_of("Ordered"))
        load("Ordered")
        self.assertEqual(invoke(function, "Ordered"), "done")
        self.assertEqual(
            AppRecorder.events,
            [
                "func load",
                "app load",
                "app pre",
                "func pre",
                "function",
                "func post",
                "app post",
            ],
        )

    def test_functions_match_in_any_case_and_others_are_left_alone(self) -> None:
        FuncRecorder(directory_of("Cased"))
        invoke(function, "CASED")
        self.assertIn("func pre", AppRecorder.events)
        AppRecorder.events.clear()
        invoke(function, "Other")
        self.assertEqual(AppRecorder.events, ["app pre", "function", "app post"])

    def test_errors_of_an_extension_are_logged_and_go_no_further(self) -> None:
        Broken(directory_of("Guarded"))
        FuncRecorder(directory_of("Guarded"))
        logger = "azure_functions_worker.extension.Broken"
        with self.assertLogs(logger, "ERROR") as logs:
            self.assertEqual(invoke(function, "Guarded"), "done")
        self.assertEqual(len(logs.records), 2)
        self.assertIn("func pre", AppRecorder.events)
        self.assertIn("func post", AppRecorder.events)

    def test_no_hook_runs_after_a_function_that_has_failed(self) -> None:
        with self.assertRaisesRegex(ValueError, "no luck"):
            invoke(failing, "Failing")
        self.assertEqual(AppRecorder.events, ["app pre"])

    def test_hooks_run_only_while_extensions_are_switched_on(self) -> None:
        for switch, hooks in (("", 0), ("0", 0), ("no", 0), ("1", 2), ("True", 2)):
            with self.subTest(switch=switch):
                AppRecorder.events.clear()
                with patch.dict(os.environ, PYTHON_ENABLE_WORKER_EXTENSIONS=switch):
                    invoke(function, "Switched")
                self.assertEqual(len(AppRecorder.events), 1 + hooks)

    def test_a_class_at_application_level_has_no_instances(self) -> None:
        with self.assertRaises(FunctionExtensionException):
            AppRecorder()
