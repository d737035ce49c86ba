"""Conditional start events: asked whenever a data store they name is written (BPMN 2.0.2 §10.5.2).

A condition may not read variables, as there is no instance yet; data stores are what a diagram knows
of the world outside. It fires when a write makes it true that was not true before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine import clock, definitions, feel, jobs, stores
from engine.errors import WuxingError
from engine.store.database import UnitOfWork

if TYPE_CHECKING:
    from engine.jobs import Job

Json = Any
KIND = "start_condition"


def note(uow: UnitOfWork, store: str, before: Json, after: Json) -> None:
    """Have the conditions asked that a write to a data store may have made true."""
    if definitions.any_starts(uow, "conditional"):
        now = clock.now()
        jobs.add(uow, KIND, now, now, {"store": store, "before": before, "after": after})


def occur(uow: UnitOfWork, job: Job, begin: Callable[[str, str], list[int]]) -> list[int]:
    """Start every process whose condition has become true; returns the items opened."""
    opened: list[int] = []
    for process, element in list(_fulfilled(uow, job.payload)):
        opened += begin(process, element)
    return opened


def _fulfilled(uow: UnitOfWork, written: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for process, entry in definitions.starts(uow, "conditional"):
        names: dict[str, str] = entry["stores"]
        if written["store"] not in _read(entry["name"], names):
            continue
        others = {name: stores.value(uow, store) for name, store in names.items()}
        mine = [name for name, store in names.items() if store == written["store"]]
        was, now = (_holds(entry["name"], others, mine, written[when]) for when in ("before", "after"))
        if now and not was:
            yield process, entry["element"]


def _read(condition: str, names: Mapping[str, str]) -> set[str]:
    return {names[name] for name in feel.names_in(condition) if name in names}


def _holds(condition: str, others: Mapping[str, Json], mine: list[str], value: Json) -> bool:
    """Return whether a condition is true; one that cannot be evaluated is not."""
    try:
        return feel.evaluate(condition, {**others, **dict.fromkeys(mine, value)}).value is True
    except WuxingError:
        return False
