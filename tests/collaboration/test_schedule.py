from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars import Calendar
from engine.errors import InvalidInput
from processes.collaboration.network import CircularPlan, Dependency, PlannedTask
from processes.collaboration.reasons import why
from processes.collaboration.schedule import Actual, Schedule, critical_path, forecast, planned_task
from processes.collaboration.timeline import Timeline

CALENDAR = Calendar()
MONDAY = date(2026, 3, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def plan(tasks: dict[str, int], *links: Dependency, **keywords: date) -> Schedule:
    named = [PlannedTask(id, duration, f"任务{id}") for id, duration in tasks.items()]
    return critical_path(named, links, CALENDAR, MONDAY, **keywords)


def test_a_chain_runs_end_to_start_over_weekends() -> None:
    schedule = plan({"A": 5, "B": 2}, Dependency("A", "B"))
    assert (schedule.tasks["A"].start, schedule.tasks["A"].end) == (date(2026, 3, 2), date(2026, 3, 6))
    assert (schedule.tasks["B"].start, schedule.tasks["B"].end) == (date(2026, 3, 9), date(2026, 3, 10))
    assert (schedule.length, schedule.end) == (7, date(2026, 3, 10))


def test_float_is_what_the_shorter_branch_may_slip() -> None:
    schedule = plan({"A": 2, "B": 5, "C": 1}, Dependency("A", "C"), Dependency("B", "C"))
    assert schedule.critical == ("B", "C")
    assert schedule.tasks["A"].total_float == 3
    assert schedule.tasks["A"].latest_end == date(2026, 3, 6)
    assert schedule.tasks["C"].driver == Dependency("B", "C")


def test_start_to_start_and_finish_to_finish_hold_with_lag() -> None:
    schedule = plan({"A": 10, "B": 3, "C": 2}, Dependency("A", "B", "SS", 4), Dependency("A", "C", "FF", 1))
    assert (schedule.tasks["B"].early_start, schedule.tasks["C"].early_finish) == (4, 11)
    assert schedule.critical == ("A", "C")
    assert schedule.tasks["B"].total_float == 4


def test_negative_lag_overlaps_but_never_begins_before_the_project() -> None:
    schedule = plan({"A": 2, "B": 3}, Dependency("A", "B", "FS", -5))
    assert schedule.tasks["B"].early_start == 0


def test_a_task_waits_for_its_planned_start_and_says_so() -> None:
    tasks = [PlannedTask("A", 2), PlannedTask("B", 2, not_before=4)]
    schedule = critical_path(tasks, [Dependency("A", "B")], CALENDAR, MONDAY)
    assert schedule.tasks["B"].start == date(2026, 3, 6)
    assert schedule.tasks["B"].driver is None
    assert schedule.tasks["A"].total_float == 2
    assert schedule.pushed == ()


def test_a_start_planned_before_its_predecessor_is_over_is_pushed() -> None:
    tasks = [PlannedTask("A", 5), PlannedTask("B", 2, not_before=3)]
    schedule = critical_path(tasks, [Dependency("A", "B")], CALENDAR, MONDAY)
    assert [task.id for task in schedule.pushed] == ["B"]


def test_a_milestone_lies_on_the_day_its_predecessor_ends() -> None:
    schedule = plan({"A": 5, "M": 0, "B": 1}, Dependency("A", "M"), Dependency("M", "B"))
    assert schedule.tasks["M"].start == schedule.tasks["M"].end == date(2026, 3, 6)
    assert schedule.tasks["B"].start == date(2026, 3, 9)
    assert schedule.critical == ("A", "M", "B")


def test_a_deadline_before_the_end_makes_float_negative() -> None:
    schedule = plan({"A": 5, "B": 3}, deadline=date(2026, 3, 5))
    assert schedule.tasks["A"].total_float == -1
    assert schedule.tasks["B"].total_float == 1
    assert "超出 1 个工作日" in str(why(schedule, "A"))


def test_a_circle_is_refused_with_its_tasks_by_name() -> None:
    links = (Dependency("A", "B"), Dependency("B", "C"), Dependency("C", "A"))
    with pytest.raises(CircularPlan, match="任务A") as caught:
        plan({"A": 1, "B": 1, "C": 1, "D": 1}, *links)
    assert sorted(caught.value.ids["tasks"]) == ["A", "B", "C"]


def test_a_task_waiting_for_itself_is_a_circle() -> None:
    with pytest.raises(CircularPlan):
        plan({"A": 1}, Dependency("A", "A"))


def test_unknown_doubled_and_negative_tasks_are_refused() -> None:
    with pytest.raises(InvalidInput, match="前置任务"):
        plan({"A": 1}, Dependency("X", "A"))
    with pytest.raises(InvalidInput) as caught:
        critical_path([PlannedTask("A", 1), PlannedTask("A", 2), PlannedTask("B", -1)], [], CALENDAR, MONDAY)
    assert set(caught.value.fields) == {"A", "B"}


def test_an_empty_plan_has_no_length() -> None:
    schedule = plan({})
    assert (schedule.length, schedule.critical, schedule.end) == (0, (), MONDAY)


def test_hours_skip_lunch_and_nights() -> None:
    begin = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    tasks = [PlannedTask("A", 3), PlannedTask("B", 7)]
    schedule = critical_path(tasks, [Dependency("A", "B")], CALENDAR, begin, "wh")
    assert schedule.tasks["A"].end == datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
    assert schedule.tasks["B"].start == datetime(2026, 3, 2, 13, tzinfo=SHANGHAI)
    assert schedule.tasks["B"].end == datetime(2026, 3, 3, 11, tzinfo=SHANGHAI)


def test_a_start_that_is_not_worked_moves_to_the_next_working_day() -> None:
    schedule = critical_path([PlannedTask("A", 1)], [], CALENDAR, date(2026, 3, 7))
    assert schedule.tasks["A"].start == date(2026, 3, 9)


def test_planned_days_become_an_offset_and_a_duration() -> None:
    timeline = Timeline(CALENDAR, MONDAY, "wd")
    task = planned_task(timeline, "A", "任务", date(2026, 3, 6), date(2026, 3, 10))
    assert (task.not_before, task.duration) == (4, 3)
    hourly = Timeline(CALENDAR, datetime(2026, 3, 2, 9, tzinfo=SHANGHAI), "wh")
    begin, end = (datetime(2026, 3, 2, hour, tzinfo=SHANGHAI) for hour in (11, 15))
    assert planned_task(hourly, "A", "任务", begin, end) == PlannedTask("A", 3, "任务", 2)


def test_reasons_name_the_driving_predecessor_and_the_float() -> None:
    schedule = plan({"A": 2, "B": 5, "C": 1}, Dependency("A", "C"), Dependency("B", "C", "SS", 5))
    assert str(why(schedule, "A")) == "不关键：还有 3 个工作日余量；没有前置任务卡住它"
    assert str(why(schedule, "C")) == "关键：晚 1 个工作日，项目就晚 1 个工作日；要等“任务B”开始"
    both = plan({"A": 5, "B": 2}, Dependency("A", "B", "FF"))
    assert "“任务A”完成后才能完成" in str(why(both, "B"))


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=SHANGHAI)


def live(actuals: dict[str, Actual], now: datetime, **keywords: date) -> Schedule:
    tasks = [PlannedTask("A", 5, "甲"), PlannedTask("B", 4, "乙"), PlannedTask("C", 2, "丙")]
    links = [Dependency("A", "C"), Dependency("B", "C")]
    return forecast(tasks, links, CALENDAR, MONDAY, actuals=actuals, now=now, **keywords)


def test_the_forecast_of_an_untouched_plan_before_its_start_is_the_plan() -> None:
    schedule = live({}, evening(date(2026, 2, 27)))
    assert (schedule.length, schedule.critical) == (7, ("A", "C"))


def test_work_not_begun_lies_after_now() -> None:
    schedule = live({}, evening(date(2026, 3, 3)))
    assert schedule.tasks["A"].start == date(2026, 3, 4)
    assert schedule.length == 9


def test_a_day_counts_as_over_only_when_it_closes() -> None:
    noon = datetime(2026, 3, 3, 12, tzinfo=SHANGHAI)
    assert live({}, noon).tasks["A"].start == date(2026, 3, 3)


def test_what_remains_is_rounded_up_and_follows_now() -> None:
    actuals = {"A": Actual(MONDAY, percent=50), "B": Actual(MONDAY, date(2026, 3, 4), 100)}
    schedule = live(actuals, evening(date(2026, 3, 6)))
    assert schedule.tasks["A"].start == MONDAY
    assert schedule.tasks["A"].end == date(2026, 3, 11)
    assert schedule.tasks["C"].start == date(2026, 3, 12)
    assert schedule.tasks["C"].driver == Dependency("A", "C")
    assert not schedule.tasks["B"].critical
    assert str(why(schedule, "B")) == "已完成，不再影响工期"
    assert str(why(schedule, "A")).endswith("已经开始")


def test_a_forecast_beyond_the_deadline_is_critical_wherever_float_is_gone() -> None:
    schedule = live({"A": Actual(MONDAY, percent=0)}, evening(date(2026, 3, 6)), deadline=date(2026, 3, 10))
    assert schedule.end == date(2026, 3, 17)
    assert schedule.tasks["A"].total_float == -5
    assert set(schedule.critical) == {"A", "B", "C"}


def test_a_task_finished_early_frees_its_successor() -> None:
    done = Actual(MONDAY, date(2026, 3, 3), 100)
    schedule = live({"A": done, "B": done}, evening(date(2026, 3, 3)))
    assert schedule.tasks["C"].start == date(2026, 3, 4)
    assert (schedule.length, schedule.critical) == (4, ("C",))


def test_a_successor_that_already_began_no_longer_holds_its_predecessor() -> None:
    actuals = {"C": Actual(MONDAY, percent=50)}
    schedule = live(actuals, evening(date(2026, 3, 2)))
    assert schedule.tasks["C"].early_finish == 2
    assert schedule.tasks["A"].total_float == 0
    assert schedule.tasks["B"].total_float == 1


def test_finish_to_finish_still_holds_what_has_begun() -> None:
    tasks = [PlannedTask("A", 5), PlannedTask("B", 2)]
    schedule = forecast(
        tasks,
        [Dependency("A", "B", "FF", 1)],
        CALENDAR,
        MONDAY,
        actuals={"B": Actual(MONDAY, percent=50)},
        now=evening(MONDAY),
    )
    assert schedule.tasks["B"].early_finish == schedule.tasks["A"].early_finish + 1
    assert schedule.tasks["B"].driver == Dependency("A", "B", "FF", 1)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[PlannedTask], list[Dependency]]:
    size = draw(st.integers(1, 9))
    tasks = [
        PlannedTask(f"T{n}", draw(st.integers(0, 6)), not_before=draw(st.sampled_from([0, 0, 0, 3])))
        for n in range(size)
    ]
    pairs = [(low, high) for high in range(size) for low in range(high)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=12, unique=True)) if pairs else []
    links = [
        Dependency(f"T{a}", f"T{b}", draw(st.sampled_from(["FS", "SS", "FF"])), draw(st.integers(-2, 3)))
        for a, b in chosen
    ]
    return draw(st.permutations(tasks)), links


def relaxed(tasks: list[PlannedTask], links: list[Dependency], delay: dict[str, int]) -> dict[str, int]:
    """Starts found by pushing every violated dependency until none is left: no order, no backward pass."""
    length = {task.id: task.duration for task in tasks}
    start = {task.id: max(task.not_before, delay.get(task.id, 0)) for task in tasks}
    moved = True
    while moved:
        moved = False
        for link in links:
            before, after = link.predecessor, link.successor
            earliest = {
                "FS": start[before] + length[before],
                "SS": start[before],
                "FF": start[before] + length[before] - length[after],
            }[link.kind] + link.lag
            if start[after] < earliest:
                start[after], moved = earliest, True
    return start


@settings(max_examples=300, deadline=None)
@given(plans())
def test_schedules_agree_with_an_independent_solver(
    drawn: tuple[list[PlannedTask], list[Dependency]],
) -> None:
    tasks, links = drawn
    schedule = critical_path(tasks, links, CALENDAR, MONDAY)
    starts = relaxed(tasks, links, {})
    end = max(starts[task.id] + task.duration for task in tasks)
    assert {id: task.early_start for id, task in schedule.tasks.items()} == starts
    assert schedule.length == end
    for task in schedule.tasks.values():
        slip = task.total_float
        assert slip >= 0
        for extra, expected_end in ((slip, end), (slip + 1, end + 1)):
            later = relaxed(tasks, links, {task.id: task.early_start + extra})
            assert max(later[t.id] + t.duration for t in tasks) == expected_end


@settings(max_examples=100, deadline=None)
@given(plans())
def test_a_driver_is_a_dependency_that_cannot_be_broken_without_an_earlier_start(
    drawn: tuple[list[PlannedTask], list[Dependency]],
) -> None:
    tasks, links = drawn
    schedule = critical_path(tasks, links, CALENDAR, MONDAY)
    for task in schedule.tasks.values():
        if task.driver is None:
            assert task.early_start == max(0, task.planned_start)
        else:
            assert task.driver in links
            assert task.driver.successor == task.id


@st.composite
def running(draw: st.DrawFn) -> tuple[list[PlannedTask], list[Dependency], dict[str, Actual], datetime]:
    """A plan on its way: some tasks begun or finished before now, whatever their predecessors did."""
    tasks, links = draw(plans())
    today = draw(st.integers(0, 8))
    now = evening(CALENDAR.add_working_days(MONDAY, today))
    actuals = {}
    for task in tasks:
        state = draw(st.sampled_from(["open", "open", "begun", "finished"]))
        started = draw(st.integers(0, today))
        first = CALENDAR.add_working_days(MONDAY, started)
        if state == "begun":
            actuals[task.id] = Actual(first, percent=draw(st.sampled_from([0, 10, 35, 99])))
        if state == "finished":
            actuals[task.id] = Actual(
                first, CALENDAR.add_working_days(MONDAY, draw(st.integers(started, today))), 100
            )
    return tasks, links, actuals, now


@settings(max_examples=200, deadline=None)
@given(running())
def test_a_forecast_keeps_what_happened_and_puts_the_rest_after_now(
    drawn: tuple[list[PlannedTask], list[Dependency], dict[str, Actual], datetime],
) -> None:
    tasks, links, actuals, now = drawn
    live_plan = forecast(tasks, links, CALENDAR, MONDAY, actuals=actuals, now=now)
    today = CALENDAR.local_day(now)
    for task in live_plan.tasks.values():
        actual = actuals.get(task.id, Actual())
        if task.state == "finished":
            assert (task.start, task.end) == (actual.started, actual.finished)
            assert not task.critical
        elif task.state == "begun":
            assert task.start == actual.started
            assert task.end > today or task.duration == 0
        else:
            assert task.duration == 0 or task.start > today
    for link in links:
        before, after = live_plan.tasks[link.predecessor], live_plan.tasks[link.successor]
        if after.state == "open" and link.kind == "FS":
            assert after.early_start >= before.early_finish + link.lag
        if after.state == "open" and link.kind == "SS":
            assert after.early_start >= before.early_start + link.lag
        if after.state != "finished" and link.kind == "FF":
            assert after.early_finish >= before.early_finish + link.lag


@settings(max_examples=200, deadline=None)
@given(running(), st.integers(1, 5))
def test_a_live_task_may_slip_by_its_float_and_not_by_more(
    drawn: tuple[list[PlannedTask], list[Dependency], dict[str, Actual], datetime], more: int
) -> None:
    tasks, links, actuals, now = drawn
    live_plan = forecast(tasks, links, CALENDAR, MONDAY, actuals=actuals, now=now)
    for task in live_plan.tasks.values():
        if task.state == "open":
            for extra, expected in ((task.total_float, 0), (task.total_float + more, more)):
                held = [
                    PlannedTask(t.id, t.duration, not_before=task.early_start + extra)
                    if t.id == task.id
                    else t
                    for t in tasks
                ]
                slipped = forecast(held, links, CALENDAR, MONDAY, actuals=actuals, now=now)
                assert slipped.length - live_plan.length == expected


@given(st.integers(-30, 200))
def test_days_and_offsets_of_a_timeline_are_inverse(offset: int) -> None:
    for timeline in (
        Timeline(CALENDAR, MONDAY, "wd"),
        Timeline(CALENDAR, datetime(2026, 3, 2, 9, tzinfo=SHANGHAI), "wh"),
    ):
        assert timeline.begun(timeline.begin(offset)) == offset
        assert timeline.ended(timeline.finish(offset)) == offset
