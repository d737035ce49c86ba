"""Work items: a person's step from the moment a token waits for it until it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import directory, history, instances
from engine.directory import Actor
from engine.errors import Conflict, Forbidden, NotFound, Refused
from engine.instances import Instance
from engine.store.database import UnitOfWork
from engine.store.tables import work_item
from engine.store.types import dump_json, load_json
from engine.text import T

Json = Any

NORMAL_PRIORITY = 50
_URGENT, _LOW = 80, 30
_BAND = 1 << 40
_NAMES = tuple(column.name for column in work_item.c)
_COLUMNS = ", ".join(_NAMES)
_COLUMNS_OF_W = ", ".join(f"w.{name}" for name in _NAMES)
_TIMES = ("due_at", "created_at", "claimed_at", "ended_at")


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A step that a person completes; `state` is open, completed or cancelled.

    `name` is the element's, `title` tells it from its twins: what it is about or for which part.
    """

    id: int
    instance: int
    token: int
    definition: int
    process_id: str
    element: str
    name: str
    title: str
    subject: str | None
    form: str | None
    form_version: int | None
    lane: str | None
    rule: str
    state: str
    assignee: int | None
    owner: int | None
    priority: int
    due_at: datetime | None
    rank: int
    locals: dict[str, Json]
    created_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    ended_by: int | None
    on_behalf_of: int | None
    version: int

    @property
    def key(self) -> str:
        """The short name people use for the item."""
        return f"T-{self.id}"


@dataclass(frozen=True, slots=True)
class Offer:
    """Who gets a new item: one person, or groups any member of which may take it."""

    assignee: int | None
    groups: tuple[str, ...]


def rank(priority: int, due_at: datetime | None) -> int:
    """Return the sort key of open items: urgent ones first, then by due time."""
    band = 0 if priority >= _URGENT else 2 if priority < _LOW else 1
    due = int(due_at.timestamp()) if due_at is not None else _BAND - 1
    return band * _BAND + due


def open_item(uow: UnitOfWork, values: dict[str, Any], offer: Offer, now: datetime) -> int:
    """Insert an open item and offer it; `values` are columns without state, rank and times."""
    row = {
        **values,
        "state": "open",
        "assignee": offer.assignee,
        "rank": rank(values["priority"], values["due_at"]),
        "locals": dump_json(values["locals"]),
        "due_at": uow.time(values["due_at"]),
        "created_at": uow.time(now),
    }
    columns = ", ".join(row)
    marks = ",".join("?" * len(row))
    item_id: int = uow.sql(
        f"insert into work_item ({columns}) values ({marks}) returning id",  # noqa: S608 - own column names
        tuple(row.values()),
    ).fetchone()[0]
    uow.sql_many(
        "insert into work_offer (item, grp) values (?, ?)", [(item_id, group) for group in offer.groups]
    )
    if offer.assignee is None:
        _put_in_queue(uow, item_id, row["rank"], offer.groups)
    return item_id


def _put_in_queue(uow: UnitOfWork, item_id: int, item_rank: int, groups: Iterable[str]) -> None:
    uow.sql_many(
        "insert into work_candidate (grp, rank, item) values (?,?,?)",
        [(group, item_rank, item_id) for group in groups],
    )


def _take_from_queue(uow: UnitOfWork, item_id: int) -> None:
    uow.change("delete from work_candidate where item = ?", (item_id,))


def read(uow: UnitOfWork, item_id: int) -> WorkItem:
    """Return an item without asking who wants to know; raises `NotFound`."""
    row = uow.sql(f"select {_COLUMNS} from work_item where id = ?", (item_id,)).fetchone()  # noqa: S608
    if row is None:
        raise NotFound(T("没有这项待办"), item=item_id)
    return _of_row(uow, row)


def lock(uow: UnitOfWork, item_id: int) -> tuple[Instance, WorkItem]:
    """Lock the instance of an item, then the item, and return both as they are now; raises `NotFound`.

    The item is locked too, because PostgreSQL reads only locked rows again that others have changed
    while it waited (manual §13.2.1); `i` is locked first, because `work_item` is joined to its rows.
    """
    lock_item = f"{uow.for_update} of w" if uow.for_update else ""
    text = (
        f"with i as (select {', '.join(instances.NAMES)} from instance"  # noqa: S608 - own columns
        f" where id = (select instance from work_item where id = ?){uow.for_update})"
        f" select i.*, {_COLUMNS_OF_W} from i join work_item w on w.instance = i.id where w.id = ?{lock_item}"
    )
    row = uow.sql(text, (item_id, item_id)).fetchone()
    if row is None:
        raise NotFound(T("没有这项待办"), item=item_id)
    width = len(instances.NAMES)
    return instances.of_row(uow, row[:width]), _of_row(uow, row[width:])


def _of_row(uow: UnitOfWork, row: Sequence[Any]) -> WorkItem:
    found = dict(zip(_NAMES, row, strict=True))
    for name in _TIMES:
        found[name] = uow.read_time(found[name])
    found["locals"] = load_json(found["locals"])
    return WorkItem(**found)


def offered_to(uow: UnitOfWork, item_id: int) -> tuple[str, ...]:
    """Return the groups an item was offered to."""
    rows = uow.sql("select grp from work_offer where item = ? order by grp", (item_id,)).fetchall()
    return tuple(row[0] for row in rows)


def may_work(uow: UnitOfWork, actor: Actor, item: WorkItem) -> bool:
    """Return whether the actor may complete the item: it is theirs, or nobody's and offered to them."""
    if item.assignee is not None:
        return item.assignee == actor.id
    return not set(actor.groups).isdisjoint(offered_to(uow, item.id))


def get_open(uow: UnitOfWork, actor: Actor, item_id: int) -> WorkItem:
    """Return an open item the actor may work on; says who was faster when it has ended."""
    item = read(uow, item_id)
    require_open(uow, actor, item)
    return item


def require_open(uow: UnitOfWork, actor: Actor, item: WorkItem) -> None:
    """Refuse an item that has ended, saying who was faster, or that the actor may not work on."""
    if item.state != "open":
        raise _ended(uow, item)
    if not may_work(uow, actor, item):
        if item.assignee is not None and not set(actor.groups).isdisjoint(offered_to(uow, item.id)):
            who = directory.names(uow, [item.assignee])[item.assignee]
            raise Conflict(T("{who}已认领这项待办", who=who), item=item.id, who=item.assignee)
        raise Forbidden(T("这项待办不由您办理"), item=item.id)


def _ended(uow: UnitOfWork, item: WorkItem) -> Conflict:
    if item.state == "cancelled":
        return Conflict(T("这项待办已取消，流程已走到别处"), item=item.id, at=item.ended_at)
    who = directory.names(uow, [item.ended_by or 0]).get(item.ended_by or 0, "")
    return Conflict(T("{who}已办理这项待办", who=who), item=item.id, who=item.ended_by, at=item.ended_at)


def end_item(uow: UnitOfWork, item: WorkItem, actor: Actor, now: datetime) -> None:
    """Mark an item completed by the actor; raises `Conflict` when another has been faster."""
    uow.change_one(
        "update work_item set state = 'completed', assignee = coalesce(assignee, ?), ended_at = ?,"
        " ended_by = ?, on_behalf_of = ?, version = version + 1 where id = ? and state = 'open'",
        (actor.id, uow.time(now), actor.id, actor.on_behalf_of, item.id),
        lambda: _ended(uow, read(uow, item.id)),
    )
    if item.assignee is None:
        _take_from_queue(uow, item.id)
    uow.change("delete from draft where item = ?", (item.id,))


def cancel_items(uow: UnitOfWork, instance: int, tokens: Sequence[int], now: datetime) -> None:
    """Cancel the open items of tokens that have gone."""
    uow.sql_many(
        "delete from work_candidate where item in"
        " (select id from work_item where instance = ? and token = ? and state = 'open')",
        [(instance, token) for token in tokens],
    )
    uow.sql_many(
        "update work_item set state = 'cancelled', ended_at = ?"
        " where instance = ? and token = ? and state = 'open'",
        [(uow.time(now), instance, token) for token in tokens],
    )


def items_of(uow: UnitOfWork, ids: Iterable[int]) -> list[WorkItem]:
    """Return items by id, in order of id."""
    query = sa.select(work_item).where(work_item.c.id.in_(list(ids))).order_by(work_item.c.id)
    return [WorkItem(**row) for row in uow.execute(query).mappings()]


def open_items(uow: UnitOfWork, *, instance: int | None = None, subject: str | None = None) -> list[WorkItem]:
    """Return the open items of an instance or of a subject, in order of id."""
    query = sa.select(work_item).where(work_item.c.state == "open").order_by(work_item.c.id)
    if instance is not None:
        query = query.where(work_item.c.instance == instance)
    if subject is not None:
        query = query.where(work_item.c.subject == subject)
    return [WorkItem(**row) for row in uow.execute(query).mappings()]


# ---------------------------------------------------------------- handing over


def claim(uow: UnitOfWork, actor: Actor, item_id: int, now: datetime) -> WorkItem:
    """Take an offered item; claiming what one already has changes nothing."""
    item = get_open(uow, actor, item_id)
    if item.assignee == actor.id:
        return item
    return _hand_over(uow, actor, item, actor.id, "work.claimed", now)


def release(uow: UnitOfWork, actor: Actor, item_id: int, now: datetime) -> WorkItem:
    """Put a claimed item back to its groups; refused when it was given to one person."""
    item = get_open(uow, actor, item_id)
    if not offered_to(uow, item.id):
        raise Refused(T("这项待办直接分派给您，不能退回待领；可以转交他人"), item=item_id)
    if item.assignee is None:
        return item
    return _hand_over(uow, actor, item, None, "work.released", now)


def reassign(
    uow: UnitOfWork, actor: Actor, item_id: int, to: int, now: datetime, reason: str = ""
) -> WorkItem:
    """Give an item to somebody else: by its holder, a coordinator or an administrator."""
    item = read(uow, item_id)
    if item.state != "open":
        raise _ended(uow, item)
    if not may_work(uow, actor, item) and not actor.has("coordinator", "administrator"):
        raise Forbidden(T("只有办理人、协调员或管理员可以转交"), item=item_id)
    target = directory.get_person(uow, to)
    if not target.active:
        raise Refused(T("{who}已停用，不能接手", who=target.name), person=to)
    return _hand_over(uow, actor, item, to, "work.reassigned", now, reason)


def _hand_over(
    uow: UnitOfWork,
    actor: Actor,
    item: WorkItem,
    to: int | None,
    kind: str,
    now: datetime,
    reason: str = "",
) -> WorkItem:
    chain = history.open_chain(uow, item.instance)
    uow.change_one(
        "update work_item set assignee = ?, claimed_at = ?, version = version + 1"
        " where id = ? and state = 'open' and version = ?",
        (to, uow.time(now if to is not None else None), item.id, item.version),
        lambda: Conflict(T("这项待办刚被他人处理，请刷新"), item=item.id),
    )
    _take_from_queue(uow, item.id)
    if to is None:
        _put_in_queue(uow, item.id, item.rank, offered_to(uow, item.id))
    body: dict[str, Json] = {"from": item.assignee, "to": to, "token": item.token}
    if reason:
        body["reason"] = reason
    chain.append(kind, actor, now, body, element=item.element, item=item.id)
    history.close_chain(uow, chain)
    return read(uow, item.id)
