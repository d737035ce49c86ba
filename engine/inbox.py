"""The inbox: what a person has to do, may take, or has done; keyset pages, never a full count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine import work
from engine.directory import Actor
from engine.store.database import UnitOfWork
from engine.work import WorkItem

PAGE = 25
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of items in order; `after` is the keyset of the next page, or None on the last."""

    items: tuple[WorkItem, ...]
    after: tuple[int, int] | None


def _page(uow: UnitOfWork, found: Sequence[tuple[int, int]], limit: int) -> Page:
    shown = found[:limit]
    order = {item: place for place, (_, item) in enumerate(shown)}
    items = sorted(work.items_of(uow, order), key=lambda item: order[item.id])
    return Page(tuple(items), shown[-1] if len(found) > limit else None)


def mine(uow: UnitOfWork, actor: Actor, *, after: tuple[int, int] | None = None, limit: int = PAGE) -> Page:
    """Return the open items assigned to the actor, the most urgent first."""
    rank, item = after if after is not None else (-1, 0)
    rows = uow.sql(
        "select rank, id from work_item where assignee = ? and state = 'open'"
        " and (rank, id) > (?, ?) order by rank, id limit ?",
        (actor.id, rank, item, limit + 1),
    ).fetchall()
    return _page(uow, [tuple(row) for row in rows], limit)


def offered(
    uow: UnitOfWork, actor: Actor, *, after: tuple[int, int] | None = None, limit: int = PAGE
) -> Page:
    """Return the unclaimed items offered to the actor's groups, the most urgent first.

    One keyset branch per group, then a union: the cost does not depend on how many are open.
    """
    rank, item = after if after is not None else (-1, 0)
    branch = (
        "select * from (select rank, item from work_candidate where grp = ? and (rank, item) > (?, ?)"
        " order by rank, item limit ?) b"
    )
    text = " union ".join([branch] * len(actor.groups)) + " order by rank, item limit ?"
    params: list[Any] = []
    for group in actor.groups:
        params += [group, rank, item, limit + 1]
    rows = uow.sql(text, [*params, limit + 1]).fetchall()
    return _page(uow, [tuple(row) for row in rows], limit)


def done(uow: UnitOfWork, actor: Actor, *, before: int | None = None, limit: int = PAGE) -> Page:
    """Return the items the actor has completed, the newest first."""
    rows = uow.sql(
        "select rank, id from work_item where ended_by = ? and state = 'completed' and id < ?"
        " order by id desc limit ?",
        (actor.id, before if before is not None else 1 << 62, limit + 1),
    ).fetchall()
    return _page(uow, [tuple(row) for row in rows], limit)


def waiting_for_others(
    uow: UnitOfWork, actor: Actor, *, after: tuple[int, int] | None = None, limit: int = PAGE
) -> Page:
    """Return what others have to do in the instances the actor has started, the most urgent first."""
    rank, item = after if after is not None else (-1, 0)
    rows = uow.sql(
        "select w.rank, w.id from work_item w join instance i on i.id = w.instance"
        " where i.started_by = ? and i.state = 'active' and w.state = 'open'"
        " and (w.assignee is null or w.assignee <> ?) and (w.rank, w.id) > (?, ?)"
        " order by w.rank, w.id limit ?",
        (actor.id, actor.id, rank, item, limit + 1),
    ).fetchall()
    return _page(uow, [tuple(row) for row in rows], limit)


def counts(uow: UnitOfWork, actor: Actor) -> dict[str, int]:
    """Return how many items wait in `mine` and `offered`, counted to `MOST_COUNTED` at the most."""
    mine_count = uow.sql(
        "select count(*) from (select 1 from work_item where assignee = ? and state = 'open' limit ?) c",
        (actor.id, MOST_COUNTED),
    ).fetchone()[0]
    branch = "select item from work_candidate where grp = ?"
    text = " union ".join([branch] * len(actor.groups))
    offered_count = uow.sql(
        f"select count(*) from (select item from ({text}) u limit ?) c",  # noqa: S608 - constant branches
        (*actor.groups, MOST_COUNTED),
    ).fetchone()[0]
    return {"mine": mine_count, "offered": offered_count}
