"""A migrated database is the one the code describes, and an old one is not served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import Refused
from engine.store.database import Database, open_database
from webui.migrating import current, differences, migrate, newest, prepare


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        from tests.postgres import fresh_database

        opened = open_database(fresh_database())
    yield opened
    opened.close()


def test_migrations_lead_to_the_tables_of_the_code(empty: Database) -> None:
    assert migrate(empty) == (None, newest())
    assert differences(empty) == []


def test_new_database_is_of_the_newest_revision(empty: Database) -> None:
    prepare(empty)
    assert current(empty) == newest()
    assert differences(empty) == []
    assert migrate(empty) == (newest(), newest())
    prepare(empty)


def test_old_database_is_refused_until_it_is_migrated(empty: Database) -> None:
    prepare(empty)
    with empty.write() as uow:
        uow.execute(sa.text("update alembic_version set version_num = '0000'"))
    with pytest.raises(Refused, match="wuxing migrate"):
        prepare(empty)
