"""Who may see what: every query of people starts here (404 for what one may not know of)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from engine import instances
from engine.directory import Actor
from engine.errors import Forbidden, NotFound
from engine.instances import Instance
from engine.store.database import UnitOfWork
from engine.store.tables import access, instance, work_item, work_offer
from engine.text import T

SEES_ALL = ("management", "coordinator", "auditor")
"""Roles that see every project (specification §7)."""

MIGRATES = ("administrator", "coordinator", "designer")
"""Roles that move running instances to another version, of those that they see."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `instance` for what the actor may see.

    What their groups have been granted, what they started themselves, and what they have or had
    work in.
    """
    if actor.has(*SEES_ALL):
        return sa.true()
    granted = sa.select(access.c.subject).where(access.c.grp.in_(actor.groups))
    worked = sa.select(work_item.c.instance).where(
        sa.or_(work_item.c.assignee == actor.id, work_item.c.ended_by == actor.id)
    )
    offered = (
        sa.select(work_item.c.instance)
        .join(work_offer, work_offer.c.item == work_item.c.id)
        .where(work_offer.c.grp.in_(actor.groups))
    )
    return sa.or_(
        instance.c.subject.in_(granted),
        instance.c.started_by == actor.id,
        instance.c.id.in_(worked),
        instance.c.id.in_(offered),
    )


def may_see_instance(uow: UnitOfWork, actor: Actor, found: Instance) -> bool:
    """Return whether the actor may see an instance; the system and administrators operate all."""
    if actor.id == 0 or actor.has(*SEES_ALL, "administrator"):
        return True
    query = sa.select(instance.c.id).where(instance.c.id == found.id, visible_to(actor))
    return uow.execute(query).first() is not None


def require_instance(uow: UnitOfWork, actor: Actor, instance_id: int) -> Instance:
    """Return an instance the actor may see; raises `NotFound` for all others."""
    found = instances.get(uow, instance_id)
    if not may_see_instance(uow, actor, found):
        raise NotFound(T("没有这个流程实例"), instance=instance_id)
    return found


def require_migrator(actor: Actor) -> None:
    """Raise `Forbidden` for who may not move instances to another version: operators and designers may."""
    if actor.id and not actor.has(*MIGRATES):
        raise Forbidden(T("只有管理员、协调员或流程设计者可以迁移实例"))


def may_see_subject(uow: UnitOfWork, actor: Actor, subject: str) -> bool:
    """Return whether the actor's groups have been granted a subject."""
    if actor.has(*SEES_ALL):
        return True
    query = sa.select(access.c.subject).where(access.c.subject == subject, access.c.grp.in_(actor.groups))
    return uow.execute(query).first() is not None
