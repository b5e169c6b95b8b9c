"""What the extension does, called by the rules of the worker."""

import gc
import os
from time import sleep
from unittest.mock import patch

from azure.functions import HttpResponse

from tests.switch_on import switch_on
from tests.worker import WorkerTestCase, invoke

CLOCK = "python_worker_extension_timer.hooks.perf_counter"
ELAPSED = r"^done \(TimeElapsed: (\d+\.\d{4}) sec\)$"


def function() -> HttpResponse:
    return HttpResponse("done", status_code=201, headers={"X-Kept": "1"})


def failing() -> HttpResponse:
    raise ValueError("no luck")


class TimerExtensionTest(WorkerTestCase):
    def test_it_only_logs_by_default(self) -> None:
        switch_on(self.id())
        logger = "azure_functions_worker.extension.TimerExtension"
        with self.assertLogs(logger, "INFO") as logs:
            response = invoke(function, self.id())
        self.assertEqual(response.get_body(), b"done")
        started, took = (record.getMessage() for record in logs.records)
        self.assertEqual(started, f"TimerExtension: {self.id()} started")
        self.assertRegex(took, r"^TimerExtension: .* took \d+\.\d{4} sec$")

    def test_the_response_ends_in_the_elapsed_time(self) -> None:
        switch_on(self.id(), append_to_http_response=True)

        def slow() -> HttpResponse:
            sleep(0.05)
            return function()

        response = invoke(slow, self.id())
        self.assertRegex(response.get_body().decode(), ELAPSED)
        seconds = float(response.get_body().decode().split()[-2])
        self.assertTrue(0.045 <= seconds < 5, seconds)
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.headers["X-Kept"], "1")

    def test_the_clock_is_a_monotonic_one(self) -> None:
        switch_on(self.id(), append_to_http_response=True, server_timing=True)
        with patch(CLOCK, side_effect=[1, 3.5]):
            response = invoke(function, self.id())
        self.assertEqual(response.get_body(), b"done (TimeElapsed: 2.5000 sec)")
        self.assertEqual(response.headers["Server-Timing"], "total;dur=2500.0")

    def test_invocations_that_overlap_are_timed_apart(self) -> None:
        switch_on(self.id(), append_to_http_response=True)
        inner: list[HttpResponse] = []

        def outer() -> HttpResponse:
            inner.append(invoke(function, self.id()))
            return function()

        with patch(CLOCK, side_effect=[0, 1, 2, 4]):
            response = invoke(outer, self.id())
        self.assertEqual(inner[0].get_body(), b"done (TimeElapsed: 1.0000 sec)")
        self.assertEqual(response.get_body(), b"done (TimeElapsed: 4.0000 sec)")

    def test_json_gets_the_header_and_keeps_its_body(self) -> None:
        switch_on(self.id(), append_to_http_response=True, server_timing=True)
        response = invoke(
            lambda: HttpResponse("{}", mimetype="application/json"), self.id()
        )
        self.assertEqual(response.get_body(), b"{}")
        self.assertRegex(response.headers["Server-Timing"], r"^total;dur=\d+\.\d$")

    def test_results_of_other_functions_are_left_alone(self) -> None:
        switch_on(self.id(), append_to_http_response=True, server_timing=True)
        for result in ("done", b"done", {"done": True}, None):
            with self.assertNoLogs("azure_functions_worker", "ERROR"):
                self.assertIs(invoke(lambda one: one, self.id(), one=result), result)

    def test_functions_that_fail_leave_nothing_behind(self) -> None:
        hooks = switch_on(self.id(), append_to_http_response=True)
        for _ in range(1000):
            with self.assertRaisesRegex(ValueError, "no luck"):
                invoke(failing, self.id())
        gc.collect()
        self.assertEqual(len(hooks._starts), 0)

    def test_it_does_nothing_while_extensions_are_switched_off(self) -> None:
        switch_on(self.id(), append_to_http_response=True)
        with patch.dict(os.environ, PYTHON_ENABLE_WORKER_EXTENSIONS="0"):
            response = invoke(function, self.id())
        self.assertEqual(response.get_body(), b"done")

    def test_it_lets_an_invocation_pass_that_began_while_it_was_off(self) -> None:
        switch_on(self.id(), append_to_http_response=True)

        def switching() -> HttpResponse:
            os.environ["PYTHON_ENABLE_WORKER_EXTENSIONS"] = "1"
            return function()

        with (
            patch.dict(os.environ, PYTHON_ENABLE_WORKER_EXTENSIONS="0"),
            self.assertNoLogs("azure_functions_worker", "ERROR"),
        ):
            response = invoke(switching, self.id())
        self.assertEqual(response.get_body(), b"done")

    def test_it_appends_once(self) -> None:
        switch_on(self.id(), append_to_http_response=True)
        response = invoke(function, self.id())
        self.assertEqual(response.get_body().count(b"TimeElapsed"), 1)
