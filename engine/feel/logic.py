"""Three-valued logic: true, false, and null for whatever is neither (DMN 1.5 §10.3.2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def conjunction(values: Iterable[Any]) -> bool | None:
    """Return false if any value is false, else null if any is not true, else true (rule 48)."""
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is not True:
            result = None
    return result


def disjunction(values: Iterable[Any]) -> bool | None:
    """Return true if any value is true, else null if any is not false, else false (rule 47)."""
    result: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is not False:
            result = None
    return result


def negation(value: Any) -> bool | None:
    """Return the opposite of a boolean, null for anything else."""
    return not value if isinstance(value, bool) else None
