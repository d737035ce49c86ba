"""The revision of a database's tables: read without Alembic, changed with it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.errors import Refused
from engine.store.database import Database
from engine.text import T

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).resolve().parent.parent / "migrations"

# Alembic's own table, which it keeps out of every comparison; hence not on our metadata.
_version = sa.Table(
    "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True)
)


def newest() -> str:
    """Return the newest revision there is, read from the names of the files; `0000` before the first."""
    names = sorted(path.stem for path in (_FOLDER / "versions").glob("[0-9]*.py"))
    return names[-1].partition("_")[0] if names else "0000"


def tables_digest() -> str:
    """Return a digest of all migrations: it changes whenever the tables do, released or not."""
    files = sorted((_FOLDER / "versions").glob("[0-9]*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def current(database: Database) -> str | None:
    """Return the revision of a database, `None` when it has no tables of ours."""
    with database.read() as uow:
        if not sa.inspect(uow.connection).has_table(_version.name):
            return None
        return uow.execute(sa.select(_version.c.version_num)).scalar_one_or_none()


def prepare(database: Database) -> None:
    """Make the tables of a new database; raises `Refused` when an old one must be migrated first."""
    found = current(database)
    if found is None:
        database.create()
        _stamp(database)
    elif found != newest():
        raise Refused(
            T(
                "数据库是版本 {found}，程序需要 {wanted}。请先备份，再运行 wuxing migrate。",
                found=found,
                wanted=newest(),
            )
        )


def _stamp(database: Database) -> None:
    with database.write() as uow:
        _version.create(uow.connection)
        uow.execute(sa.insert(_version).values(version_num=newest()))


def migrate(database: Database) -> tuple[str | None, str]:
    """Bring a database to the newest revision; returns the revisions before and after."""
    from alembic import command

    before = current(database)
    with database.write() as uow:
        command.upgrade(_config(uow.connection), "head")
    return before, newest()


def revise(database: Database, message: str) -> Path:
    """Write the step from a migrated database to the tables as the code has them."""
    from alembic import command
    from alembic.script import Script

    following = f"{int(newest()) + 1:04d}"
    with database.write() as uow:
        written = command.revision(_config(uow.connection), message, autogenerate=True, rev_id=following)
    assert isinstance(written, Script)
    return Path(written.path)


def differences(database: Database) -> list[str]:
    """Return what the tables of a database lack or have too much, compared with the code."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from engine.store.tables import metadata

    with database.read() as uow:
        context = MigrationContext.configure(uow.connection, opts={"compare_type": True})
        return [str(entry) for entry in compare_metadata(context, metadata)]


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_FOLDER))
    made.attributes["connection"] = connection
    return made
