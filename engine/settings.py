"""Settings of an organisation that are kept in its database, and reading them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine.store.database import UnitOfWork
from engine.store.tables import setting

CLOCK_OFFSET = "clock_offset"
"""Seconds by which the demo's clock is ahead of the machine's."""


def get(uow: UnitOfWork, name: str, default: Any = None) -> Any:
    """Return a setting, or the default when it has never been set."""
    value = uow.execute(sa.select(setting.c.value).where(setting.c.name == name)).first()
    return default if value is None else value[0]


def put(uow: UnitOfWork, name: str, value: Any) -> None:
    """Set a setting."""
    changed = uow.execute(sa.update(setting).where(setting.c.name == name).values(value=value))
    if changed.rowcount == 0:
        uow.execute(sa.insert(setting).values(name=name, value=value))


def clock_offset(uow: UnitOfWork) -> timedelta:
    """Return how far the demo's clock is ahead of the machine's."""
    return timedelta(seconds=get(uow, CLOCK_OFFSET, 0))
