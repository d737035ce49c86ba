from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendars import Calendar
from processes.collaboration.anchoring import AnchoredSample, anchored
from processes.collaboration.metrics import (
    LateUnit,
    TaskFigures,
    at_risk,
    delay_days,
    first_alert_day,
    health,
    late,
    needs_coordination,
    percent_complete,
    planned_percent,
    variance,
)
from processes.collaboration.sample_data import sample
from processes.collaboration.timeline import Timeline

CALENDAR = Calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMELINE = Timeline(CALENDAR, date(2026, 3, 2), "wd")


def evening(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 18, tzinfo=SHANGHAI)


TASK = TaskFigures("A", percent=50, weight=5, start=date(2026, 3, 2), end=date(2026, 3, 6))


def figures(placed: AnchoredSample) -> list[TaskFigures]:
    """The tasks of a sample as they stand at its now: done tasks ended on their planned day."""
    critical = placed.sample.critical
    return [
        TaskFigures(
            id=task.id,
            percent=placed.sample.state_of(task).percent,
            weight=task.duration,
            start=placed.at(task.start),
            end=placed.over(task.end),
            finished=placed.over(task.end) if placed.sample.state_of(task).percent == 100 else None,
            key_result=task.key_result,
            confirmed=placed.sample.state_of(task).percent == 100,
            blocked=placed.sample.state_of(task).status == "受阻",
            critical=task.id in critical,
        )
        for task in placed.sample.tasks
    ]


# Done by hand over the sample files: Σ d·percent, Σ d·100·clamp((now − s)/d) and Σ d.
@pytest.mark.parametrize(
    ("key", "actual", "planned", "weight"),
    [("A", 10450, 11400, 180), ("B", 4860, 5600, 72), ("C", 2920, 3000, 132), ("D", 4700, 5200, 98)],
)
def test_progress_of_the_samples_at_their_now(key: str, actual: int, planned: int, weight: int) -> None:
    placed = anchored(sample(key), CALENDAR)
    tasks = figures(placed)
    assert percent_complete(tasks) == pytest.approx(actual / weight)
    assert planned_percent(tasks, placed.timeline, placed.now) == pytest.approx(planned / weight)
    assert variance(tasks, placed.timeline, placed.now) == pytest.approx((actual - planned) / weight)


@pytest.mark.parametrize(("key", "expected"), [("A", "黄"), ("B", "黄"), ("C", "绿"), ("D", "黄")])
def test_health_of_the_samples_without_and_with_an_open_alert(key: str, expected: str) -> None:
    placed = anchored(sample(key), CALENDAR)
    assert health(figures(placed), placed.timeline, placed.now) == expected
    assert health(figures(placed), placed.timeline, placed.now, open_alerts=1) == "红"


def test_late_tasks_of_the_campaign_at_its_now() -> None:
    placed = anchored(sample("B"), CALENDAR)
    delays = {task.id: delay_days(task, placed.now, CALENDAR) for task in figures(placed)}
    assert {id: days for id, days in delays.items() if days} == {"B06": 1, "B08": 7, "B09": 1}
    working = {task.id: delay_days(task, placed.now, CALENDAR, "working") for task in figures(placed)}
    assert {id: days for id, days in working.items() if days} == {"B06": 1, "B08": 5, "B09": 1}


def test_tasks_of_the_campaign_at_risk_at_its_now() -> None:
    placed = anchored(sample("B"), CALENDAR)
    assert [task.id for task in figures(placed) if at_risk(task, placed.now, CALENDAR)] == ["B08"]


def test_an_unconfirmed_key_result_counts_at_most_95() -> None:
    done = replace(TASK, percent=100, key_result=True)
    assert percent_complete([done]) == 95
    assert percent_complete([replace(done, confirmed=True)]) == 100
    assert percent_complete([replace(done, key_result=False)]) == 100
    assert percent_complete([replace(done, percent=40)]) == 40


def test_milestones_weigh_nothing_and_cancelled_tasks_are_left_out() -> None:
    milestone = replace(TASK, percent=100, weight=0)
    cancelled = replace(TASK, percent=0, weight=50, cancelled=True)
    assert percent_complete([TASK, milestone, cancelled]) == 50
    assert percent_complete([milestone]) == 0
    assert percent_complete([]) == 0


def test_a_weight_that_was_set_wins_over_working_days() -> None:
    light = replace(TASK, percent=0, weight=1)
    assert percent_complete([light, replace(TASK, percent=100, weight=3)]) == 75


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (evening(2026, 2, 27), 0),
        (datetime(2026, 3, 2, 12, tzinfo=SHANGHAI), 0),
        (evening(2026, 3, 2), 20),
        (evening(2026, 3, 4), 60),
        (evening(2026, 3, 8), 100),
    ],
)
def test_planned_percent_grows_with_each_working_day_that_is_over(now: datetime, expected: float) -> None:
    assert planned_percent([TASK], TIMELINE, now) == pytest.approx(expected)


def test_planned_percent_of_hours_grows_within_the_day() -> None:
    begin = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    task = replace(TASK, start=begin, end=begin.replace(hour=18))
    timeline = Timeline(CALENDAR, begin, "wh")
    assert planned_percent([task], timeline, begin.replace(hour=15)) == pytest.approx(62.5)


@pytest.mark.parametrize(
    ("late_unit", "day", "alert"),
    [
        ("calendar", 3, False),
        ("calendar", 4, True),
        ("working", 4, False),
        ("working", 8, False),
        ("working", 9, True),
    ],
)
def test_a_task_planned_to_end_on_april_30_becomes_an_alert_on_its_day(
    late_unit: LateUnit, day: int, alert: bool
) -> None:
    task = replace(TASK, end=date(2026, 4, 30))
    assert needs_coordination(task, None, evening(2026, 5, day), CALENDAR, late_unit) is alert


def test_the_first_alert_day_is_may_4_or_in_working_days_may_9() -> None:
    assert first_alert_day(date(2026, 4, 30), CALENDAR) == date(2026, 5, 4)
    assert first_alert_day(date(2026, 4, 30), CALENDAR, "working") == date(2026, 5, 9)


def test_high_risk_is_an_alert_at_once_and_a_finished_task_never() -> None:
    now = evening(2026, 3, 2)
    assert needs_coordination(TASK, "高", now, CALENDAR)
    assert not needs_coordination(TASK, "中", now, CALENDAR)
    assert not needs_coordination(replace(TASK, finished=date(2026, 3, 2)), "高", now, CALENDAR)


def test_delay_ends_with_the_task_and_is_never_negative() -> None:
    assert delay_days(replace(TASK, finished=date(2026, 3, 9)), evening(2026, 4, 1), CALENDAR) == 3
    assert delay_days(replace(TASK, finished=date(2026, 3, 4)), evening(2026, 4, 1), CALENDAR) == 0
    assert delay_days(TASK, evening(2026, 3, 2), CALENDAR) == 0


def test_an_hourly_task_is_late_from_the_moment_it_was_due() -> None:
    due = datetime(2026, 3, 6, 15, tzinfo=SHANGHAI)
    task = replace(TASK, end=due)
    assert not late(task, due, CALENDAR)
    assert late(task, due + timedelta(minutes=1), CALENDAR)


@pytest.mark.parametrize(
    ("now", "percent", "forecast_end", "expected"),
    [
        (evening(2026, 3, 3), 69, None, False),
        (evening(2026, 3, 4), 69, None, True),
        (evening(2026, 3, 4), 70, None, False),
        (evening(2026, 3, 2), 90, date(2026, 3, 9), True),
        (evening(2026, 3, 2), 90, date(2026, 3, 6), False),
        (evening(2026, 3, 20), 10, None, True),
    ],
)
def test_a_task_is_at_risk_by_its_forecast_or_two_working_days_before_its_end(
    now: datetime, percent: float, forecast_end: date | None, expected: bool
) -> None:
    assert at_risk(replace(TASK, percent=percent, forecast_end=forecast_end), now, CALENDAR) is expected


def test_a_finished_or_cancelled_task_is_neither_late_nor_at_risk() -> None:
    now = evening(2026, 4, 1)
    for task in (replace(TASK, finished=date(2026, 3, 20)), replace(TASK, cancelled=True)):
        assert not late(task, now, CALENDAR)
        assert not at_risk(task, now, CALENDAR)


def test_health_is_red_for_a_late_critical_task_and_yellow_for_any_other_late_one() -> None:
    now = evening(2026, 3, 9)
    almost = replace(TASK, percent=99)
    assert health([almost], TIMELINE, now) == "黄"
    assert health([replace(almost, critical=True)], TIMELINE, now) == "红"
    assert health([replace(almost, critical=True, finished=date(2026, 3, 9))], TIMELINE, now) == "绿"


def test_health_is_yellow_when_blocked_or_more_than_ten_points_behind() -> None:
    now = evening(2026, 3, 4)
    assert health([replace(TASK, percent=60)], TIMELINE, now) == "绿"
    assert health([replace(TASK, percent=50)], TIMELINE, now) == "绿"
    assert health([replace(TASK, percent=49.9)], TIMELINE, now) == "黄"
    assert health([replace(TASK, percent=60, blocked=True)], TIMELINE, now) == "黄"
