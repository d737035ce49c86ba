"""Working time: Chinese working days with make-up days, and arithmetic in working days and hours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple, overload
from zoneinfo import ZoneInfo

import chinese_calendar

from engine.errors import InvalidInput
from engine.text import T

OFFICE_HOURS = ((9, 12), (13, 18))
OFFICE_ZONE = "Asia/Shanghai"
FIRST_YEAR, LAST_YEAR = 1900, 2200
NO_OVERRIDES: Mapping[date, bool] = MappingProxyType({})
WORKING_MARKS = {"班": True, "work": True, "true": True, "1": True}
RESTING_MARKS = {"休": False, "rest": False, "false": False, "0": False}

HourMode = Literal["working", "clock"]


class OfficialYear(NamedTuple):
    """The working days of a year in order; provisional while the State Council has not published it."""

    days: tuple[date, ...]
    provisional: bool


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def official_year(year: int) -> OfficialYear:
    """Return the working days of `year` in China, make-up days included (specification §5).

    Years chinese-calendar does not know come from `holidays`, which has the statutory days of any
    year but the shifts of published years only: those years are provisional. Raises `InvalidInput`
    outside 1900–2200.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(
            T("日期超出工作日历的范围（{first}—{last}年）", first=FIRST_YEAR, last=LAST_YEAR), year=year
        )
    first = date(year, 1, 1)
    every_day = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    try:
        return OfficialYear(tuple(d for d in every_day if chinese_calendar.is_workday(d)), False)
    except NotImplementedError:
        return OfficialYear(_statutory_working_days(year, every_day), True)


def _statutory_working_days(year: int, every_day: Sequence[date]) -> tuple[date, ...]:
    # Only years beyond chinese-calendar need this package, and importing it costs a quarter second.
    from holidays import country_holidays

    resting = country_holidays("CN", years=year)
    make_up = resting.weekend_workdays
    return tuple(d for d in every_day if d in make_up or (d.weekday() < 5 and d not in resting))


class Calendar:
    """An organisation's or a project's working calendar.

    `overrides` says for single days whether they are worked (True) and always wins; `hours` are the
    working intervals of a day in hours of local time; `zone` is the IANA name of that time. Dates go
    in and out as dates; date-times must be aware and come out in UTC.
    """

    def __init__(
        self,
        overrides: Mapping[date, bool] = NO_OVERRIDES,
        hours: Sequence[tuple[float, float]] = OFFICE_HOURS,
        zone: str = OFFICE_ZONE,
    ) -> None:
        self.overrides = MappingProxyType(dict(overrides))
        self.hours = tuple((timedelta(hours=start), timedelta(hours=end)) for start, end in hours)
        self.zone = ZoneInfo(zone)
        bounds = [bound for interval in self.hours for bound in interval]
        if not bounds or bounds[0] < timedelta() or bounds[-1] > timedelta(hours=24):
            raise InvalidInput(T("工作时段须在 0 至 24 点之间，且至少一段"))
        if any(late <= early for early, late in pairwise(bounds)):
            raise InvalidInput(T("工作时段须按先后排列，不得重叠"))
        self._length = sum((end - start for start, end in self.hours), timedelta())
        self._years: dict[int, tuple[date, ...]] = {}

    @property
    def hours_per_day(self) -> float:
        """Return how many hours a working day has."""
        return self._length / timedelta(hours=1)

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` (of a date-time: its local day) is worked."""
        day = self.local_day(day)
        days = self._working_days(day.year)
        place = bisect_left(days, day)
        return place < len(days) and days[place] == day

    def provisional(self, day: date) -> bool:
        """Say whether `day` lies in a year that is not published yet and has no override of its own."""
        day = self.local_day(day)
        return day not in self.overrides and official_year(day.year).provisional

    @overload
    def add_working_days(self, day: datetime, count: int) -> datetime: ...
    @overload
    def add_working_days(self, day: date, count: int) -> date: ...
    def add_working_days(self, day: date | datetime, count: int) -> date | datetime:
        """Return the `count`-th working day after `day` (before it when negative).

        Counting starts with the next working day (Q4), so a Saturday plus one is Monday. Zero gives
        `day` itself, or the next working day when it is not worked. A date-time keeps its local
        time of day.
        """
        if not isinstance(day, datetime):
            return self._shift(day, count)
        local = self._local(day)
        return self._moment(self._shift(local.date(), count), _time_of_day(local))

    def working_days_between(self, start: date, end: date) -> int:
        """Return the number of working days after `start` up to and including `end`.

        Negative when `end` is before `start`; the inverse of `add_working_days` on working days.
        """
        start, end = self.local_day(start), self.local_day(end)
        if end < start:
            return -self.working_days_between(end, start)
        whole_years = sum(len(self._working_days(year)) for year in range(start.year, end.year))
        return (
            whole_years
            + bisect_right(self._working_days(end.year), end)
            - bisect_right(self._working_days(start.year), start)
        )

    def working_days_within(self, first: date, last: date) -> int:
        """Return the number of working days from `first` to `last`, both counted; 0 when reversed."""
        first, last = self.local_day(first), self.local_day(last)
        return max(0, self.working_days_between(first, last) + self.is_working_day(first))

    def add_working_hours(self, moment: datetime, hours: float | Decimal) -> datetime:
        """Return the moment when `hours` of working time after `moment` are over (before, if negative).

        A span that fills an interval ends with it (12:00, not 13:00). Zero gives the next working moment.
        """
        step = timedelta(hours=float(hours))
        day, worked = self._place(moment)
        days, rest = divmod(worked + step, self._length)
        if step > timedelta() and not rest:
            days, rest = days - 1, self._length
        return self._moment(self._shift(day, days), self._clock_time(rest, ending=step > timedelta()))

    def working_hours_between(self, start: datetime, end: datetime) -> float:
        """Return the hours of working time from `start` to `end`, negative when reversed."""
        first_day, already = self._place(start)
        last_day, worked = self._place(end)
        days = self.working_days_between(first_day, last_day)
        return (days * self._length + worked - already) / timedelta(hours=1)

    def due(self, asked: datetime, hours: float | Decimal, mode: HourMode) -> datetime:
        """Return when a limit of `hours` ends, in working or in clock hours (Q1, Q3), in UTC."""
        if mode == "working":
            return self.add_working_hours(asked, hours)
        return self._local(asked).astimezone(UTC) + timedelta(hours=float(hours))

    def next_working_moment(self, moment: datetime) -> datetime:
        """Return `moment` when it is worked, else the beginning of the next working interval."""
        return self.add_working_hours(moment, 0)

    def last_working_moment(self, moment: datetime) -> datetime:
        """Return `moment` when it lies in or ends a working interval, else the end of the last one."""
        local = self._local(moment)
        if self.is_working_day(local.date()):
            clock_time = _time_of_day(local)
            begun = [(start, end) for start, end in self.hours if start < clock_time]
            if begun:
                return self._moment(local.date(), min(clock_time, begun[-1][1]))
        return self.closing(self._shift(local.date(), -1))

    def opening(self, day: date) -> datetime:
        """Return when work begins on `day`, in UTC, whether or not the day is worked."""
        return self._moment(self.local_day(day), self.hours[0][0])

    def closing(self, day: date) -> datetime:
        """Return when work ends on `day`, in UTC, whether or not the day is worked."""
        return self._moment(self.local_day(day), self.hours[-1][1])

    def local_day(self, day: date) -> date:
        """Return a date as it is, and of an aware date-time its day in the calendar's zone."""
        return self._local(day).date() if isinstance(day, datetime) else day

    def _working_days(self, year: int) -> tuple[date, ...]:
        if year not in self._years:
            days = set(official_year(year).days)
            mine = {day: worked for day, worked in self.overrides.items() if day.year == year}
            days.difference_update(day for day, worked in mine.items() if not worked)
            days.update(day for day, worked in mine.items() if worked)
            self._years[year] = tuple(sorted(days))
        return self._years[year]

    def _shift(self, day: date, count: int) -> date:
        year, days = day.year, self._working_days(day.year)
        place = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
        while place >= len(days):
            place -= len(days)
            year += 1
            days = self._working_days(year)
        while place < 0:
            year -= 1
            days = self._working_days(year)
            place += len(days)
        return days[place]

    def _place(self, moment: datetime) -> tuple[date, timedelta]:
        """Return the working day a moment belongs to and the working time of that day already over."""
        local = self._local(moment)
        if not self.is_working_day(local.date()):
            return self._shift(local.date(), 0), timedelta()
        clock_time = _time_of_day(local)
        spent = (min(clock_time, end) - start for start, end in self.hours if start < clock_time)
        return local.date(), sum(spent, timedelta())

    def _clock_time(self, worked: timedelta, *, ending: bool) -> timedelta:
        """Return the time of day when `worked` of it are over: the earliest when ending, else the latest."""
        for start, end in self.hours:
            length = end - start
            if worked < length or (ending and worked == length):
                return start + worked
            worked -= length
        return self.hours[-1][1]

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise InvalidInput(T("时间须带时区"))
        return moment.astimezone(self.zone)

    def _moment(self, day: date, clock_time: timedelta) -> datetime:
        midnight = datetime.combine(day, time(), tzinfo=self.zone)
        return (midnight + clock_time).astimezone(UTC)


def _time_of_day(local: datetime) -> timedelta:
    return local.replace(tzinfo=None) - datetime.combine(local.date(), time())


def parse_overrides(marks: Mapping[str, object]) -> dict[date, bool]:
    """Return overrides from ISO dates marked 班/休 (also work/rest, true/false, 1/0).

    Raises `InvalidInput` with one field per date or mark that cannot be read.
    """
    overrides: dict[date, bool] = {}
    wrong: dict[str, T] = {}
    known = WORKING_MARKS | RESTING_MARKS
    for written, mark in marks.items():
        try:
            day = date.fromisoformat(str(written).strip())
            overrides[day] = known[str(mark).strip().lower()]
        except ValueError:
            wrong[str(written)] = T("“{day}”不是日期，应写成 2027-02-06 的样子", day=written)
        except KeyError:
            wrong[str(written)] = T("“{mark}”应为“班”或“休”", mark=mark)
    if wrong:
        raise InvalidInput(T("工作日历有 {n} 处读不懂", n=len(wrong)), wrong)
    return overrides


@lru_cache(maxsize=1)
def default_calendar() -> Calendar:
    """Return the calendar that holds where nobody has set another: China, 09:00–12:00 and 13:00–18:00."""
    return Calendar()
