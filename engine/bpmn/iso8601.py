"""The three ISO-8601 shapes a timer may have, recognised without evaluating anything."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from engine import timers

TimerKind = Literal["timeDate", "timeDuration", "timeCycle"]

_CLOCKWORK: dict[TimerKind, str] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}

_LOOKS = re.compile(r"^(-?P(\d|T|$)|R\d*/|R-?\d*$|\d{4}-\d{2})")
_DURATION = re.compile(
    r"P(?=\d|T)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?", re.ASCII
)
_UNBOUNDED = re.compile(r'^=?\s*"?R/')


def looks_like(text: str) -> bool:
    """Return whether a timer's text is meant as ISO-8601 and not as an expression."""
    return bool(_LOOKS.match(text.strip()))


def is_date(text: str) -> bool:
    """Return whether the text is a date or a date with time."""
    try:
        date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_duration(text: str) -> bool:
    """Return whether the text is a duration, such as `PT36H` or `P1DT12H`."""
    return bool(_DURATION.fullmatch(text))


def is_cycle(text: str) -> bool:
    """Return whether the text is a repetition: `R3/PT1H`, `R/2026-01-05T09:00Z/P1W`."""
    count, *interval = text.split("/")
    if not re.fullmatch(r"R\d*", count, re.ASCII) or len(interval) not in {1, 2}:
        return False
    begins, length = interval[:-1], interval[-1]
    return is_duration(length) and bool(re.search("[1-9]", length)) and all(map(is_date, begins))


def is_valid(kind: TimerKind, text: str) -> bool:
    """Return whether the text has the shape this kind of timer asks for, and the clockwork takes it."""
    shape = {"timeDate": is_date, "timeDuration": is_duration, "timeCycle": is_cycle}[kind]
    return shape(text.strip()) and timers.is_iso(_CLOCKWORK[kind], text.strip())


def is_unbounded(text: str) -> bool:
    """Return whether a cycle repeats for ever, as far as its text says."""
    return bool(_UNBOUNDED.match(text.strip()))
