"""Changes nobody reads the result of, sent to PostgreSQL together: as few statements as are safe.

The parts of one statement `with a as (insert …), b as (update …) select` see one snapshot, and in no
order (PostgreSQL manual §7.8.4). So two parts never name the same table, and what looks at other
rows than those it changes stays a statement of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

_MOST_ROWS = 16
"""Up to so many rows are one insert: each number of rows is a statement to be prepared."""
_CHANGE = re.compile(r"(?:insert into|update|delete from) (\w+)\b(.*)", re.DOTALL)
_LOOKS = re.compile(r"\b(?:select|from|using|returning|with)\b")
_VALUES = re.compile(r"(insert into .*) values (\([^()]*\))([^?]*)", re.DOTALL)

Rows = Sequence[Sequence[Any]]


@dataclass(slots=True)
class Change:
    """A statement that waits: with the rows it is run for, or what to raise unless it meets one row."""

    text: str
    params: Sequence[Any] = ()
    rows: Rows = ()
    otherwise: Callable[[], Exception] | None = None

    @classmethod
    def of_rows(cls, text: str, rows: Rows) -> Change:
        """Return the change that runs a statement for each row: a few inserted rows are one statement."""
        if len(rows) == 1:
            return cls(text, rows[0])
        insert = _insert_of(text, len(rows)) if len(rows) <= _MOST_ROWS else None
        if insert is None:
            return cls(text, rows=rows)
        return cls(insert, list(chain.from_iterable(rows)))


@dataclass(slots=True)
class Group:
    """Changes of different tables that become one statement."""

    changes: list[Change] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    closed: bool = False

    def takes(self, change: Change, table: str | None) -> bool:
        """Tell whether a change may join."""
        return not self.closed and table is not None and not change.rows and table not in self.tables

    @property
    def rows(self) -> Rows:
        """The rows for which a change that stands alone is run."""
        return self.changes[0].rows

    def text(self, end: str = "") -> str:
        """Return the one statement; it ends with a change that returns rows, when one is given.

        Of several changes it returns else how many rows each expectation met.
        """
        if len(self.changes) == 1 and not end:
            return self.changes[0].text
        return _with(tuple((change.text, change.otherwise is not None) for change in self.changes), end)

    @property
    def params(self) -> list[Any]:
        """The parameters of all changes."""
        return list(chain.from_iterable([change.params for change in self.changes]))

    def check(self, cursor: Any) -> None:
        """Raise what was to be raised for a change that did not meet exactly one row."""
        expecting = [change.otherwise for change in self.changes if change.otherwise is not None]
        if not expecting:
            return
        counts = (cursor.rowcount,) if len(self.changes) == 1 else cursor.fetchone()
        for count, otherwise in zip(counts, expecting, strict=True):
            if count != 1:
                raise otherwise()


def fused(changes: Sequence[Change]) -> list[Group]:
    """Return the changes in their order as groups, each to be sent as one statement."""
    groups: list[Group] = []
    for change in changes:
        table = table_of(change.text)
        if not groups or not groups[-1].takes(change, table):
            groups.append(Group(closed=table is None or bool(change.rows)))
        groups[-1].changes.append(change)
        if table is not None:
            groups[-1].tables.add(table)
    return groups


def may_end(group: Group, text: str) -> bool:
    """Tell whether a statement whose result is read may end a group: a change of yet another table."""
    table = _returning_table(text)
    plain = all(change.otherwise is None for change in group.changes)
    return plain and not group.closed and table is not None and table not in group.tables


@lru_cache(maxsize=1024)
def _insert_of(text: str, rows: int) -> str | None:
    """Return an insert of one row as that of several; None when it is not so simple."""
    insert = _VALUES.fullmatch(text)
    if insert is None:
        return None
    head, marks, tail = insert.groups()
    return f"{head} values {','.join([marks] * rows)}{tail}"


@lru_cache(maxsize=1024)
def _with(changes: tuple[tuple[str, bool], ...], end: str) -> str:
    parts, counts = [], []
    for number, (text, counted) in enumerate(changes):
        parts.append(f"c{number} as ({text}{' returning 1' if counted else ''})")
        if counted:
            counts.append(f"(select count(*) from c{number})")  # noqa: S608 - a number
    last = end or f"select {', '.join(counts)}"
    return f"with {', '.join(parts)} {last}"


@lru_cache(maxsize=1024)
def table_of(text: str) -> str | None:
    """Return the table a change is of; None when it may look at others."""
    found = _CHANGE.fullmatch(text)
    return found[1] if found is not None and not _LOOKS.search(found[2]) else None


@lru_cache(maxsize=1024)
def _returning_table(text: str) -> str | None:
    head, returning, columns = text.partition(" returning ")
    return table_of(head) if returning and not _LOOKS.search(columns) else None
