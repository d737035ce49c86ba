from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars import Calendar, default_calendar, official_year, parse_overrides
from engine.errors import InvalidInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-06T16:30", "2026-03-09T11:30"),
        ("2026-09-30T17:30", "2026-10-08T13:30"),
        ("2026-02-13T17:00", "2026-02-14T12:00"),
    ],
)
def test_a_normal_reply_is_due_after_four_working_hours(asked: str, due: str) -> None:
    answer = CALENDAR.add_working_hours(local(asked), 4)
    assert answer == local(due)
    assert answer.tzinfo is UTC


def test_an_urgent_reply_is_due_after_two_clock_hours() -> None:
    assert CALENDAR.due(local("2026-03-06T16:30"), 2, "clock") == local("2026-03-06T18:30")
    assert CALENDAR.due(local("2026-03-06T16:30"), 4, "working") == local("2026-03-09T11:30")


def test_minutes_of_a_friday_meeting_are_due_on_saturday_because_clock_hours_count() -> None:
    assert CALENDAR.due(local("2026-03-06T17:20"), 24, "clock") == local("2026-03-07T17:20")


@pytest.mark.parametrize(("signed", "by"), [("2026-09-29", "2026-10-12"), ("2026-02-12", "2026-02-26")])
def test_the_retrospective_is_due_five_working_days_after_the_last_signature(signed: str, by: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(signed), 5) == date.fromisoformat(by)


def test_a_late_task_has_four_calendar_days_earlier_than_four_working_days() -> None:
    planned = date(2026, 4, 30)
    assert (date(2026, 5, 4) - planned).days == 4
    assert CALENDAR.working_days_between(planned, date(2026, 5, 4)) == 0
    assert CALENDAR.working_days_between(planned, date(2026, 5, 8)) == 3
    assert CALENDAR.working_days_between(planned, date(2026, 5, 9)) == 4


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [("2026-03-02", 95, "2026-07-16"), ("2026-08-17", 35, "2026-10-09"), ("2026-10-12", 43, "2026-12-09")],
)
def test_the_samples_end_on_the_days_of_the_specification(start: str, length: int, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert CALENDAR.add_working_days(first, length - 1) == last
    assert CALENDAR.working_days_within(first, last) == length


def test_the_budget_sample_crosses_into_a_provisional_year() -> None:
    end = CALENDAR.add_working_days(date(2026, 10, 12), 71)
    assert end == date(2027, 1, 20)
    assert CALENDAR.provisional(end)
    assert not CALENDAR.provisional(date(2026, 12, 31))


def test_make_up_days_are_worked_and_holidays_are_not() -> None:
    assert CALENDAR.is_working_day(date(2026, 10, 10))
    assert CALENDAR.is_working_day(date(2026, 2, 14))
    assert not CALENDAR.is_working_day(date(2026, 10, 1))
    assert not CALENDAR.is_working_day(date(2026, 3, 7))


def test_an_unpublished_year_keeps_statutory_days_and_plain_weekends() -> None:
    assert not CALENDAR.is_working_day(date(2027, 2, 8))
    assert not CALENDAR.is_working_day(date(2027, 10, 1))
    assert not CALENDAR.is_working_day(date(2027, 1, 9))
    assert CALENDAR.is_working_day(date(2027, 1, 4))


def test_overrides_win_over_published_and_provisional_days() -> None:
    mine = Calendar({date(2026, 10, 10): False, date(2027, 2, 7): True, date(2027, 1, 4): False})
    assert not mine.is_working_day(date(2026, 10, 10))
    assert mine.add_working_days(date(2026, 9, 29), 5) == date(2026, 10, 13)
    assert mine.is_working_day(date(2027, 2, 7))
    assert not mine.provisional(date(2027, 2, 7))
    assert mine.provisional(date(2027, 2, 9))
    assert CALENDAR.is_working_day(date(2027, 1, 4))


def test_counting_starts_with_the_next_working_day() -> None:
    saturday = date(2026, 3, 7)
    assert CALENDAR.add_working_days(saturday, 1) == date(2026, 3, 9)
    assert CALENDAR.add_working_days(saturday, 0) == date(2026, 3, 9)
    assert CALENDAR.add_working_days(saturday, -1) == date(2026, 3, 6)
    assert CALENDAR.add_working_days(date(2026, 3, 6), 0) == date(2026, 3, 6)
    assert CALENDAR.add_working_days(date(2026, 1, 5), -1) == date(2026, 1, 4)


def test_a_moment_keeps_its_local_time_of_day_when_days_are_added() -> None:
    assert CALENDAR.add_working_days(local("2026-03-06T17:20"), 1) == local("2026-03-09T17:20")
    late_in_utc = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert CALENDAR.add_working_days(late_in_utc, 1) == local("2026-03-09T07:30")


def test_hours_skip_lunch_nights_and_weekends() -> None:
    assert CALENDAR.add_working_hours(local("2026-03-06T11:00"), 2) == local("2026-03-06T14:00")
    assert CALENDAR.add_working_hours(local("2026-03-06T11:00"), 1) == local("2026-03-06T12:00")
    assert CALENDAR.add_working_hours(local("2026-03-06T12:30"), 1) == local("2026-03-06T14:00")
    assert CALENDAR.add_working_hours(local("2026-03-07T20:00"), 8) == local("2026-03-09T18:00")
    assert CALENDAR.add_working_hours(local("2026-03-09T10:00"), -2) == local("2026-03-06T17:00")
    assert CALENDAR.add_working_hours(local("2026-03-09T09:00"), Decimal("0.5")) == local("2026-03-09T09:30")


def test_working_hours_between_counts_only_working_time() -> None:
    assert CALENDAR.working_hours_between(local("2026-03-06T16:30"), local("2026-03-09T11:30")) == 4
    assert CALENDAR.working_hours_between(local("2026-03-09T11:30"), local("2026-03-06T16:30")) == -4
    assert CALENDAR.working_hours_between(local("2026-03-07T08:00"), local("2026-03-08T22:00")) == 0


def test_next_and_last_working_moments_meet_the_edges_of_intervals() -> None:
    assert CALENDAR.next_working_moment(local("2026-03-06T12:00")) == local("2026-03-06T13:00")
    assert CALENDAR.next_working_moment(local("2026-03-06T18:00")) == local("2026-03-09T09:00")
    assert CALENDAR.next_working_moment(local("2026-03-06T10:10")) == local("2026-03-06T10:10")
    assert CALENDAR.last_working_moment(local("2026-03-06T12:30")) == local("2026-03-06T12:00")
    assert CALENDAR.last_working_moment(local("2026-03-09T09:00")) == local("2026-03-06T18:00")
    assert CALENDAR.last_working_moment(local("2026-03-08T15:00")) == local("2026-03-06T18:00")
    assert CALENDAR.last_working_moment(local("2026-03-06T15:15")) == local("2026-03-06T15:15")


def test_opening_and_closing_frame_a_day() -> None:
    assert CALENDAR.opening(date(2026, 3, 6)) == local("2026-03-06T09:00")
    assert CALENDAR.closing(local("2026-03-06T07:00")) == local("2026-03-06T18:00")
    assert CALENDAR.hours_per_day == 8


def test_other_hours_and_zones_can_be_set() -> None:
    night_shift = Calendar(hours=((20, 24),), zone="Europe/Berlin")
    begun = datetime(2026, 3, 6, 22, tzinfo=ZoneInfo("Europe/Berlin"))
    assert night_shift.add_working_hours(begun, 3) == datetime(
        2026, 3, 9, 21, tzinfo=ZoneInfo("Europe/Berlin")
    )


@pytest.mark.parametrize("hours", [(), ((9, 12), (11, 18)), ((12, 9),), ((-1, 5),), ((9, 25),)])
def test_impossible_hours_are_refused(hours: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(InvalidInput):
        Calendar(hours=hours)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="时区"):
        CALENDAR.add_working_hours(datetime(2026, 3, 6, 9), 1)  # noqa: DTZ001


def test_a_date_far_away_is_refused_and_not_computed_for_minutes() -> None:
    with pytest.raises(InvalidInput, match="范围"):
        CALENDAR.add_working_days(date(2026, 3, 6), 10**9)
    with pytest.raises(InvalidInput):
        official_year(1066)


def test_overrides_are_read_from_a_table_and_every_bad_row_is_named() -> None:
    assert parse_overrides({"2027-02-07": "班", " 2027-02-09 ": "休", "2027-03-01": False}) == {
        date(2027, 2, 7): True,
        date(2027, 2, 9): False,
        date(2027, 3, 1): False,
    }
    with pytest.raises(InvalidInput) as caught:
        parse_overrides({"2027-02-30": "班", "2027-03-02": "也许", "2027-03-03": "休"})
    assert set(caught.value.fields) == {"2027-02-30", "2027-03-02"}


def test_the_default_calendar_is_made_once() -> None:
    assert default_calendar() is default_calendar()


def test_the_heavy_holiday_package_is_not_imported_for_published_years() -> None:
    program = (
        "import sys; from datetime import date; from engine.calendars import Calendar; "
        "Calendar().add_working_days(date(2026, 3, 2), 95); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001


@settings(deadline=None)
@given(days, st.integers(-400, 400))
def test_adding_days_agrees_with_walking_day_by_day(day: date, count: int) -> None:
    walked, left = day, abs(count)
    step = timedelta(days=1 if count > 0 else -1)
    while left:
        walked += step
        left -= CALENDAR.is_working_day(walked)
    while count == 0 and not CALENDAR.is_working_day(walked):
        walked += timedelta(days=1)
    assert CALENDAR.add_working_days(day, count) == walked


@given(days, days)
def test_days_between_agree_with_counting(first: date, last: date) -> None:
    low, high = sorted((first, last))
    counted = sum(CALENDAR.is_working_day(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert CALENDAR.working_days_between(low, high) == counted
    assert CALENDAR.working_days_between(high, low) == -counted
    assert CALENDAR.working_days_within(low, high) == counted + CALENDAR.is_working_day(low)


@given(moments, st.integers(1, 60_000))
def test_hours_added_are_the_hours_between(moment: datetime, minutes: int) -> None:
    later = CALENDAR.add_working_hours(moment, minutes / 60)
    assert CALENDAR.working_hours_between(moment, later) == pytest.approx(minutes / 60)
    assert CALENDAR.last_working_moment(later) == later
    assert CALENDAR.add_working_hours(later, -minutes / 60) <= CALENDAR.next_working_moment(moment)
