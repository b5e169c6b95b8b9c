"""What the extension does, called by the rules of the worker."""

from tests.switch_on import switch_on
from tests.worker import WorkerTestCase, invoke, load

LOGGER = "azure_functions_worker.extension.BlankExtension"


def function() -> str:
    return "done"


class BlankExtensionTest(WorkerTestCase):
    def test_it_logs_before_and_after_a_function(self) -> None:
        switch_on(self.id())
        load(self.id())
        with self.assertLogs(LOGGER, "INFO") as logs:
            self.assertEqual(invoke(function, self.id()), "done")
        self.assertEqual(
            [record.getMessage() for record in logs.records],
            [
                f"BlankExtension: before {self.id()}",
                f"BlankExtension: after {self.id()}",
            ],
        )

    def test_it_can_be_told_not_to_log(self) -> None:
        switch_on(self.id(), log=False)
        with self.assertNoLogs(LOGGER, "INFO"):
            self.assertEqual(invoke(function, self.id()), "done")
