"""Names of fields in a page: `tasks-0-standard-1-criterion`."""

from __future__ import annotations

import re

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
INDEX = re.compile(r"^(?:0|[1-9][0-9]{0,3})$")


def join(*parts: str | int) -> str:
    """Join keys and row numbers to the name of a field; empty parts are left out."""
    return "-".join(str(part) for part in parts if part != "")


def split(path: str) -> list[str | int]:
    """Split the name of a field into keys and row numbers."""
    return [int(part) if INDEX.match(part) else part for part in path.split("-")]


def pattern_of(path: str) -> str:
    """Return the path without row numbers, the name all rows of a column share."""
    return "-".join(part for part in path.split("-") if not part.isdigit())
