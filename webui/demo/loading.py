"""Making the demo's database: complete, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.text import T
from webui.migrating import tables_digest
from webui.serving import file_address

if TYPE_CHECKING:
    from engine.runtime import Engine

NAME = "demo.db"
_UNFINISHED = "demo.loading.db"
_TABLES = "demo.tables"
_PREVIOUS = "demo.previous.db"

Progress = Callable[[int, int, "T | str"], None]
"""Told how many steps of how many are done, and what is being done."""

Load = Callable[["Engine", Progress], None]


def is_loaded(folder: Path) -> bool:
    """Say whether the folder holds a complete demo with the tables of this program."""
    made_by = folder / _TABLES
    return (folder / NAME).exists() and made_by.exists() and made_by.read_text() == tables_digest()


def load(folder: Path, open_engine: Callable[[str, Path], Engine], fill: Load, progress: Progress) -> None:
    """Fill a new database and give it its name only when it is complete."""
    unfinished = folder / _UNFINISHED
    _remove(unfinished)
    engine = open_engine(file_address(unfinished), folder)
    try:
        fill(engine, progress)
    finally:
        engine.database.close()
    _set_aside(folder)
    unfinished.rename(folder / NAME)
    (folder / _TABLES).write_text(tables_digest())
    _remove(unfinished)


def _set_aside(folder: Path) -> None:
    """Keep the demo of an older program beside the new one; its tables no longer fit."""
    if (folder / NAME).exists():
        _remove(folder / _PREVIOUS)
        for suffix in ("", "-wal", "-shm"):
            old = Path(f"{folder / NAME}{suffix}")
            if old.exists():
                old.rename(f"{folder / _PREVIOUS}{suffix}")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
