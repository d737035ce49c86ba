"""Which groups may see the instances of a subject; the content keeps these rows."""

from __future__ import annotations

from engine.store.database import UnitOfWork


def grant(uow: UnitOfWork, subject: str, group: str) -> None:
    """Let a group see everything about a subject; granting twice changes nothing."""
    uow.change("insert into access (grp, subject) values (?, ?) on conflict do nothing", (group, subject))


def revoke(uow: UnitOfWork, subject: str, group: str) -> None:
    """Take a group's view of a subject away."""
    uow.change("delete from access where grp = ? and subject = ?", (group, subject))


def groups_of(uow: UnitOfWork, subject: str) -> list[str]:
    """Return the groups that see a subject."""
    rows = uow.sql("select grp from access where subject = ? order by grp", (subject,)).fetchall()
    return [row[0] for row in rows]
