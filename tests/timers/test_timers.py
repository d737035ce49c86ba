"""Timers: ISO-8601 and FEEL, by the calendar, and one firing for all that an outage missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine import feel
from engine.calendars import default_calendar
from engine.errors import InvalidInput
from engine.timers import TimerDetail, is_iso, next_cycle, timer_due

FRIDAY = datetime(2026, 3, 6, 8, 30, tzinfo=UTC)
"""Friday 2026-03-06, 16:30 in Shanghai."""


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("duration", "PT4H", datetime(2026, 3, 6, 12, 30, tzinfo=UTC)),
        ("duration", "P3DT1H", datetime(2026, 3, 9, 9, 30, tzinfo=UTC)),
        ("duration", "P2W", datetime(2026, 3, 20, 8, 30, tzinfo=UTC)),
        ("date", "2026-12-01T09:00:00+08:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("date", "2026-12-01T09:00:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("date", "2026-12-01", datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
        ("cycle", "R3/PT1H", datetime(2026, 3, 6, 9, 30, tzinfo=UTC)),
        ("cycle", "R/2026-12-01T17:00:00+08:00/P1D", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_iso_text_is_due(kind: str, text: str, due: datetime) -> None:
    assert is_iso(kind, text)
    assert timer_due(kind, text, FRIDAY).due == due


@pytest.mark.parametrize(
    ("kind", "expression", "due"),
    [
        ("duration", 'duration("PT90M")', datetime(2026, 3, 6, 10, 0, tzinfo=UTC)),
        ("duration", 'duration("P1M")', datetime(2026, 4, 6, 8, 30, tzinfo=UTC)),
        ("date", 'date("2026-12-01")', datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
        ("date", '@"2026-12-01T09:00:00"', datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("cycle", '"R" + string(2) + "/PT1H"', datetime(2026, 3, 6, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_feel_value_is_due(kind: str, expression: str, due: datetime) -> None:
    assert not is_iso(kind, expression)
    value = feel.to_json(feel.evaluate(expression, {}).value)
    assert timer_due(kind, value, FRIDAY).due == due


@pytest.mark.parametrize("length", ["P1D", {"@": "P1D"}])
def test_a_day_of_a_working_calendar_is_a_working_day(length: object) -> None:
    due = timer_due("duration", length, FRIDAY, default_calendar()).due
    assert due == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)


def test_hours_of_a_working_calendar_are_working_hours() -> None:
    due = timer_due("duration", "PT4H", FRIDAY, default_calendar()).due
    assert due == datetime(2026, 3, 9, 3, 30, tzinfo=UTC)


def test_months_are_counted_from_the_beginning_and_do_not_drift() -> None:
    detail = timer_due("cycle", "R/2026-01-31T09:00:00/P1M", FRIDAY)
    days = []
    for _ in range(4):
        days.append(detail.due.date().isoformat())
        following = next_cycle(detail, detail.due)
        assert following is not None
        detail = following
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_a_bounded_cycle_ends() -> None:
    detail: TimerDetail | None = timer_due("cycle", "R3/PT1H", FRIDAY)
    fired = 0
    while detail is not None:
        fired += 1
        detail = next_cycle(detail, detail.due)
    assert fired == 3


def test_what_an_outage_missed_fires_once() -> None:
    detail = timer_due("cycle", "R/PT1H", FRIDAY)
    following = next_cycle(detail, FRIDAY + timedelta(days=10, minutes=10))
    assert following is not None
    assert following.due == FRIDAY + timedelta(days=10, hours=1)
    assert next_cycle(timer_due("cycle", "R5/PT1H", FRIDAY), FRIDAY + timedelta(days=10)) is None


def test_a_detail_survives_its_row() -> None:
    detail = timer_due("cycle", "R5/PT1H", FRIDAY)
    assert TimerDetail.from_json(detail.as_json()) == detail


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("duration", "P"),
        ("duration", "4 hours"),
        ("duration", 5),
        ("date", "2026-13-01"),
        ("date", "tomorrow"),
        ("date", None),
        ("cycle", "R3/PT0S"),
        ("cycle", "R0/PT1H"),
        ("cycle", "R3/a/b/PT1H"),
        ("cycle", 3),
    ],
)
def test_what_is_no_time_is_refused(kind: str, value: object) -> None:
    with pytest.raises(InvalidInput):
        timer_due(kind, value, FRIDAY)
