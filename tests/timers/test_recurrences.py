"""How cycles go on: month ends, working days, counts, ends, outages; and what else timers accept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.calendars import Calendar
from engine.errors import InvalidInput
from engine.feel import evaluate
from engine.timers import (
    TimerDetail,
    is_iso,
    next_cycle,
    parse_iso_cycle,
    parse_iso_date,
    parse_iso_duration,
    timer_due,
)

# A Monday, 10:00 in Shanghai.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def firings(text: str, now: datetime, count: int, calendar: Calendar | None = None) -> list[str]:
    """Fire a cycle punctually `count` times at most and return the local times."""
    detail: TimerDetail | None = timer_due("cycle", text, now, calendar)
    found = []
    while detail is not None and len(found) < count:
        found.append(detail.due.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M"))
        detail = next_cycle(TimerDetail.from_json(detail.as_json()), detail.due, calendar)
    return found


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P1M", "2026-12-23T10:00:00+08:00"),
        ("P1Y2M10DT2H30M", "2028-02-02T12:30:00+08:00"),
        ("PT0.5S", "2026-11-23T10:00:00.5+08:00"),
        ("PT0S", "2026-11-23T10:00:00+08:00"),
        ("-PT1H", "2026-11-23T09:00:00+08:00"),
    ],
)
def test_duration_ends_that_much_later(text: str, due: str) -> None:
    assert timer_due("duration", text, NOW).due == utc(due)


@pytest.mark.parametrize(
    ("kind", "expression", "due"),
    [
        ("date", 'date and time("2026-12-01T09:00:00@Europe/Paris")', "2026-12-01T16:00:00+08:00"),
        ("date", '@"2026-12-01T09:00:00" + @"P1D"', "2026-12-02T09:00:00+08:00"),
        ("duration", '"P" + string(2) + "D"', "2026-11-25T10:00:00+08:00"),
        ("duration", '-duration("PT1H")', "2026-11-23T09:00:00+08:00"),
        ("cycle", 'duration("P1D")', "2026-11-24T10:00:00+08:00"),
        ("cycle", '"PT2H"', "2026-11-23T12:00:00+08:00"),
        ("cycle", '"R/" + "2026-11-23T17:00:00+08:00" + "/P1D"', "2026-11-23T17:00:00+08:00"),
    ],
)
def test_values_of_expressions_work_like_text(kind: str, expression: str, due: str) -> None:
    assert timer_due(kind, evaluate(expression, {}).value, NOW).due == utc(due)


def test_python_dates_work_too() -> None:
    assert timer_due("date", date(2026, 12, 1), NOW).due == utc("2026-12-01T00:00:00+08:00")
    assert timer_due("date", NOW + timedelta(hours=1), NOW).due == NOW + timedelta(hours=1)


def test_times_without_offset_are_read_in_the_given_zone() -> None:
    paris = ZoneInfo("Europe/Paris")
    due = timer_due("date", "2026-12-01T09:00:00", NOW, zone=paris).due
    assert due == utc("2026-12-01T09:00:00+01:00")


def test_the_national_holiday_does_not_count_as_working_days() -> None:
    before = utc("2026-09-30T10:00:00+08:00")
    assert timer_due("duration", "P1D", before, Calendar()).due == utc("2026-10-08T10:00:00+08:00")


def test_month_from_the_31st_ends_on_the_last_day_and_comes_back_to_the_31st() -> None:
    january = utc("2027-01-31T09:00:00+08:00")
    expected = ["02-28 09:00", "03-31 09:00", "04-30 09:00", "05-31 09:00"]
    assert firings("R/P1M", january, 4) == expected


def test_counted_cycle_fires_as_often_as_it_says() -> None:
    assert firings("R3/PT1H", NOW, 10) == ["11-23 11:00", "11-23 12:00", "11-23 13:00"]


def test_cycle_with_a_start_fires_there_first() -> None:
    expected = ["12-01 17:00", "12-02 17:00", "12-03 17:00"]
    assert firings("R/2026-12-01T17:00:00+08:00/P1D", NOW, 3) == expected
    assert firings("R2/2026-12-01T17:00:00+08:00/P1D", NOW, 9) == expected[:2]


def test_cycle_that_started_long_ago_fires_at_once_and_then_at_its_next_time() -> None:
    detail = timer_due("cycle", "R/2026-11-01T17:00:00+08:00/P1D", NOW)
    assert detail.due < NOW
    following = next_cycle(detail, NOW)
    assert following is not None
    assert following.due == utc("2026-11-23T17:00:00+08:00")


def test_cycle_with_an_end_stops_there() -> None:
    assert firings("R/PT1H/2026-11-23T12:30:00+08:00", NOW, 9) == ["11-23 11:00", "11-23 12:00"]


def test_cycle_over_working_days_skips_the_weekend() -> None:
    text = "R/2026-11-26T17:00:00+08:00/P1D"
    assert firings(text, NOW, 3, Calendar()) == ["11-26 17:00", "11-27 17:00", "11-30 17:00"]


def test_cycle_over_working_days_obeys_the_calendar_it_is_given() -> None:
    closed = Calendar({date(2026, 11, 30): False})
    text = "R/2026-11-27T17:00:00+08:00/P1D"
    assert firings(text, NOW, 2, closed) == ["11-27 17:00", "12-01 17:00"]


def test_next_firing_is_strictly_after_now() -> None:
    following = next_cycle(timer_due("cycle", "R/PT1H", NOW), NOW + timedelta(hours=2))
    assert following is not None
    assert following.due == NOW + timedelta(hours=3)


def test_missed_firings_of_a_counted_cycle_are_gone() -> None:
    detail = timer_due("cycle", "R5/PT1H", NOW)
    assert detail.remaining == 4
    following = next_cycle(detail, NOW + timedelta(hours=3, minutes=1))
    assert following is not None
    assert following.remaining == 1
    assert next_cycle(detail, NOW + timedelta(hours=9)) is None


def test_long_outage_of_a_fast_cycle_is_found_quickly() -> None:
    detail = timer_due("cycle", "R/PT1S", NOW)
    following = next_cycle(detail, NOW + timedelta(days=3650, milliseconds=1))
    assert following is not None
    assert following.due == NOW + timedelta(days=3650, seconds=1)


def test_detail_of_a_working_cycle_survives_storing() -> None:
    detail = timer_due("cycle", "R7/2026-12-01T17:00:00+08:00/P1MT0.25S", NOW, Calendar())
    assert TimerDetail.from_json(detail.as_json()) == detail


def test_timers_that_are_no_cycle_have_no_next_firing() -> None:
    assert next_cycle(timer_due("duration", "PT1H", NOW), NOW) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", "2026-02-30"),
        ("date", evaluate('@"-5000-01-01"', {}).value),
        ("duration", True),
        ("duration", "P9999Y"),
        ("duration", date(2026, 1, 1)),
        ("cycle", "R3"),
        ("cycle", "R-1/PT1H"),
        ("cycle", "R/PT1H/2026-01-01"),
        ("cycle", "-PT1H"),
        ("cycle", "every day"),
        ("never", "PT1H"),
    ],
)
def test_what_is_no_timer_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(InvalidInput):
        timer_due(kind, value, NOW)


def test_expressions_are_told_from_iso_text() -> None:
    assert is_iso("cycle", "R/PT1H")
    assert not is_iso("date", 'sla(4, "working")')
    assert not is_iso("cycle", '"R/" + next_slot("17:00") + "/P1D"')


def test_parts_can_be_parsed_alone() -> None:
    assert parse_iso_duration("P1Y1M1W1DT1H").months == 13
    assert parse_iso_date("2026-12-01").hour == 16
    assert parse_iso_cycle("R/PT1H").count is None
