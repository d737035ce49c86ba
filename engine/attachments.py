"""Attachments: a name, a digest and what it belongs to; the bytes lie in the blob store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import sqlalchemy as sa

from engine import clock, policy
from engine.blobs import BlobStore
from engine.directory import Actor
from engine.errors import InvalidInput, NotFound
from engine.store.database import UnitOfWork
from engine.store.tables import attachment
from engine.text import T
from engine.work import WorkItem, may_work, read

LONGEST_NAME = 200
"""Bytes of a file name in UTF-8; file systems allow 255 (specification §6)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file somebody has uploaded."""

    id: int
    sha256: str
    name: str
    media_type: str
    size: int
    subject: str | None
    instance: int | None
    item: int | None
    uploaded_by: int
    uploaded_at: datetime


def add(
    uow: UnitOfWork,
    blobs: BlobStore,
    actor: Actor,
    item: WorkItem,
    name: str,
    media_type: str,
    stream: IO[bytes],
) -> Attachment:
    """Store a file for a work item; the name is kept as text and never used as a path."""
    clean = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not clean or len(clean.encode()) > LONGEST_NAME or any(ord(c) < 32 for c in clean):
        raise InvalidInput(T("文件名为空、过长或含有不可见字符"))
    sha256, size = blobs.put(stream)
    values: dict[str, Any] = {
        "sha256": sha256,
        "name": clean,
        "media_type": media_type[:120] or "application/octet-stream",
        "size": size,
        "subject": item.subject,
        "instance": item.instance,
        "item": item.id,
        "uploaded_by": actor.id,
        "uploaded_at": clock.now(),
    }
    attachment_id = uow.execute(
        sa.insert(attachment).values(**values).returning(attachment.c.id)
    ).scalar_one()
    return Attachment(id=attachment_id, **values)


def get(uow: UnitOfWork, attachment_id: int) -> Attachment:
    """Return an attachment without asking who wants to know; raises `NotFound`."""
    row = uow.execute(sa.select(attachment).where(attachment.c.id == attachment_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个文件"), attachment=attachment_id)
    return Attachment(**row)


def require(uow: UnitOfWork, actor: Actor, attachment_id: int) -> Attachment:
    """Return an attachment the actor may read: own, of a visible subject, or of own work."""
    found = get(uow, attachment_id)
    if found.uploaded_by == actor.id:
        return found
    if found.subject is not None and policy.may_see_subject(uow, actor, found.subject):
        return found
    if found.item is not None and may_work(uow, actor, read(uow, found.item)):
        return found
    if found.instance is not None:
        policy.require_instance(uow, actor, found.instance)
        return found
    raise NotFound(T("没有这个文件"), attachment=attachment_id)


def of_subject(uow: UnitOfWork, subject: str) -> list[Attachment]:
    """Return the files of a subject, newest first."""
    query = sa.select(attachment).where(attachment.c.subject == subject).order_by(attachment.c.id.desc())
    return [Attachment(**row) for row in uow.execute(query).mappings()]
