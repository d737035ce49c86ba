"""Messages, signals and timers of tokens: subscriptions, deliveries kept for late receivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import jobs
from engine.spiff.port import Thrown, Wait
from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json

Json = Any


@dataclass(frozen=True, slots=True)
class Subscription:
    """A token that waits for a message or signal."""

    id: int
    instance: int
    token: int
    slot: int


def correlation_key(value: Json) -> str:
    """Return the text by which message and receiver are matched; empty when there is no value."""
    return "" if value is None else dump_json(value)


def arm_timer(uow: UnitOfWork, instance: int, wait: Wait, now: datetime) -> None:
    """Write the job that fires a waiting timer."""
    due = datetime.fromisoformat(wait.detail["due"])
    jobs.add(uow, "timer", due, now, wait.detail, instance=instance, token=wait.token, slot=wait.slot)


def subscribe(uow: UnitOfWork, instance: int, wait: Wait, now: datetime) -> None:
    """Write a subscription; a message that was kept for it is delivered next."""
    name = wait.detail["name"]
    key = correlation_key(wait.detail.get("correlation"))
    uow.change(
        "insert into subscription (kind, name, correlation, instance, token, slot) values (?,?,?,?,?,?)",
        (wait.kind, name, key, instance, wait.token, wait.slot),
    )
    if wait.kind == "message":
        kept = _take_kept(uow, name, key, now)
        if kept is not None:
            jobs.add_message(uow, now, name, wait.detail.get("correlation"), kept)


def unsubscribe(uow: UnitOfWork, instance: int, tokens: Sequence[int]) -> None:
    """Remove the subscriptions of tokens that no longer wait."""
    uow.sql_many(
        "delete from subscription where instance = ? and token = ?", [(instance, token) for token in tokens]
    )


def unsubscribe_all(uow: UnitOfWork, instance: int) -> None:
    """Remove the subscriptions of an instance that has ended."""
    uow.change("delete from subscription where instance = ?", (instance,))


def find_receivers(uow: UnitOfWork, kind: str, name: str, key: str, *, limit: int) -> list[Subscription]:
    """Return who waits for a message or signal, the longest waiting first."""
    text = (
        "select s.id, s.instance, s.token, s.slot from subscription s join instance i on i.id = s.instance"
        " where s.kind = ? and s.name = ? and s.correlation = ? and i.state = 'active' order by s.id limit ?"
    )
    return [Subscription(*row) for row in uow.sql(text, (kind, name, key, limit)).fetchall()]


def still_waits(uow: UnitOfWork, subscription: Subscription) -> bool:
    """Return whether the subscription exists still; asked after its instance has been locked."""
    return uow.sql("select 1 from subscription where id = ?", (subscription.id,)).fetchone() is not None


def keep(
    uow: UnitOfWork,
    name: str,
    correlation: Json,
    payload: Mapping[str, Json],
    now: datetime,
    days: int,
) -> None:
    """Keep a message until its receiver appears or its time is over."""
    uow.change(
        "insert into message (name, correlation, payload, created_at, expires_at, state)"
        " values (?,?,?,?,?,'kept')",
        (
            name,
            correlation_key(correlation),
            dump_json(dict(payload)),
            uow.time(now),
            uow.time(now + timedelta(days=days)),
        ),
    )


def _take_kept(uow: UnitOfWork, name: str, key: str, now: datetime) -> dict[str, Json] | None:
    text = (
        "select id, payload from message where name = ? and correlation = ? and state = 'kept'"
        " and expires_at > ? order by id limit 1"
    )
    row = uow.sql(text + uow.for_update, (name, key, uow.time(now))).fetchone()
    if row is None:
        return None
    uow.change("update message set state = 'taken' where id = ?", (row[0],))
    payload: dict[str, Json] = load_json(row[1])
    return payload


def send_thrown(uow: UnitOfWork, instance: int, thrown: Thrown, now: datetime) -> None:
    """Queue what an instance throws; its own tokens have taken a signal already."""
    if thrown.kind == "signal":
        body = {"name": thrown.name, "payload": thrown.payload, "thrower": instance}
        jobs.add(uow, "signal", now, now, body)
    else:
        jobs.add_message(uow, now, thrown.name, thrown.correlation, thrown.payload)
