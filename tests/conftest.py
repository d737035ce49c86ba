"""Fixtures that many tests share: a still clock, and each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from engine.clock import FrozenClock, use_clock
from engine.store.database import Database, open_database

# How long one example takes on a busy machine says nothing about the code.
settings.register_profile("wuxing", deadline=None)
settings.load_profile("wuxing")

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2026-03-02, 09:00 in Shanghai."""


@pytest.fixture
def at() -> Iterator[FrozenClock]:
    """A clock that stands at Monday 09:00 until the test moves it."""
    clock = FrozenClock(MONDAY)
    with use_clock(clock):
        yield clock


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new, empty database of each kind, with its tables."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    else:
        from tests.postgres import fresh_database

        opened = open_database(fresh_database())
    opened.create()
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A new, empty SQLite database with its tables; for tests that have nothing to do with it."""
    opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    opened.create()
    yield opened
    opened.close()
