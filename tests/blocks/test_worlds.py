"""Hot and cold, SQLite and PostgreSQL: the same events and the same rows, whatever happens in a tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import FrozenClock
from engine.store.database import Database, open_database
from tests.blocks import stories
from tests.blocks.worlds import Life, agree
from tests.postgres import fresh_database

SOAK = int(os.environ.get("WUXING_SOAK_WORLDS", "5000"))
"""How many trees `make soak` lives in every world."""


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'second.db'}")
    opened.create()
    yield opened
    opened.close()


@pytest.fixture
def postgres() -> Iterator[Database]:
    opened = open_database(fresh_database())
    opened.create()
    yield opened
    opened.close()


def test_a_hot_engine_and_a_cold_one_agree(sqlite: Database, second: Database, at: FrozenClock) -> None:
    lives = [Life(sqlite, cold=False), Life(second, cold=True)]
    assert sum(agree(f"tree {seed}", stories.alone(seed), lives, at) for seed in range(40)) > 150


@pytest.mark.bpmn("collaborations")
def test_pools_that_talk_agree_hot_and_cold(sqlite: Database, second: Database, at: FrozenClock) -> None:
    lives = [Life(sqlite, cold=False), Life(second, cold=True)]
    assert sum(agree(f"pools {seed}", stories.together(seed), lives, at) for seed in range(15)) > 150


@pytest.mark.postgres
def test_sqlite_and_postgresql_agree(sqlite: Database, postgres: Database, at: FrozenClock) -> None:
    lives = [Life(sqlite, cold=True), Life(postgres, cold=False)]
    assert sum(agree(f"tree {seed}", stories.alone(seed), lives, at) for seed in range(100, 115)) > 50
    assert sum(agree(f"pools {seed}", stories.together(seed), lives, at) for seed in range(100, 105)) > 50


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("batch", range(25))
def test_all_worlds_agree(
    sqlite: Database, second: Database, postgres: Database, at: FrozenClock, batch: int
) -> None:
    lives = [Life(sqlite, cold=False), Life(second, cold=True), Life(postgres, cold=False)]
    for seed in range(1000 + batch * SOAK // 25, 1000 + (batch + 1) * SOAK // 25):
        agree(f"tree {seed}", stories.alone(seed), lives, at)
        agree(f"pools {seed}", stories.together(seed), lives, at)
