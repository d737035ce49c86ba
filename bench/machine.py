"""The machine of a run, as the results name it."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime

import psycopg

from tests.postgres import server


def busy() -> float:
    """Return how much other work the machine has now: its load average of a minute per core."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def machine(load_before: float) -> str:
    """Return the sentences about the machine; `load_before` was taken before the run began."""
    with psycopg.connect(server()) as connection:
        postgres = connection.info.server_version
    shared = (
        "other work ran beside it, so run it again on a quiet machine; even ratios are rough here"
        if load_before > 0.25
        else "quiet"
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}. {platform.machine()}, {os.cpu_count()} cores, {platform.system()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" PostgreSQL {postgres // 10000}.{postgres % 10000}."
        f" Load per core before the run {load_before:.2f}: {shared}."
    )
