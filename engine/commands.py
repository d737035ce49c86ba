"""Commands happen once: a repeated command gets the first answer instead of a second effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine import clock
from engine.directory import Actor
from engine.errors import Conflict, InvalidInput
from engine.store.database import Database, UnitOfWork
from engine.store.types import dump_json, load_json
from engine.text import T

_LONGEST = 64


class _Repeated(Exception):
    """A command with this number has been entered before."""


def once(
    database: Database,
    command_id: str,
    actor: Actor,
    carry_out: Callable[[UnitOfWork], dict[str, Any]],
) -> dict[str, Any]:
    """Carry out a command in a transaction of its own and keep and return its answer, which is JSON.

    A repeated command has no second effect and gets the first answer; raises `Conflict` when the
    number is somebody else's.
    """
    if not command_id or len(command_id) > _LONGEST:
        raise InvalidInput(T("命令编号须为 1 至 64 个字符"))
    try:
        with database.write() as uow:
            enter(uow, command_id, actor, clock.now())
            value = carry_out(uow)
            keep_answer(uow, command_id, value)
            return value
    except _Repeated:
        with database.read() as uow:
            return answer(uow, command_id, actor)


def enter(uow: UnitOfWork, command_id: str, actor: Actor, now: datetime) -> None:
    """Enter a command, waiting for one with the same number that is being carried out."""
    uow.change_one(
        "insert into command (id, actor, at) values (?,?,?) on conflict (id) do nothing",
        (command_id, actor.id, uow.time(now)),
        _Repeated,
    )


def carried_out(uow: UnitOfWork, command_id: str, actor: Actor) -> bool:
    """Tell whether this very actor's command has taken effect, for instance before a lost answer."""
    row = uow.sql("select actor, answer from command where id = ?", (command_id,)).fetchone()
    return row is not None and row[0] == actor.id and row[1] is not None


def answer(uow: UnitOfWork, command_id: str, actor: Actor) -> dict[str, Any]:
    """Return what the command answered the first time; only its own actor is told."""
    row = uow.sql("select actor, answer from command where id = ?", (command_id,)).fetchone()
    if row is None or row[0] != actor.id or row[1] is None:
        raise Conflict(T("这个命令编号已被使用"), command=command_id)
    found: dict[str, Any] = load_json(row[1])
    return found


def keep_answer(uow: UnitOfWork, command_id: str, value: dict[str, Any]) -> None:
    """Keep what the command answered, in the same transaction as its effect."""
    uow.change("update command set answer = ? where id = ?", (dump_json(value), command_id))
