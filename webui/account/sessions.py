"""Sessions on the server: listed to their owner, ended at any time, expired when idle or old."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import request, session

from engine import clock
from engine.store.database import UnitOfWork
from webui.account.model import Account
from webui.account.tables import account_session
from webui.context import engine, settings

KEY = "sid"
_SEEN_EVERY = timedelta(minutes=5)

# Read by every request of a signed-in person, hence as the driver takes it.
_ALIVE = (
    "select a.id, a.person, a.login, a.password, a.active, a.uniquifier, a.failures, a.locked_until,"
    " s.seen_at"
    " from account_session s join account a on a.id = s.account"
    " where s.digest = ? and s.ended_at is null and s.expires_at > ? and s.seen_at > ? and a.active"
)


def digest(token: str) -> str:
    """Return what the database keeps of a secret: a copy of the database must open no session."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(uow: UnitOfWork, account_id: int) -> None:
    """Begin a session for an account and put its token into the cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    uow.execute(
        sa.insert(account_session).values(
            digest=digest(token),
            account=account_id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=settings().session_days),
            address=(request.remote_addr or "")[:64],
            agent=request.user_agent.string[:300],
        )
    )
    session[KEY] = token


def account_of_session() -> Account | None:
    """Return the account of this request's session, `None` when no session is alive."""
    token = session.get(KEY)
    if not token:
        return None
    now, key = clock.now(), digest(token)
    with engine().database.read() as uow:
        row = uow.sql(_ALIVE, (key, uow.time(now), uow.time(now - _idle()))).fetchone()
        if row is None:
            return None
        seen_at, locked_until = uow.read_time(row[-1]), uow.read_time(row[7])
    if seen_at is not None and now - seen_at > _SEEN_EVERY:
        _touch(key, now)
    return Account(*row[:4], bool(row[4]), row[5], row[6], locked_until)


def _idle() -> timedelta:
    return timedelta(hours=settings().session_idle_hours)


def _touch(key: str, now: datetime) -> None:
    with engine().database.write() as uow:
        query = sa.update(account_session).where(account_session.c.digest == key)
        uow.execute(query.values(seen_at=now))


def end_session(uow: UnitOfWork) -> None:
    """End this request's session on the server and forget it in the cookie."""
    token = session.pop(KEY, None)
    if token:
        _end(uow, account_session.c.digest == digest(token))


def end_all(uow: UnitOfWork, account_id: int) -> None:
    """End every session of an account."""
    _end(uow, account_session.c.account == account_id)


def end_others(uow: UnitOfWork, account_id: int) -> None:
    """End every session of an account but this one; after a new password nobody else stays in."""
    here = digest(session.get(KEY, ""))
    _end(uow, (account_session.c.account == account_id) & (account_session.c.digest != here))


def _end(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> None:
    query = sa.update(account_session).where(which, account_session.c.ended_at.is_(None))
    uow.execute(query.values(ended_at=clock.now()))


def sessions_of(uow: UnitOfWork, account_id: int) -> Sequence[Any]:
    """Return the living sessions of an account, the last used first, each with `here`."""
    here = digest(session.get(KEY, ""))
    query = (
        sa.select(account_session, (account_session.c.digest == here).label("here"))
        .where(
            account_session.c.account == account_id,
            account_session.c.ended_at.is_(None),
            account_session.c.expires_at > clock.now(),
        )
        .order_by(account_session.c.seen_at.desc())
    )
    return uow.execute(query).all()
