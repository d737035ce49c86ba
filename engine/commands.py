"""Commands happen once: a repeated command gets the first answer instead of a second effect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.directory import Actor
from engine.errors import Conflict, InvalidInput
from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json
from engine.text import T

_LONGEST = 64


def first_time(uow: UnitOfWork, command_id: str, actor: Actor, now: datetime) -> bool:
    """Enter a command; False when it has been entered before (then ask for its `answer`)."""
    if not command_id or len(command_id) > _LONGEST:
        raise InvalidInput(T("命令编号须为 1 至 64 个字符"))
    cursor = uow.sql(
        "insert into command (id, actor, at) values (?,?,?) on conflict (id) do nothing",
        (command_id, actor.id, uow.time(now)),
    )
    return bool(cursor.rowcount)


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
