"""Incidents: elements that could not be executed and wait to be seen, corrected and retried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound
from engine.spiff.port import Failure
from engine.store.database import UnitOfWork
from engine.store.tables import incident
from engine.store.types import dump_json
from engine.text import T


@dataclass(frozen=True, slots=True)
class Incident:
    """What failed, where and why; `state` is open, retried or gone."""

    id: int
    instance: int
    token: int
    element: str
    reason: str
    message: T
    detail: dict[str, Any]
    opened_at: datetime
    state: str
    ended_at: datetime | None
    ended_by: int | None


def open_incident(uow: UnitOfWork, instance: int, failure: Failure, now: datetime) -> int:
    """Write an open incident and return its id."""
    text = failure.text
    params = {k: str(v) if isinstance(v, T) else v for k, v in text.params.items()}
    row = (
        instance,
        failure.token,
        failure.element,
        failure.reason,
        text.message,
        dump_json(params),
        dump_json(failure.detail),
        uow.time(now),
    )
    incident_id: int = uow.sql(
        "insert into incident (instance, token, element, reason, message, params, detail, opened_at, state)"
        " values (?,?,?,?,?,?,?,?,'open') returning id",
        row,
    ).fetchone()[0]
    return incident_id


def close_of_tokens(uow: UnitOfWork, instance: int, tokens: Sequence[int], now: datetime) -> None:
    """Close the incidents of tokens that are no longer there."""
    uow.sql_many(
        "update incident set state = 'gone', ended_at = ?"
        " where instance = ? and token = ? and state = 'open'",
        [(uow.time(now), instance, token) for token in tokens],
    )


def close(uow: UnitOfWork, incident_id: int, actor_id: int, now: datetime) -> None:
    """Mark an incident as retried by somebody."""
    uow.change(
        "update incident set state = 'retried', ended_at = ?, ended_by = ? where id = ?",
        (uow.time(now), actor_id, incident_id),
    )


def get(uow: UnitOfWork, incident_id: int) -> Incident:
    """Return an incident; raises `NotFound`."""
    row = uow.execute(sa.select(incident).where(incident.c.id == incident_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个故障"), incident=incident_id)
    return _incident(dict(row))


def page(
    uow: UnitOfWork,
    *,
    state: str | None = "open",
    instance: int | None = None,
    before: int | None = None,
    limit: int = 25,
) -> list[Incident]:
    """Return incidents, newest first."""
    query = sa.select(incident).order_by(incident.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(incident.c.state == state)
    if instance is not None:
        query = query.where(incident.c.instance == instance)
    if before is not None:
        query = query.where(incident.c.id < before)
    return [_incident(dict(row)) for row in uow.execute(query).mappings()]


def open_count(uow: UnitOfWork) -> int:
    """Return how many incidents are open."""
    count: int = uow.sql("select count(*) from incident where state = 'open'").fetchone()[0]
    return count


def _incident(row: dict[str, Any]) -> Incident:
    message = T(row.pop("message"), **row.pop("params"))
    return Incident(message=message, **row)
