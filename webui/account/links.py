"""One-time links: the first administrator's, and invitations; only the digest is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from engine import clock
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from webui.account.sessions import digest
from webui.account.tables import account, account_link

FIRST_ADMINISTRATOR, INVITATION = "administrator", "invitation"
_SPENT = T("这个链接已经用过或已过期。请向管理员要一个新的。")
_LIVES = {FIRST_ADMINISTRATOR: timedelta(hours=1), INVITATION: timedelta(days=3)}


@dataclass(frozen=True)
class Link:
    """A link that still works."""

    purpose: str
    person: int | None


def make_link(uow: UnitOfWork, purpose: str, *, person: int | None = None, by: int = 0) -> str:
    """Return the token of a new link; earlier unused links for the same end stop working."""
    token, now = secrets.token_urlsafe(24), clock.now()
    same = (account_link.c.purpose == purpose) & account_link.c.person.is_not_distinct_from(person)
    uow.execute(sa.update(account_link).where(same, account_link.c.used_at.is_(None)).values(used_at=now))
    uow.execute(
        sa.insert(account_link).values(
            digest=digest(token),
            purpose=purpose,
            person=person,
            created_by=by,
            created_at=now,
            expires_at=now + _LIVES[purpose],
        )
    )
    return token


def look_at(uow: UnitOfWork, token: str) -> Link:
    """Return a link that has neither been used nor expired; raises `NotFound`."""
    row = uow.execute(
        sa.select(account_link).where(
            account_link.c.digest == digest(token),
            account_link.c.used_at.is_(None),
            account_link.c.expires_at > clock.now(),
        )
    ).first()
    if row is None:
        raise NotFound(_SPENT)
    return Link(row.purpose, row.person)


def use(uow: UnitOfWork, token: str) -> Link:
    """Return the link and make it useless from now on; raises `NotFound`."""
    link = look_at(uow, token)
    used = uow.execute(
        sa.update(account_link)
        .where(account_link.c.digest == digest(token), account_link.c.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(account_link.c.digest)
    )
    if used.first() is None:
        raise NotFound(_SPENT)
    return link


def needs_administrator(uow: UnitOfWork) -> bool:
    """Say whether nobody can sign in as an administrator yet."""
    from engine.store.tables import person_role

    query = (
        sa.select(account.c.id)
        .join(person_role, person_role.c.person == account.c.person)
        .where(account.c.active, person_role.c.role == "administrator")
        .limit(1)
    )
    return uow.execute(query).first() is None
