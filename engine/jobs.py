"""Job rows: everything that happens later or outside, written with the step that causes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound, Refused
from engine.store.database import UnitOfWork
from engine.store.tables import job
from engine.store.types import dump_json
from engine.text import T

Json = Any

AT_ONCE = (
    "start",
    "start_condition",
    "deliver",
    "signal",
    "receive",
    "cancel_linked",
    "cancel",
    "continue",
)
"""Kinds that a command leaves behind and that are run before its page answers."""


@dataclass(frozen=True, slots=True)
class Job:
    """A thing to do at `due_at`, for an instance's token or on its own."""

    id: int
    kind: str
    due_at: datetime
    state: str
    instance: int | None
    token: int | None
    slot: int
    payload: dict[str, Json]
    attempt: int
    created_at: datetime
    ended_at: datetime | None
    error: str | None
    note: str | None


def add(
    uow: UnitOfWork,
    kind: str,
    due_at: datetime,
    now: datetime,
    payload: Mapping[str, Json],
    *,
    instance: int | None = None,
    token: int | None = None,
    slot: int = 0,
) -> None:
    """Write a job; it exists exactly if the transaction commits."""
    uow.change(
        "insert into job (kind, due_at, state, instance, token, slot, payload, attempt, created_at)"
        " values (?,?,'due',?,?,?,?,0,?)",
        (kind, uow.time(due_at), instance, token, slot, dump_json(dict(payload)), uow.time(now)),
    )


def add_message(
    uow: UnitOfWork, now: datetime, name: str, correlation: Json, payload: Mapping[str, Json]
) -> None:
    """Write the delivery of a message to the one who waits for it."""
    body = {"name": name, "correlation": correlation, "payload": dict(payload)}
    add(uow, "deliver", now, now, body)


def drop_of_tokens(uow: UnitOfWork, instance: int, tokens: Sequence[int], now: datetime) -> None:
    """Cancel the due jobs of tokens that no longer wait."""
    uow.sql_many(
        "update job set state = 'cancelled', ended_at = ? where instance = ? and token = ? and state = 'due'",
        [(uow.time(now), instance, token) for token in tokens],
    )


def drop_of_instance(uow: UnitOfWork, instance: int, now: datetime) -> None:
    """Cancel the due jobs of an instance that has ended."""
    uow.change(
        "update job set state = 'cancelled', ended_at = ? where instance = ? and state in ('due', 'paused')",
        (uow.time(now), instance),
    )


def pause(uow: UnitOfWork, instance: int) -> None:
    """Stop the clocks of an instance."""
    uow.change("update job set state = 'paused' where instance = ? and state = 'due'", (instance,))


def resume(uow: UnitOfWork, instance: int, pause_length: timedelta) -> None:
    """Start the clocks of an instance again, each later by the length of the pause (Q20)."""
    query = sa.select(job.c.id, job.c.due_at).where(job.c.instance == instance, job.c.state == "paused")
    for row in uow.execute(query).all():
        due = row.due_at + pause_length
        uow.execute(sa.update(job).where(job.c.id == row.id).values(state="due", due_at=due))


def take_due(
    uow: UnitOfWork, now: datetime, kinds: Sequence[str] | None = None, *, skip: Sequence[int] = ()
) -> Job | None:
    """Lock and return the job that has been due longest, or None."""
    query = sa.select(job).where(job.c.state == "due", job.c.due_at <= now)
    if kinds is not None:
        query = query.where(job.c.kind.in_(kinds))
    if skip:
        query = query.where(job.c.id.not_in(skip))
    query = query.order_by(job.c.due_at, job.c.id).limit(1)
    if uow.dialect == "postgresql":
        query = query.with_for_update(skip_locked=True)
    row = uow.execute(query).mappings().first()
    return Job(**row) if row is not None else None


def finish(uow: UnitOfWork, done: Job, now: datetime) -> bool:
    """Mark a job done; False when another run of it has been faster (fenced by attempt)."""
    cursor = uow.sql(
        "update job set state = 'done', ended_at = ?, error = null"
        " where id = ? and state = 'due' and attempt = ?",
        (uow.time(now), done.id, done.attempt),
    )
    return bool(cursor.rowcount)


def fail(uow: UnitOfWork, failed: Job, error: str, now: datetime, attempts: int) -> bool:
    """Note a failure: a later try with back-off, or dead after the last; returns whether it is dead."""
    dead = failed.attempt + 1 >= attempts
    delay = timedelta(seconds=10 * 4**failed.attempt)
    uow.change(
        "update job set state = ?, due_at = ?, attempt = attempt + 1, error = ?, ended_at = ?"
        " where id = ? and state = 'due' and attempt = ?",
        (
            "dead" if dead else "due",
            uow.time(failed.due_at if dead else now + delay),
            error[:4000],
            uow.time(now) if dead else None,
            failed.id,
            failed.attempt,
        ),
    )
    return dead


def next_due(uow: UnitOfWork) -> datetime | None:
    """Return when the next job is due, or None."""
    row = uow.sql("select min(due_at) from job where state = 'due'").fetchone()
    return uow.read_time(row[0])


def page(
    uow: UnitOfWork, *, state: str | None = None, before: int | None = None, limit: int = 25
) -> list[Job]:
    """Return jobs for operators, newest first, optionally of one state."""
    query = sa.select(job).order_by(job.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(job.c.state == state)
    if before is not None:
        query = query.where(job.c.id < before)
    return [Job(**row) for row in uow.execute(query).mappings()]


def counts(uow: UnitOfWork) -> dict[str, int]:
    """Return how many jobs are in each state."""
    return {row[0]: row[1] for row in uow.sql("select state, count(*) from job group by state").fetchall()}


def get(uow: UnitOfWork, job_id: int) -> Job:
    """Return a job; raises `NotFound`."""
    row = uow.execute(sa.select(job).where(job.c.id == job_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个作业"), job=job_id)
    return Job(**row)


def retry(uow: UnitOfWork, job_id: int, now: datetime) -> None:
    """Make a dead or waiting job due now, with all its attempts again."""
    found = get(uow, job_id)
    if found.state not in ("dead", "due"):
        raise Refused(T("只有失败或等待中的作业可以重试"), job=job_id)
    values = {"state": "due", "due_at": now, "attempt": 0, "ended_at": None}
    uow.execute(sa.update(job).where(job.c.id == job_id).values(**values))


def skip(uow: UnitOfWork, job_id: int, note: str, now: datetime) -> None:
    """Give up a job with a reason; the reason stays with it."""
    found = get(uow, job_id)
    if not note.strip():
        raise Refused(T("请写明跳过的原因"), job=job_id)
    if found.state not in ("dead", "due"):
        raise Refused(T("只有失败或等待中的作业可以跳过"), job=job_id)
    values = {"state": "skipped", "note": note.strip(), "ended_at": now}
    uow.execute(sa.update(job).where(job.c.id == job_id).values(**values))
