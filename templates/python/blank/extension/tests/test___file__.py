"""What the extension does, called by the rules of the worker."""

from <%- moduleName %> import <%- className %>
from tests.worker import WorkerTestCase, <% if (scope === 'function') { %>directory_of, <% } %>invoke, load

LOGGER = "azure_functions_worker.extension.<%- className %>"


def function() -> str:
    return "done"


class <%- className %>Test(WorkerTestCase):
<% if (scope === 'app') { -%>
    def setUp(self) -> None:
        super().setUp()
        <%- className %>.init()

<% } -%>
    def test_it_logs_before_and_after_a_function(self) -> None:
<% if (scope === 'function') { -%>
        <%- className %>(directory_of(self.id()))
<% } -%>
        load(self.id())
        with self.assertLogs(LOGGER, "INFO") as logs:
            self.assertEqual(invoke(function, self.id()), "done")
        self.assertEqual(
            [record.getMessage() for record in logs.records],
            [
                f"<%- className %>: before {self.id()}",
                f"<%- className %>: after {self.id()}",
            ],
        )

    def test_it_can_be_told_not_to_log(self) -> None:
<% if (scope === 'app') { -%>
        <%- className %>.configure(log=False)
<% } else { -%>
        <%- className %>(directory_of(self.id()), log=False)
<% } -%>
        with self.assertNoLogs(LOGGER, "INFO"):
            self.assertEqual(invoke(function, self.id()), "done")
