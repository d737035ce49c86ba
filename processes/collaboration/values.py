"""Values of forms as the tables keep them, and back: days, moments and money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")


def day(value: Any) -> date:
    """Return the day of a form's `YYYY-MM-DD`; raises `ValueError` for anything else."""
    return date.fromisoformat(str(value)[:10])


def day_or_none(value: Any) -> date | None:
    """Return the day of a form's date field, None when it was left empty."""
    return day(value) if value else None


def moment(value: Any) -> datetime:
    """Return the UTC moment of a form's date-time; without a zone it is the office's time."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (read if read.tzinfo else read.replace(tzinfo=OFFICE)).astimezone(UTC)


def moment_or_none(value: Any) -> datetime | None:
    """Return the moment of a form's date-time field, None when it was left empty."""
    return moment(value) if value else None


def local(value: datetime) -> str:
    """Return a moment as the ISO text of the office's time, to the minute."""
    return value.astimezone(OFFICE).isoformat(timespec="minutes")


def local_or_none(value: datetime | None) -> str | None:
    """Return a moment as the office's ISO text, None for none."""
    return local(value) if value is not None else None


def fen(yuan: Any) -> int | None:
    """Return an amount in yuan as whole fen, None when it was left empty."""
    if yuan in (None, ""):
        return None
    return int((Decimal(str(yuan)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def yuan(amount: int | None) -> int | float | None:
    """Return fen as yuan, whole amounts as whole numbers."""
    if amount is None:
        return None
    return amount // 100 if amount % 100 == 0 else amount / 100


def text(value: Any) -> str | None:
    """Return trimmed text, None when nothing is left."""
    trimmed = str(value).strip() if value is not None else ""
    return trimmed or None


def person_ids(value: Any) -> list[int]:
    """Return the persons of a picker in their order, each once."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return list(dict.fromkeys(int(one) for one in listed))
