"""Who is asking: a signed-in account, or in a demo on this machine the chosen persona."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, session

from engine import directory
from engine.errors import Forbidden, NotFound
from engine.text import T
from webui.account.security import signed_in_account
from webui.context import engine, settings
from webui.security import from_loopback

if TYPE_CHECKING:
    from engine.directory import Actor

PERSONA = "persona"


def actor_or_none() -> Actor | None:
    """Return the actor of this request; one read per request."""
    if "actor" not in g:
        g.actor = _find_actor()
    actor: Actor | None = g.actor
    return actor


def current_actor() -> Actor:
    """Return the actor of a request that only signed-in people can make."""
    actor = actor_or_none()
    if actor is None:
        raise Forbidden(T("请先登录"))
    return actor


def personas_allowed() -> bool:
    """Say whether this request may act as a sample person: only in a demo, only on this machine."""
    return settings().demo and from_loopback()


def _find_actor() -> Actor | None:
    if session.get(PERSONA) and personas_allowed():
        return _actor(int(session[PERSONA]))
    account = signed_in_account()
    return None if account is None else _actor(account.person)


def _actor(person: int) -> Actor | None:
    with engine().database.read() as uow:
        try:
            return directory.actor(uow, person)
        except NotFound:
            return None
