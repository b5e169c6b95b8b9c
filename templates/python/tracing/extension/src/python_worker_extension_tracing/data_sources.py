"""Changes of data: https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/#datasource"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import NamedTuple

from .details import Details
from .invocation import Invocation


class _Changed(NamedTuple):
    """What was changed, and how."""

    collection: str | None
    name: str | None
    # Most triggers do not tell whether something is new.
    operation: str = "upsert"


def _blob(invocation: Invocation) -> _Changed:
    # ``samples/a/b.txt``, for the path ``samples/{name}``.
    told = getattr(invocation.value, "name", None)
    pattern = (invocation.option("path") or "").partition("/")[0]
    container, _, name = (told if isinstance(told, str) else pattern).partition("/")
    return _Changed(container or None, name or None)


def _documents(invocation: Invocation) -> _Changed:
    return _Changed(
        invocation.option("databaseName"),
        invocation.option("containerName", "collectionName"),
    )


# As the triggers for SQL number them.
_OPERATIONS: dict[object, str] = {0: "insert", 1: "edit", 2: "delete"}


def _table(invocation: Invocation) -> _Changed:
    table = invocation.option("tableName")
    kinds = {_OPERATIONS.get(one, "upsert") for one in _operations(invocation.value)}
    return _Changed(table, table, kinds.pop() if len(kinds) == 1 else "upsert")


def _operations(changes: object) -> list[object]:
    """How rows have changed. The trigger for SQL hands them over as a text."""
    if isinstance(changes, str):
        try:
            changes = json.loads(changes)
        except ValueError:
            return []
    if not isinstance(changes, Sequence):
        return []
    return [one.get("Operation") for one in changes if isinstance(one, Mapping)]


# By the type of the trigger in lower case.
_SOURCES: dict[str, Callable[[Invocation], _Changed]] = {
    "blobtrigger": _blob,
    "cosmosdbtrigger": _documents,
    "mysqltrigger": _table,
    "sqltrigger": _table,
}


def describe_change(invocation: Invocation) -> Details | None:
    """Describe a change of data that triggers a function.

    :return: Nothing, if the trigger is none of a data source.
    """
    changed_by = _SOURCES.get(invocation.type)
    if changed_by is None:
        return None
    changed = changed_by(invocation)
    return Details(
        trigger="datasource",
        attributes={
            "faas.document.collection": changed.collection,
            "faas.document.name": changed.name,
            "faas.document.operation": changed.operation,
            "faas.document.time": datetime.now(timezone.utc).isoformat(),
        },
    )
