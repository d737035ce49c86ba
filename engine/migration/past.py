"""Which version an instance ran at each of its events, as the history tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.instances import Instance
from engine.store.database import UnitOfWork
from engine.store.types import load_json


class Since(NamedTuple):
    """From the event `seq` on the instance ran the version with this definition id."""

    seq: int
    definition: int


def versions_run(uow: UnitOfWork, found: Instance) -> list[Since]:
    """Return the versions an instance has run, the first one first; nearly always a single one.

    A migration whose content has been erased tells nothing any more: what ran before it is taken
    for the version that ran after it.
    """
    rows = uow.sql(
        "select e.seq, b.body from event e join event_body b on b.instance = e.instance and b.seq = e.seq"
        " where e.instance = ? and e.kind = 'instance.migrated' and b.body is not null order by e.seq",
        (found.id,),
    ).fetchall()
    told = [(row[0], load_json(row[1])) for row in rows]
    first = told[0][1]["before"]["definition"] if told else found.definition
    return [Since(1, first), *(Since(seq, body["after"]["definition"]) for seq, body in told)]


def ran_at(versions: Sequence[Since], seq: int | None) -> int:
    """Return the definition an instance ran right after an event; with None, the one it runs now."""
    begun = [each for each in versions if seq is None or each.seq <= seq]
    return (begun or versions)[-1 if begun else 0].definition
