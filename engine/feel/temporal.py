"""Dates, times and durations of their own: nanoseconds, years to ±999,999,999, offsets and zones.

DMN 1.5 §10.3.2.3.4-8. Equality of these objects is part by part, as `is()` has it; `=` and `<` compare
moments, whole seconds of `value` (engine/feel/comparing.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as PythonDate
from datetime import datetime as PythonDateTime
from datetime import time as PythonTime
from datetime import timedelta as PythonDelta
from datetime import timezone as PythonZone
from functools import lru_cache
from zoneinfo import ZoneInfo

MAX_YEAR = 999_999_999
NANOS = 1_000_000_000
DAY = 86_400 * NANOS
_EPOCH = PythonDateTime.fromtimestamp(0, PythonZone(PythonDelta()))
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class OutOfRange(ValueError):
    """A date or duration that does not exist or is too far away."""


def is_leap(year: int) -> bool:
    """Say whether `year` has a 29th of February (proleptic Gregorian calendar)."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month, 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


@dataclass(frozen=True, slots=True)
class Zone:
    """An offset in seconds east of UTC, or the name of a region whose offset depends on the moment.

    Both are told of the later one of two moments that the clocks of a region show alike.
    """

    offset: int | None = None
    name: str | None = None

    def at(self, value: int) -> tuple[int, Zone]:
        """Return the offset in seconds at a moment, in nanoseconds since 1970, and the zone to tell it in."""
        if self.name is None:
            return self.offset or 0, self
        offset = _offset_at_moment(self.name, value)
        day, nanos = divmod(value + offset * NANOS, DAY)
        plain = Zone(name=self.name)
        same = plain.offset_at(Date.from_ordinal(day).year, day, nanos) == offset
        return offset, plain if same else Zone(offset, self.name)

    def offset_at(self, year: int, day: int, nanos: int) -> int:
        """Return the offset in seconds at a local time: `day` from the epoch, `nanos` from midnight."""
        if self.offset is not None:
            return self.offset
        return _region_offset(self.name or "UTC", _usual_day(year, day), nanos // NANOS)


def _usual_day(year: int, day: int) -> int:
    """Move a day into the years Python knows, by whole cycles of 400 years, which repeat exactly."""
    if 1900 <= year <= 2300:
        return day
    return day + (2000 - year) // 400 * 146_097


@lru_cache(maxsize=4096)
def _region_offset(name: str, day: int, second: int) -> int:
    local = PythonDateTime(1970, 1, 1, tzinfo=ZoneInfo(name)) + PythonDelta(days=day, seconds=second)
    offset = local.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=256)
def region(name: str) -> Zone | None:
    """Return the zone of a region such as `Asia/Shanghai`; None when there is no such region."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
    return Zone(name=name)


UTC = Zone(offset=0)


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if abs(self.year) > MAX_YEAR or not 1 <= self.month <= 12:
            raise OutOfRange(f"{self.year}-{self.month}")
        if not 1 <= self.day <= days_in_month(self.year, self.month):
            raise OutOfRange(f"{self.year}-{self.month}-{self.day}")

    @property
    def ordinal(self) -> int:
        """The number of days since 1970-01-01."""
        year = self.year - (self.month <= 2)
        era, year_of_era = divmod(year, 400)
        day_of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return (
            era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468
        )

    @property
    def value(self) -> int:
        """The nanoseconds from the epoch to the beginning of the day."""
        return self.ordinal * DAY

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.ordinal + 3) % 7 + 1

    @staticmethod
    def from_ordinal(ordinal: int) -> Date:
        """Return the day that lies `ordinal` days after 1970-01-01; raise OutOfRange."""
        era, day_of_era = divmod(ordinal + 719_468, 146_097)
        year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
        day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
        shifted = (5 * day_of_year + 2) // 153
        month = shifted + 3 if shifted < 10 else shifted - 9
        day = day_of_year - (153 * shifted + 2) // 5 + 1
        return Date(year_of_era + era * 400 + (month <= 2), month, day)

    def plus_months(self, months: int) -> Date:
        """Return the same day some months later; the last day of a shorter month stands for missing days."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > MAX_YEAR:
            raise OutOfRange(f"{year}")
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def to_python(self) -> PythonDate:
        """Return the Python date; raise OutOfRange outside the years 1 to 9999."""
        _usual_year(self.year)
        return PythonDate(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, with or without a zone."""

    nanos: int
    zone: Zone | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.nanos < DAY:
            raise OutOfRange(f"{self.nanos}")

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.nanos // (3600 * NANOS)

    @property
    def minute(self) -> int:
        """0 to 59."""
        return self.nanos // (60 * NANOS) % 60

    @property
    def second(self) -> int:
        """0 to 59."""
        return self.nanos // NANOS % 60

    @property
    def offset(self) -> int | None:
        """The seconds east of UTC; a region counts as on 1970-01-01, since a time has no day."""
        return None if self.zone is None else self.zone.offset_at(1970, 0, self.nanos)

    @property
    def value(self) -> int:
        """The nanoseconds since midnight in UTC, or since local midnight without a zone."""
        return self.nanos - (self.offset or 0) * NANOS

    def plus(self, nanos: int) -> Time:
        """Return the time some nanoseconds later, around midnight if need be."""
        return Time((self.nanos + nanos) % DAY, self.zone)

    def to_python(self) -> PythonTime:
        """Return the Python time, cut to microseconds."""
        zone = None if self.offset is None else PythonZone(PythonDelta(seconds=self.offset))
        micros = self.nanos % NANOS // 1000
        return PythonTime(self.hour, self.minute, self.second, micros, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day, with or without a zone."""

    date: Date
    time: Time

    @property
    def zone(self) -> Zone | None:
        """The zone of the time of day."""
        return self.time.zone

    @property
    def offset(self) -> int | None:
        """The seconds east of UTC at this moment; None without a zone."""
        zone = self.time.zone
        if zone is None:
            return None
        return zone.offset_at(self.date.year, self.date.ordinal, self.time.nanos)

    @property
    def value(self) -> int:
        """The nanoseconds since 1970-01-01T00:00Z, or since local midnight of that day without a zone."""
        return self.date.ordinal * DAY + self.time.nanos - (self.offset or 0) * NANOS

    @staticmethod
    def from_value(value: int, zone: Zone | None) -> DateTime:
        """Return the moment `value` nanoseconds after the epoch as its clocks in `zone` show it."""
        offset = 0
        if zone is not None:
            offset, zone = zone.at(value)
        day, nanos = divmod(value + offset * NANOS, DAY)
        return DateTime(Date.from_ordinal(day), Time(nanos, zone))

    def plus(self, nanos: int) -> DateTime:
        """Return the moment some nanoseconds later; raise OutOfRange."""
        return DateTime.from_value(self.value + nanos, self.zone)

    def plus_months(self, months: int) -> DateTime:
        """Return the same time of day some months later; raise OutOfRange."""
        return DateTime(self.date.plus_months(months), self.time)

    def to_python(self) -> PythonDateTime:
        """Return the Python datetime, cut to microseconds; raise OutOfRange outside the years 1 to 9999."""
        _usual_year(self.date.year)
        micros = self.time.nanos % NANOS // 1000
        zone = None if self.offset is None else PythonZone(PythonDelta(seconds=self.offset))
        if self.zone is not None and self.zone.name is not None:
            return self._in_region(micros, ZoneInfo(self.zone.name))
        day, time = self.date, self.time
        return PythonDateTime(day.year, day.month, day.day, time.hour, time.minute, time.second, micros, zone)

    def _in_region(self, micros: int, zone: ZoneInfo) -> PythonDateTime:
        day, time = self.date, self.time
        later = 0 if self.zone is None or self.zone.offset is None else 1
        return PythonDateTime(
            day.year, day.month, day.day, time.hour, time.minute, time.second, micros, zone, fold=later
        )


def _offset_at_moment(name: str, value: int) -> int:
    day = Date.from_ordinal(value // DAY)
    usual = _usual_day(day.year, day.ordinal)
    moment = _EPOCH + PythonDelta(days=usual, seconds=value % DAY // NANOS)
    offset = moment.astimezone(ZoneInfo(name)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration, in nanoseconds."""

    value: int

    def __post_init__(self) -> None:
        if abs(self.value) > 2 * (MAX_YEAR + 1) * 366 * DAY:
            raise OutOfRange(f"{self.value}")

    def to_python(self) -> PythonDelta:
        """Return the Python timedelta, cut to microseconds; raise OutOfRange."""
        try:
            return PythonDelta(microseconds=self.value // 1000)
        except OverflowError:
            raise OutOfRange(f"{self.value}") from None


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """A years and months duration, in months."""

    value: int

    def __post_init__(self) -> None:
        if abs(self.value) > 24 * (MAX_YEAR + 1):
            raise OutOfRange(f"{self.value}")


Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration
TEMPORALS = (Date, Time, DateTime, DaysDuration, MonthsDuration)


def _usual_year(year: int) -> None:
    if not 1 <= year <= 9999:
        raise OutOfRange(f"{year}")


def from_python(value: PythonDate | PythonDateTime | PythonTime | PythonDelta) -> Temporal:
    """Return the FEEL value of a Python date, datetime, time or timedelta."""
    if isinstance(value, PythonDateTime):
        return moment_of(value)
    if isinstance(value, PythonDate):
        return Date(value.year, value.month, value.day)
    if isinstance(value, PythonTime):
        return _time_of(value, None)
    return DaysDuration((value.days * 86_400 + value.seconds) * NANOS + value.microseconds * 1000)


def moment_of(value: PythonDateTime) -> DateTime:
    """Return the moment of a Python datetime."""
    return DateTime(Date(value.year, value.month, value.day), _time_of(value.timetz(), value))


def _time_of(value: PythonTime, moment: PythonDateTime | None) -> Time:
    nanos = ((value.hour * 60 + value.minute) * 60 + value.second) * NANOS + value.microsecond * 1000
    offset = (moment or value).utcoffset()
    seconds = None if offset is None else int(offset.total_seconds())
    if isinstance(value.tzinfo, ZoneInfo):
        name = value.tzinfo.key
        is_later = moment is not None and moment.replace(fold=0).utcoffset() != offset
        return Time(nanos, Zone(seconds, name) if is_later else region(name))
    return Time(nanos, None if seconds is None else Zone(offset=seconds))
