"""Run by Alembic: brings a database to a revision, or writes what a new one must change."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.elements import False_, True_

import processes.collaboration.tables
import webui.account.tables  # noqa: F401 - attaches its tables
from engine.store.tables import metadata
from engine.store.types import Id, Json, UtcDateTime

_OURS = ((Json, "Json()"), (UtcDateTime, "UtcDateTime()"))


def render_item(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types by name, and the defaults of booleans in no dialect's words."""
    if kind == "server_default" and isinstance(thing.arg, (False_, True_)):
        return "sa.false()" if isinstance(thing.arg, False_) else "sa.true()"
    if kind != "type":
        return False
    written = "Id" if thing is Id else next((text for own, text in _OURS if isinstance(thing, own)), "")
    if written:
        autogen.imports.add(f"from engine.store.types import {written.removesuffix('()')}")
        return written
    return False


def run() -> None:
    """Migrate over the connection the caller has opened."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_item=render_item,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


assert processes.collaboration.tables is not None
run()
