"""The table of a run: what was measured, its median and its ratio to the floor."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: milliseconds at the median, and the ratio to what it stands beside."""

    what: str
    milliseconds: float
    ratio: float


def table(rows: Iterable[Row]) -> str:
    """Return the measurements as a Markdown table with the machine they were taken on."""
    head = f"{platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    lines = [head, "", "| what | median ms | ratio |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.milliseconds:.2f} | {row.ratio:.2f} |" for row in rows]
    return "\n".join(lines)
