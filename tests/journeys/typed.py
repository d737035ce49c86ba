"""What a person types for the values of a form: control names of the page with their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Upload:
    """A text file on the person's own disk."""

    name: str
    content: bytes


Typed = str | bool | list[str] | list[Upload]
RowOf = Callable[[str, int], int]
"""Returns the number of the row of a list whose hidden id is the given one."""


def typed(values: Mapping[str, Any], row_of: RowOf, prefix: str = "") -> Iterator[tuple[str, Typed]]:
    """Yield control names and what is entered there, in the order of the values."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if _are_rows(value):
            for position, row in enumerate(value):
                number = row_of(name, row["id"]) if "id" in row else position
                inner = {k: v for k, v in row.items() if k != "id"}
                yield from typed(inner, row_of, f"{name}-{number}-")
        elif value not in (None, []):
            yield name, _entered(value)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _entered(value: Any) -> Typed:
    if isinstance(value, bool):
        return value
    if isinstance(value, Upload):
        return [value]
    if isinstance(value, list):
        uploads = [one for one in value if isinstance(one, Upload)]
        return uploads or [str(one) for one in value]
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """Return a point in time as a control for date and time takes it; other text as it is."""
    if len(text) < 16 or text[10] != "T":
        return text
    return datetime.fromisoformat(text).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
