"""Orchestrations of Durable Functions."""

import json
from unittest import skipUnless
from unittest.mock import MagicMock

import azure.functions as func
from opentelemetry import trace

from tests.local_host import Context
from tests.tracing import TracingTestCase

STARTED = 1767261600  # 2026-01-01T10:00:00Z


def orchestration(*history: object) -> object:
    """What Durable Functions hands to an orchestration."""
    body = json.dumps({"instanceId": "one", "history": history})
    return func.OrchestrationContext(body)


@skipUnless(hasattr(func, "OrchestrationContext"), "azure-functions is too old")
class OrchestrationsTest(TracingTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.triggered_by("orchestrationTrigger", name="context")
        self.orchestration = orchestration(
            {"EventType": 12, "Timestamp": "2026-01-01T10:00:00.1Z"},
            {"EventType": 0, "Timestamp": "2026-01-01T10:00:00.0000005Z"},
        )

    def replay(self, result: object, value: object = None) -> None:
        """Invoke the orchestration, as it is invoked for each of its steps."""
        context = Context(self.id(), "")
        func_args = {"context": value or self.orchestration}
        self.hooks.before(MagicMock(), context, func_args)
        self.assertIs(trace.get_current_span(), trace.INVALID_SPAN)
        if isinstance(result, Exception):
            self.hooks.failed(MagicMock(), context, func_args, result)
        else:
            self.hooks.after(MagicMock(), context, func_args, result)

    def test_it_has_one_span_from_its_start_to_its_end(self) -> None:
        for _ in range(2):
            self.replay(json.dumps({"isDone": False, "actions": []}))
        self.assertEqual(self.exporter.get_finished_spans(), ())
        self.replay(json.dumps({"isDone": True, "output": "done"}))
        span = self.span()
        self.assertEqual(span.name, self.id())
        self.assertEqual(span.start_time, STARTED * 10**9 + 500)
        self.assertEqual(self.attributes()["faas.trigger"], "other")

    def test_what_has_made_it_fail_is_told_without_its_state(self) -> None:
        failure = Exception('no luck\n\n$OutOfProcData$:{"actions": ["secret"]}')
        failure.__cause__ = ValueError("no luck")
        self.replay(failure)
        span = self.span()
        self.assertEqual(span.status.description, "no luck")
        self.assertEqual(self.attributes()["error.type"], "ValueError")
        self.assertNotIn("secret", span.to_json())

    def test_a_cause_that_is_not_known_is_what_the_message_says(self) -> None:
        self.replay(Exception("no luck\n\n$OutOfProcData$:secret"))
        self.assertEqual(self.span().status.description, "no luck")
        self.assertNotIn("secret", self.span().to_json())

    def test_without_a_start_its_span_begins_when_it_ends(self) -> None:
        for history in (
            [],
            ["text", None, {"EventType": 0}],
            [{"EventType": 0, "Timestamp": "soon"}],
        ):
            with self.subTest(history=history):
                self.exporter.clear()
                self.replay(json.dumps({"isDone": True}), orchestration(*history))
                self.assertGreater(self.span().start_time or 0, STARTED * 10**9 + 1000)

    def test_a_result_that_is_no_state_ends_nothing(self) -> None:
        for result in (None, "text", "[]", b"\xff"):
            self.replay(result)
        self.assertEqual(self.exporter.get_finished_spans(), ())
