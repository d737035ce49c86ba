"""The append-only history of instances: events chained by digest, bodies in rows of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.directory import Actor
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json, stamp
from engine.text import T

GENESIS = "0" * 64
"""What the first event of an instance names as the one before it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an instance; `body` is None once it has been erased."""

    instance: int
    seq: int
    at: datetime
    kind: str
    actor: int
    on_behalf_of: int | None
    element: str | None
    item: int | None
    body_digest: str
    prev: str
    hash: str
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether an instance's history is whole: `broken_at` is the first event that does not fit."""

    events: int
    intact: bool
    broken_at: int | None = None
    reason: T | None = None


def digest(text: str) -> str:
    """Return the SHA-256 of a text as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(
    prev: str,
    instance: int,
    seq: int,
    at: str,
    kind: str,
    actor: int,
    on_behalf_of: int | None,
    element: str | None,
    item: int | None,
    body_digest: str,
) -> str:
    """Return the hash that chains an event to the one before it (D25: digests, never clear values)."""
    return digest(dump_json([prev, instance, seq, at, kind, actor, on_behalf_of, element, item, body_digest]))


@dataclass(slots=True)
class Chain:
    """The growing end of one instance's history within a unit of work."""

    instance: int
    seq: int = 0
    head: str = GENESIS
    _events: list[tuple[Any, ...]] = field(default_factory=list)
    _bodies: list[tuple[int, int, str]] = field(default_factory=list)

    def append(
        self,
        kind: str,
        actor: Actor,
        at: datetime,
        body: dict[str, Any],
        *,
        element: str | None = None,
        item: int | None = None,
    ) -> int:
        """Add an event and return its number; `write` puts it into the database."""
        self.seq += 1
        text = dump_json(body)
        body_digest = digest(text)
        prev = self.head
        self.head = link_hash(
            prev,
            self.instance,
            self.seq,
            stamp(at),
            kind,
            actor.id,
            actor.on_behalf_of,
            element,
            item,
            body_digest,
        )
        self._events.append(
            (
                self.instance,
                self.seq,
                at,
                kind,
                actor.id,
                actor.on_behalf_of,
                element,
                item,
                body_digest,
                prev,
                self.head,
            )
        )
        self._bodies.append((self.instance, self.seq, text))
        return self.seq

    def mark(self) -> tuple[int, str, int]:
        """Return where the chain ends now, for `back_to`."""
        return self.seq, self.head, len(self._events)

    def back_to(self, mark: tuple[int, str, int]) -> None:
        """Forget the events added since the mark, none of which has been written."""
        self.seq, self.head, kept = mark
        del self._events[kept:], self._bodies[kept:]

    def write(self, uow: UnitOfWork) -> None:
        """Insert the events added so far; the caller stores `seq` and `head` with the instance."""
        events = [(*row[:2], uow.time(row[2]), *row[3:]) for row in self._events]
        uow.sql_many(
            "insert into event (instance, seq, at, kind, actor, on_behalf_of, element, item,"
            " body_digest, prev, hash) values (?,?,?,?,?,?,?,?,?,?,?)",
            events,
        )
        uow.sql_many("insert into event_body (instance, seq, body) values (?,?,?)", self._bodies)
        self._events.clear()
        self._bodies.clear()


def open_chain(uow: UnitOfWork, instance_id: int) -> Chain:
    """Lock an instance and return the end of its history; for acts that move no token."""
    row = uow.sql(
        f"select seq, head from instance where id = ?{uow.for_update}",  # noqa: S608 - a constant suffix
        (instance_id,),
    ).fetchone()
    if row is None:
        raise NotFound(T("没有这个流程实例"), instance=instance_id)
    return Chain(instance_id, row[0], row[1])


def close_chain(uow: UnitOfWork, chain: Chain) -> None:
    """Write a chain opened with `open_chain` and store its new end with the instance."""
    chain.write(uow)
    uow.change("update instance set seq = ?, head = ? where id = ?", (chain.seq, chain.head, chain.instance))


_FIELDS = tuple(Event.__dataclass_fields__)
_COLUMNS = (
    "e.instance, e.seq, e.at, e.kind, e.actor, e.on_behalf_of, e.element, e.item,"
    " e.body_digest, e.prev, e.hash, b.body"
)


def events(
    uow: UnitOfWork, instance_id: int, *, after: int = 0, until: int | None = None, limit: int | None = None
) -> list[Event]:
    """Return the events of an instance in order, those after number `after` up to `until`."""
    return list(iterate(uow, instance_id, after=after, until=until, limit=limit))


def iterate(
    uow: UnitOfWork, instance_id: int, *, after: int = 0, until: int | None = None, limit: int | None = None
) -> Iterator[Event]:
    """Yield the events of an instance in order."""
    text = (
        f"select {_COLUMNS} from event e left join event_body b"  # noqa: S608 - constant columns
        " on b.instance = e.instance and b.seq = e.seq where e.instance = ? and e.seq > ?"
    )
    params: list[Any] = [instance_id, after]
    if until is not None:
        text += " and e.seq <= ?"
        params.append(until)
    text += " order by e.seq"
    if limit is not None:
        text += " limit ?"
        params.append(limit)
    for row in uow.sql(text, params).fetchall():
        at = uow.read_time(row[2])
        assert at is not None
        body = load_json(row[11]) if row[11] is not None else None
        yield Event(**{**dict(zip(_FIELDS, row, strict=True)), "at": at, "body": body})


def completed_values(uow: UnitOfWork, instance_id: int, item_id: int) -> dict[str, Any] | None:
    """Return the values with which a work item was completed, or None."""
    row = uow.sql(
        "select b.body from event e join event_body b on b.instance = e.instance and b.seq = e.seq"
        " where e.instance = ? and e.item = ? and e.kind = 'work.completed'",
        (instance_id, item_id),
    ).fetchone()
    if row is None or row[0] is None:
        return None
    values: dict[str, Any] = load_json(row[0])["values"]
    return values


def verify_chain(uow: UnitOfWork, instance_id: int) -> ChainVerdict:
    """Recompute every digest and link of an instance's history and compare with its stored end."""
    row = uow.sql("select seq, head from instance where id = ?", (instance_id,)).fetchone()
    if row is None:
        raise NotFound(T("没有这个流程实例"), instance=instance_id)
    text = (
        f"select {_COLUMNS} from event e left join event_body b"  # noqa: S608 - constant columns
        " on b.instance = e.instance and b.seq = e.seq where e.instance = ? order by e.seq"
    )
    head, seq = GENESIS, 0
    for found in uow.sql(text, (instance_id,)).fetchall():
        seq += 1
        problem = _judge(uow, found, seq, head)
        if problem is not None:
            return ChainVerdict(seq, False, seq, problem)
        head = found[10]
    if (seq, head) != (row[0], row[1]):
        return ChainVerdict(seq, False, seq + 1, T("记录的末尾与实例不符，可能缺少事件"))
    return ChainVerdict(seq, True)


def _judge(uow: UnitOfWork, row: Any, seq: int, head: str) -> T | None:
    if row[1] != seq:
        return T("缺少第{seq}条事件", seq=seq)
    if row[9] != head:
        return T("第{seq}条事件与前一条不相连", seq=seq)
    if row[11] is not None and digest(row[11]) != row[8]:
        return T("第{seq}条事件的内容被改动", seq=seq)
    at = uow.read_time(row[2])
    assert at is not None
    if link_hash(head, row[0], row[1], stamp(at), *row[3:9]) != row[10]:
        return T("第{seq}条事件的记录被改动", seq=seq)
    return None
