"""Settings of an organisation that are kept in its database, and reading them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine.store.database import UnitOfWork
from engine.store.tables import setting
from engine.store.types import dump_json

CLOCK_OFFSET = "clock_offset"
"""Seconds by which the demo's clock is ahead of the machine's."""


def get(uow: UnitOfWork, name: str, default: Any = None) -> Any:
    """Return a setting, or the default when it has never been set."""
    value = uow.execute(sa.select(setting.c.value).where(setting.c.name == name)).first()
    return default if value is None else value[0]


def put(uow: UnitOfWork, name: str, value: Any) -> None:
    """Set a setting."""
    uow.change(
        "insert into setting (name, value) values (?,?)"
        " on conflict (name) do update set value = excluded.value",
        (name, dump_json(value)),
    )


def clock_offset(uow: UnitOfWork) -> timedelta:
    """Return how far the demo's clock is ahead of the machine's."""
    return timedelta(seconds=get(uow, CLOCK_OFFSET, 0))
