"""Where a job or an incident belongs, told without what the case is about.

Operators see the key of a case and the name of its process, never its title: keeping the machine
running gives no right to read its content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine import definitions, instances, subjects
from engine.store.database import UnitOfWork


@dataclass(frozen=True)
class Place:
    """An instance as operators name it."""

    instance: int
    process: str
    key: str


def places(uow: UnitOfWork, ids: Iterable[int | None]) -> dict[int, Place]:
    """Return the places of instances by id."""
    found = [instances.get(uow, number) for number in {number for number in ids if number is not None}]
    known = subjects.named(uow, {entry.subject for entry in found if entry.subject})
    versions = {entry.definition for entry in found}
    names = {number: definitions.get(uow, number).name for number in versions}
    return {
        entry.id: Place(
            entry.id,
            names[entry.definition],
            known[entry.subject].key if entry.subject in known else entry.key or "",
        )
        for entry in found
    }
