"""Messages, signals and timers of tokens: subscriptions, deliveries kept for late receivers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import correlation, jobs
from engine.correlation import Address
from engine.spiff.port import Thrown, Wait
from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json

Json = Any
_TURN = 0x5758_4D53
"""The number of the advisory lock by which messages and subscriptions take turns."""
FEW = 10
"""So many receivers are looked at together; more are when all of these have other keys."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A token that waits for a message or signal."""

    id: int
    instance: int
    token: int
    slot: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message under way: what it is called and correlated by, its payload, and the keys it carries."""

    name: str
    correlation: Json
    payload: dict[str, Json]
    carried: correlation.Carried


@dataclass(frozen=True, slots=True)
class Match:
    """A receiver of a message, the keys that say so, and other instances that could have had it as well."""

    receiver: Subscription
    keys: dict[str, correlation.Values]
    others: tuple[int, ...]

    def told(self) -> dict[str, Json]:
        """Return what the history says of it; nothing where a name alone has found a single receiver."""
        keys = {"keys": self.keys} if self.keys else {}
        return {**keys, **({"others": list(self.others)} if self.others else {})}


def arm_timer(uow: UnitOfWork, instance: int, wait: Wait, now: datetime) -> None:
    """Write the job that fires a waiting timer."""
    due = datetime.fromisoformat(wait.detail["due"])
    jobs.add(uow, "timer", due, now, wait.detail, instance=instance, token=wait.token, slot=wait.slot)


def subscribe(uow: UnitOfWork, instance: int, wait: Wait, now: datetime) -> None:
    """Write a subscription, in place of that of a wait said `again`; a kept message is delivered next."""
    name = wait.detail["name"]
    if wait.detail.get("again"):
        where = (instance, wait.token, wait.slot)
        uow.change("delete from subscription where instance = ? and token = ? and slot = ?", where)
    addresses = correlation.addresses(wait.detail)
    uow.sql_many(
        "insert into subscription (kind, name, correlation, instance, token, slot) values (?,?,?,?,?,?)",
        [(wait.kind, name, address, instance, wait.token, wait.slot) for address in addresses],
    )
    if wait.kind == "message":
        _in_turn(uow, "_shared")
        _deliver_kept(uow, name, addresses, now)


def _in_turn(uow: UnitOfWork, mode: str = "") -> None:
    """Let whoever keeps a message and whoever subscribes see each other (PostgreSQL, read committed).

    Both look for the other after they have written: without turns neither would find what the other
    has not committed yet, and the message would lie there beside its receiver. Subscribers share the
    turn, so they do not wait for each other. SQLite has one writer.
    """
    if uow.dialect == "postgresql":
        uow.sql(f"select pg_advisory_xact_lock{mode}(?)", (_TURN,)).fetchall()


def unsubscribe(uow: UnitOfWork, instance: int, tokens: Sequence[int]) -> None:
    """Remove the subscriptions of tokens that no longer wait."""
    uow.sql_many(
        "delete from subscription where instance = ? and token = ?", [(instance, token) for token in tokens]
    )


def unsubscribe_all(uow: UnitOfWork, instance: int) -> None:
    """Remove the subscriptions of an instance that has ended."""
    uow.change("delete from subscription where instance = ?", (instance,))


# ---------------------------------------------------------------- receivers


def find_receivers(uow: UnitOfWork, kind: str, name: str, key: str, *, limit: int) -> list[Subscription]:
    """Return who waits for a message or signal, the longest waiting first."""
    return _waiting(uow, kind, name, [key], 0, limit)


def _waiting(
    uow: UnitOfWork, kind: str, name: str, addresses: Sequence[str], after: int, limit: int
) -> list[Subscription]:
    marks = ",".join("?" * len(addresses))
    text = (
        "select s.id, s.instance, s.token, s.slot from subscription s join instance i on i.id = s.instance"  # noqa: S608 - only placeholders are put in
        f" where s.kind = ? and s.name = ? and s.correlation in ({marks}) and s.id > ?"
        " and i.state = 'active' order by s.id limit ?"
    )
    rows = uow.sql(text, (kind, name, *addresses, after, limit)).fetchall()
    return [Subscription(*row) for row in rows]


def receivers(uow: UnitOfWork, message: Message) -> Iterator[Match]:
    """Yield who may have a message, the best first.

    Who waits by the very values it carries goes before who waits by a key that has no value yet, or
    by none; more keys before fewer; and of those alike, who waits longest. Nobody waits for it whose
    key has another value than the message (BPMN 2.0.2 §8.4.2).
    """
    exact = [str(correlation.exactly(rule, values)) for rule, (_, values) in message.carried.items()]
    loose = [str(correlation.openly(rule)) for rule in message.carried]
    (loose if message.correlation is None else exact).append(correlation.by_value(message.correlation))
    for addresses in (exact, loose):
        yield from _ranked(_agreeing(uow, message, addresses))


def _ranked(found: list[tuple[Subscription, dict[str, correlation.Values]]]) -> Iterator[Match]:
    for receiver, keys in sorted(found, key=lambda each: -len(each[1])):
        alike = {other.instance for other, others_keys in found if len(others_keys) == len(keys)}
        yield Match(receiver, keys, tuple(sorted(alike - {receiver.instance})))


def _agreeing(
    uow: UnitOfWork, message: Message, addresses: Sequence[str]
) -> list[tuple[Subscription, dict[str, correlation.Values]]]:
    """Return some that wait at these addresses and contradict no key of a message, with the equal keys."""
    after = 0
    seen: dict[tuple[int, int, int], tuple[Subscription, dict[str, correlation.Values]]] = {}
    while addresses and (found := _waiting(uow, "message", message.name, addresses, after, FEW)):
        for each in found:
            keys = _equal_keys(uow, message, each)
            if keys is not None:
                seen.setdefault((each.instance, each.token, each.slot), (each, keys))
        if seen:
            break
        after = found[-1].id
    return list(seen.values())


def _equal_keys(
    uow: UnitOfWork, message: Message, receiver: Subscription
) -> dict[str, correlation.Values] | None:
    """Return the keys that a receiver and a message have alike; None when one of them differs."""
    if not message.carried:
        return {}
    text = "select correlation from subscription where instance = ? and token = ? and slot = ?"
    where = (receiver.instance, receiver.token, receiver.slot)
    waits = {each.rule: each for each in _by_keys(row[0] for row in uow.sql(text, where).fetchall())}
    keys = {}
    for rule, (key, values) in message.carried.items():
        here = waits.get(rule)
        if here == correlation.exactly(rule, values):
            keys[key] = values
        elif here is not None and here.state == correlation.EQUAL:
            return None
    return keys


def _by_keys(texts: Iterable[str]) -> list[Address]:
    return [address for address in map(Address.read, texts) if address is not None]


def still_waits(uow: UnitOfWork, subscription: Subscription) -> bool:
    """Return whether the subscription exists still; asked after its instance has been locked."""
    return uow.sql("select 1 from subscription where id = ?", (subscription.id,)).fetchone() is not None


# ---------------------------------------------------------------- kept messages


def keep(uow: UnitOfWork, message: Message, now: datetime, days: int) -> None:
    """Keep a message until its receiver appears or its time is over.

    One whose receiver has just appeared, in a transaction that ended meanwhile, is queued again.
    """
    _in_turn(uow)
    if uow.dialect == "postgresql" and next(receivers(uow, message), None) is not None:
        jobs.add_message(uow, now, message.name, message.correlation, message.payload)
        return
    text = (
        "insert into message (name, correlation, payload, created_at, expires_at, state)"
        " values (?,?,?,?,?,'kept') returning id"
    )
    values = (
        message.name,
        correlation.by_value(message.correlation),
        dump_json(message.payload),
        uow.time(now),
        uow.time(now + timedelta(days=days)),
    )
    row = uow.sql(text, values).fetchone()
    correlation.index(uow, row[0], message.carried)


def deliver_kept(uow: UnitOfWork, instance: int, now: datetime) -> None:
    """Queue the messages that were kept while an instance could not receive them: it rested."""
    waits: dict[tuple[int, int, str], list[str]] = {}
    text = "select token, slot, name, correlation from subscription where instance = ? and kind = 'message'"
    for token, slot, name, address in uow.sql(text + " order by id", (instance,)).fetchall():
        waits.setdefault((token, slot, name), []).append(address)
    for (_, _, name), addresses in waits.items():
        _deliver_kept(uow, name, addresses, now)


def _deliver_kept(uow: UnitOfWork, name: str, addresses: Sequence[str], now: datetime) -> None:
    """Queue the oldest kept message for one who waits at these addresses."""
    keyed = _by_keys(addresses)
    id = correlation.kept_for(uow, keyed, uow.time(now))
    if not keyed:
        text = (
            "select id from message where name = ? and correlation = ? and state = 'kept'"
            " and expires_at > ? order by id limit 1"
        )
        row = uow.sql(text + uow.for_update, (name, *addresses, uow.time(now))).fetchone()
        id = None if row is None else row[0]
    if id is not None:
        take = "update message set state = 'taken' where id = ? and state = 'kept'"
        row = uow.sql(f"{take} returning correlation, payload", (id,)).fetchone()
        if row is not None:
            jobs.add_message(uow, now, name, load_json(row[0]) if row[0] else None, load_json(row[1]))


def send_thrown(uow: UnitOfWork, instance: int, thrown: Thrown, now: datetime) -> None:
    """Queue what an instance throws; its own tokens have taken a signal already."""
    if thrown.kind == "signal":
        body = {"name": thrown.name, "payload": thrown.payload, "thrower": instance}
        jobs.add(uow, "signal", now, now, body)
    else:
        jobs.add_message(uow, now, thrown.name, thrown.correlation, thrown.payload)
