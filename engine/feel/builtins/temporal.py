"""Functions of dates and times (DMN 1.5 §10.3.4.6, 10.3.4.8, 10.3.4.11)."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import equal
from engine.feel.run import Run
from engine.feel.temporal import Date, DateTime
from engine.feel.values import MOMENTS, kind_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day(moment: Date | DateTime) -> Date:
    return moment.date if isinstance(moment, DateTime) else moment


@builtin("day of year", "date:date|date and time")
def day_of_year(date: Date | DateTime) -> int:
    """Return the number of the day within its year, from 1."""
    day = _day(date)
    return day.ordinal - Date(day.year, 1, 1).ordinal + 1


@builtin("day of week", "date:date|date and time")
def day_of_week(date: Date | DateTime) -> str:
    """Return the English name of the day, as the standard has it."""
    return _DAYS[_day(date).weekday - 1]


@builtin("month of year", "date:date|date and time")
def month_of_year(date: Date | DateTime) -> str:
    """Return the English name of the month, as the standard has it."""
    return _MONTHS[_day(date).month - 1]


@builtin("week of year", "date:date|date and time")
def week_of_year(date: Date | DateTime) -> int:
    """Return the number of the week after ISO 8601: the first holds the year's first Thursday."""
    day = _day(date)
    thursday = Date.from_ordinal(day.ordinal - day.weekday + 4)
    return (thursday.ordinal - Date(thursday.year, 1, 1).ordinal) // 7 + 1


@builtin("now", "")
def now(run: Run) -> DateTime:
    """Return the moment of the evaluation, in UTC; a host may lend a `now` of its own."""
    return run.moment


@builtin("today", "")
def today(run: Run) -> Date:
    """Return the day of the evaluation, in UTC; a host may lend a `today` of its own."""
    return run.moment.date


@builtin("is", "value1:any, value2:any")
def is_same(run: Run, value1: Any, value2: Any) -> bool:
    """Say whether two values are the very same: times must agree in their zones too."""
    if kind_of(value1) in MOMENTS:
        return bool(value1 == value2)
    return kind_of(value1) == kind_of(value2) and equal(value1, value2, run) is True
