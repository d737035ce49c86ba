"""Dates, times of day and moments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope, first
from forms.fields.text import clean

WEEKDAYS_ZH = "一二三四五六日"
LOOSE_DATE = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$")
TO_THE_MINUTE = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})?$")
MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS_EN = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MORNING = time(9, 0)


class DatetimeField(FieldType):
    """A `date` (YYYY-MM-DD), a `datetime` (ISO 8601 with offset) or a `time` (HH:MM)."""

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the ISO form; a moment without offset is meant in the zone of the organisation."""
        text = clean(first(texts))[:40]
        if not text:
            return None
        moment = read_moment(text)
        if isinstance(moment, datetime):
            return _with_zone(moment, scope).isoformat(timespec="seconds")
        return text if moment is None else _short(moment)

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that it is what the place asks for; a date where a moment is wanted is refused."""
        wanted = scope.component.subtype
        moment = read_moment(value) if isinstance(value, str) else None
        if wanted == "datetime":
            sound = isinstance(moment, datetime) and moment.tzinfo is not None
            return value, None if sound else T("请填写日期和时间")
        if wanted == "time":
            return value, None if isinstance(moment, time) else T("请填写时间，例如 09:30")
        sound = isinstance(moment, date) and not isinstance(moment, datetime)
        return value, None if sound and len(value) == 10 else T("请填写有效日期")

    def words(self, scope: Scope, value: Any) -> str:
        """Return date and weekday, or moment, in the reader's language."""
        moment = read_moment(value) if isinstance(value, str) else None
        if isinstance(moment, datetime):
            local = _with_zone(moment, scope).astimezone(scope.context.zone)
            return f"{date_words(local.date(), scope.context.language)} {local:%H:%M}"
        if isinstance(moment, date):
            return date_words(moment, scope.context.language)
        return str(value)

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return what the browser's date control understands; other text is kept for a text control."""
        moment = read_moment(value) if isinstance(value, str) else None
        if moment is None:
            return super().typed(scope, value)
        return [_for_control(moment, scope)]

    def missing(self) -> T:
        """Ask for a choice of date."""
        return T("请选择日期或时间")


def read_moment(text: str) -> date | datetime | time | None:
    """Return the date, moment or time of day a text means, or nothing.

    Besides ISO 8601, dates as people write them are understood: `2026/9/5`, `2026年9月5日`, `20260905`.
    """
    loose = LOOSE_DATE.match(text)
    try:
        if loose:
            return date(*map(int, loose.groups()))
        if ":" in text and "-" not in text[:5]:
            return time.fromisoformat(text)
        return datetime.fromisoformat(text) if "T" in text or " " in text else date.fromisoformat(text)
    except ValueError:
        return None


def with_seconds(value: Any) -> Any:
    """Return a moment written to the minute with its seconds, since FEEL reads no other; else the value."""
    if isinstance(value, str) and TO_THE_MINUTE.match(value):
        return f"{value[:16]}:00{value[16:]}"
    return value


def date_words(day: date, language: str) -> str:
    """Return a day with its weekday: 2026年9月25日 周五, Fri 25 Sep 2026."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日 周{WEEKDAYS_ZH[day.weekday()]}"
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def _with_zone(moment: datetime, scope: Scope) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=scope.context.zone)


def _short(moment: date | time) -> str:
    return moment.isoformat(timespec="minutes") if isinstance(moment, time) else moment.isoformat()


def _for_control(moment: date | datetime | time, scope: Scope) -> str:
    """Return the moment as the browser's control wants it; a date gets the start of the working day."""
    if isinstance(moment, datetime):
        local = _with_zone(moment, scope).astimezone(scope.context.zone)
        return (
            local.strftime("%Y-%m-%dT%H:%M")
            if scope.component.subtype == "datetime"
            else _short(local.date())
        )
    if isinstance(moment, date) and scope.component.subtype == "datetime":
        return datetime.combine(moment, MORNING).strftime("%Y-%m-%dT%H:%M")
    return _short(moment)
