"""The company every story is told in."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clock import FrozenClock
from engine.store.database import Database
from tests.collaboration.world import World


@pytest.fixture
def world(sqlite: Database, at: FrozenClock, tmp_path: Path) -> World:
    """A company with an engine on a new SQLite file, on Monday 2026-03-02 at 09:00."""
    return World(sqlite, at, tmp_path)
