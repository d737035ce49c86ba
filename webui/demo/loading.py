"""Making the demo's database: complete, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.text import T
from webui.serving import file_address

if TYPE_CHECKING:
    from engine.runtime import Engine

NAME = "demo.db"
_UNFINISHED = "demo.loading.db"

Progress = Callable[[int, int, "T | str"], None]
"""Told how many steps of how many are done, and what is being done."""

Load = Callable[["Engine", Progress], None]


def is_loaded(folder: Path) -> bool:
    """Say whether the folder holds a complete demo."""
    return (folder / NAME).exists()


def load(folder: Path, open_engine: Callable[[str, Path], Engine], fill: Load, progress: Progress) -> None:
    """Fill a new database and give it its name only when it is complete."""
    unfinished = folder / _UNFINISHED
    _remove(unfinished)
    engine = open_engine(file_address(unfinished), folder)
    try:
        fill(engine, progress)
    finally:
        engine.database.close()
    unfinished.rename(folder / NAME)
    _remove(unfinished)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
