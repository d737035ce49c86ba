"""Comments on a subject or an instance, and drafts of forms: words that move no token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock, directory, notices, policy, work
from engine.directory import Actor
from engine.errors import Conflict, InvalidInput
from engine.store.database import UnitOfWork
from engine.store.tables import comment, draft, person
from engine.text import T

LONGEST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody has said about a subject; `mentions` are people told about it."""

    id: int
    subject: str
    instance: int | None
    item: int | None
    author: int
    at: datetime
    text: str
    mentions: list[int]


def say(
    uow: UnitOfWork,
    actor: Actor,
    text: str,
    *,
    subject: str | None = None,
    item_id: int | None = None,
    link: str | None = None,
) -> Comment:
    """Add a comment to a subject or a work item and tell those mentioned with @name."""
    words = text.strip()
    if not words or len(words) > LONGEST_COMMENT:
        raise InvalidInput(T("留言须为 1 至 {most} 个字", most=LONGEST_COMMENT))
    instance_id = None
    if item_id is not None:
        item = work.read(uow, item_id)
        if not work.may_work(uow, actor, item):
            policy.require_instance(uow, actor, item.instance)
        instance_id = item.instance
        subject = item.subject or f"instance:{item.instance}"
    assert subject is not None
    mentions = _mentioned(uow, words, subject)
    values: dict[str, Any] = {
        "subject": subject,
        "instance": instance_id,
        "item": item_id,
        "author": actor.id,
        "at": clock.now(),
        "text": words,
        "mentions": mentions,
    }
    comment_id = uow.execute(sa.insert(comment).values(**values).returning(comment.c.id)).scalar_one()
    told = [who for who in mentions if who != actor.id]
    notices.tell(
        uow, told, T("{who}在留言中提到了您", who=actor.name), clock.now(), subject, instance_id, link
    )
    return Comment(id=comment_id, **values)


def _mentioned(uow: UnitOfWork, text: str, subject: str) -> list[int]:
    names = set(re.findall(r"@(\w{2,20})", text))
    if not names:
        return []
    query = sa.select(person.c.id).where(person.c.name.in_(names), person.c.active)
    return sorted(row[0] for row in uow.execute(query))


def comments(uow: UnitOfWork, subject: str, *, limit: int = 100) -> list[Comment]:
    """Return the newest comments on a subject, oldest first."""
    query = sa.select(comment).where(comment.c.subject == subject).order_by(comment.c.id.desc()).limit(limit)
    return [Comment(**row) for row in uow.execute(query).mappings()][::-1]


def comments_on_item(uow: UnitOfWork, item_id: int) -> list[Comment]:
    """Return the comments on a work item's instance, oldest first."""
    item = work.read(uow, item_id)
    query = sa.select(comment).where(comment.c.instance == item.instance).order_by(comment.c.id)
    return [Comment(**row) for row in uow.execute(query).mappings()]


def authors(uow: UnitOfWork, found: list[Comment]) -> dict[int, str]:
    """Return the names of the authors by id."""
    return directory.names(uow, [entry.author for entry in found])


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What a person has typed into a form so far; `revision` counts the saves."""

    item: int
    person: int
    body: dict[str, Any]
    revision: int
    saved_at: datetime


def get_draft(uow: UnitOfWork, actor: Actor, item_id: int) -> FormDraft | None:
    """Return the actor's draft of an item's form, or None."""
    query = sa.select(draft).where(draft.c.item == item_id, draft.c.person == actor.id)
    row = uow.execute(query).mappings().first()
    return FormDraft(**row) if row is not None else None


def save_draft(
    uow: UnitOfWork, actor: Actor, item_id: int, body: dict[str, Any], revision: int | None = None
) -> FormDraft:
    """Save what has been typed; it never moves the process.

    With the `revision` last seen, raises `Conflict` when another page has saved since; nothing typed
    is lost then, for both pages still show theirs.
    """
    work.get_open(uow, actor, item_id)
    before = get_draft(uow, actor, item_id)
    current = before.revision if before is not None else 0
    if revision is not None and revision != current:
        raise Conflict(T("另一个页面已保存了更新的草稿"), item=item_id, revision=current)
    values: dict[str, Any] = {"body": body, "revision": current + 1, "saved_at": clock.now()}
    if before is None:
        uow.execute(sa.insert(draft).values(item=item_id, person=actor.id, **values))
    else:
        uow.execute(
            sa.update(draft).where(draft.c.item == item_id, draft.c.person == actor.id).values(**values)
        )
    return FormDraft(item=item_id, person=actor.id, **values)


def drop_draft(uow: UnitOfWork, actor: Actor, item_id: int) -> None:
    """Throw the actor's draft of an item away."""
    uow.execute(sa.delete(draft).where(draft.c.item == item_id, draft.c.person == actor.id))
