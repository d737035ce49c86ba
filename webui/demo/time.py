"""Moving the demo's time: the offset is kept in the database, so that every process shares it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine import clock, settings
from engine.calendars import Calendar
from engine.errors import InvalidInput
from engine.store.database import Database
from engine.text import T

_STEP = re.compile(r"\+(\d{1,4})(h|d)")
_MORNING = time(9, 0)


def follow(database: Database) -> bool:
    """Set this process's clock to the demo's time; returns whether that moved it."""
    with database.read() as uow:
        offset = settings.clock_offset(uow)
    present = clock.current()
    if not isinstance(present, clock.OffsetClock):
        clock.set_clock(clock.OffsetClock(offset))
        return True
    moved = present.offset != offset
    present.offset = offset
    return moved


def target(now: datetime, step: str, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """Return the moment a step leads to: `+1h`, `+3d` or `workday` (its morning); raises `InvalidInput`."""
    if step == "workday":
        return _next_working_morning(now.astimezone(zone), calendar)
    found = _STEP.fullmatch(step)
    if found is None:
        raise InvalidInput(T("时间步长要写成 +1h、+1d 或 workday"))
    amount = int(found.group(1))
    return now + (timedelta(hours=amount) if found.group(2) == "h" else timedelta(days=amount))


def _next_working_morning(now: datetime, calendar: Calendar) -> datetime:
    day = now.date() + timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, _MORNING, now.tzinfo)


def move(database: Database, step: str, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """Move the demo's time by a step for all processes and return the new present."""
    follow(database)
    present = clock.now()
    ahead = target(present, step, calendar, zone) - present
    with database.write() as uow:
        offset = settings.clock_offset(uow) + ahead
        settings.put(uow, settings.CLOCK_OFFSET, offset.total_seconds())
    follow(database)
    return clock.now()
