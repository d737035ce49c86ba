"""The rows of the inbox as its template shows them: items with the names of what they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from engine import directory, subjects
from engine.inbox import Page
from engine.store.database import UnitOfWork
from engine.subjects import Subject
from engine.work import WorkItem


@dataclass(frozen=True, slots=True)
class Row:
    """A work item with what it is about and who has it."""

    item: WorkItem
    subject: Subject | None
    holder: str


def rows_of(uow: UnitOfWork, page: Page) -> list[Row]:
    """Return the rows of a page; two more queries whatever its length."""
    items = page.items
    known = subjects.named(uow, {item.subject for item in items if item.subject})
    names = directory.names(uow, {item.assignee for item in items if item.assignee})
    return [Row(item, known.get(item.subject or ""), names.get(item.assignee or -1, "")) for item in items]
