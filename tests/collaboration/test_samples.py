from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import Calendar
from engine.errors import NotFound
from processes.collaboration.anchoring import anchored, anchored_to
from processes.collaboration.organisation import Lang, organisation
from processes.collaboration.sample_data import in_language, sample
from processes.collaboration.sample_values import SampleState
from processes.collaboration.schedule import Schedule, critical_path
from processes.collaboration.standards import Criterion, criteria

CALENDAR = Calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLES = ("A", "B", "C", "D")
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


def schedule(key: str) -> Schedule:
    project = sample(key)
    tasks, links = project.planned()
    return critical_path(tasks, links, CALENDAR, project.start, project.unit)


@pytest.mark.parametrize("key", SAMPLES)
def test_length_critical_path_and_early_starts_are_those_of_the_sample(key: str) -> None:
    project, planned = sample(key), schedule(key)
    assert planned.length == project.length
    assert planned.critical == project.critical
    assert {id: task.early_start for id, task in planned.tasks.items()} == {
        task.id: task.start for task in project.tasks
    }


@pytest.mark.parametrize(
    ("key", "end"), [("A", date(2026, 7, 16)), ("B", date(2026, 10, 9)), ("D", date(2027, 1, 20))]
)
def test_samples_in_days_end_on_their_real_days(key: str, end: date) -> None:
    assert schedule(key).end == end
    assert anchored(sample(key), CALENDAR).end == end


def test_the_event_of_the_campaign_falls_on_its_three_days() -> None:
    event = schedule("B").tasks["B12"]
    assert (event.start, event.end) == (date(2026, 9, 22), date(2026, 9, 24))


def test_the_budget_is_issued_on_its_day_and_the_plan_crosses_into_a_provisional_year() -> None:
    planned = schedule("D")
    assert planned.tasks["D12"].end == date(2026, 12, 9)
    assert CALENDAR.provisional(planned.end)


def test_the_complaint_ends_after_ninety_working_hours() -> None:
    end = schedule("C").end
    begin = datetime(2026, 11, 16, 9, tzinfo=SHANGHAI)
    assert end == datetime(2026, 12, 1, 11, tzinfo=SHANGHAI)
    assert isinstance(end, datetime)
    assert CALENDAR.working_hours_between(begin, end) == 90


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", SAMPLES)
def test_every_stage_has_a_milestone_and_every_task_a_stage(key: str, lang: Lang) -> None:
    tasks = sample(key, lang).tasks
    assert {task.stage for task in tasks} == {task.stage for task in tasks if task.milestone}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", SAMPLES)
def test_every_row_of_a_sample_is_complete(key: str, lang: Lang) -> None:
    project = sample(key, lang)
    made = {task.deliverable for task in project.tasks if task.deliverable}
    assert made == {deliverable.name for deliverable in project.deliverables}
    assert all(
        task.standard and task.purpose and task.receiver in project.departments for task in project.tasks
    )
    assert all(task.risk_note for task in project.tasks if task.risk_level)
    assert all(deliverable.standard for deliverable in project.deliverables)
    assert project.goals
    assert project.initiating_department in project.departments


@pytest.mark.parametrize("key", SAMPLES)
def test_owners_belong_to_the_departments_of_their_tasks(key: str) -> None:
    members = {task.department: organisation().members(task.department) for task in sample(key).tasks}
    assert all(task.owner in members[task.department] for task in sample(key).tasks)


@pytest.mark.parametrize("key", SAMPLES)
def test_english_samples_hold_no_chinese_in_what_people_write(key: str) -> None:
    project = sample(key, "en")
    written = [project.name, project.scope, project.out_of_scope, project.background, project.change.content]
    written += [
        text for goal in project.goals for text in (goal.statement, goal.measure, goal.target, goal.unit)
    ]
    written += [text for d in project.deliverables for text in (d.name, d.standard)]
    written += [text for t in project.tasks for text in (t.name, t.stage, t.purpose, t.milestone or "")]
    written += [c.subject + c.target + c.unit for t in project.tasks for c in t.standard]
    written += [text for risk in project.risks for text in (risk.note, risk.plan)]
    written += [
        issue.description + issue.plan + issue.result + (issue.review or "") for issue in project.issues
    ]
    written += [resource.item for resource in project.resources]
    written += [state.reason or "" for state in project.state.values()]
    assert [text for text in written if any("\u4e00" <= sign <= "\u9fff" for sign in text)] == []


def test_states_are_listed_or_follow_from_now() -> None:
    project = sample("B")
    assert project.state_of(project.task("B06")) == SampleState("受阻", 70, "印刷厂停电", 24)
    assert project.state_of(project.task("B05")).percent == 100
    assert project.state_of(project.task("B11")).status == "未开始"


def test_receiver_and_purpose_come_from_the_first_successor() -> None:
    task = sample("B").task("B04")
    assert (task.receiver, task.purpose) == ("设计部", "活动页面上线")
    assert (sample("B").task("B13").receiver, sample("B").task("B13").purpose) == ("市场部", "项目验收")


def test_key_results_are_flags_milestones_and_deliverables() -> None:
    keys = {task.id for task in sample("B").tasks if task.key_result}
    assert keys == {"B02", "B03", "B06", "B07", "B11", "B12", "B14"}


def test_resources_know_whether_they_go_up_to_management() -> None:
    booth, money = sample("B").resources
    assert (booth.department, booth.item, booth.escalate) == ("物流部", "临时工30人5天", False)
    assert (money.item, money.escalate) == ("预算150万元", True)


def test_the_organisation_has_heads_roles_and_a_chain_of_command() -> None:
    company = organisation()
    assert len(company.departments) == 16
    assert len(company.people) == 28
    assert company.head_of("总经办") == "高岩"
    assert company.members("研发部") == ("李建国", "周敏")
    assert company.members("质量部") == ("何静",)
    roles = {person.name: person.roles for person in company.people if person.roles}
    assert roles == {
        "刘志远": {"management"},
        "高岩": {"management"},
        "林晓": {"coordinator"},
        "沈一帆": {"designer"},
        "唐悦": {"auditor"},
        "贺鹏": {"administrator"},
    }
    assert {d.parent for d in company.departments if d.id != "总经办"} == {"总经办"}
    with pytest.raises(NotFound):
        company.head_of("法务部")


def test_people_have_an_address_and_a_title_in_the_language_asked_for() -> None:
    chinese = {person.name: person for person in organisation().people}
    english = {person.name: person for person in organisation("en").people}
    assert chinese["邓超然"].email == "deng.chaoran@wuxing.example"
    assert (chinese["王丽"].title, english["王丽"].title) == ("市场部负责人", "Head of Marketing")
    assert (chinese["高岩"].title, english["高岩"].title) == ("副总经理", "Vice president")
    assert len({person.email for person in organisation().people}) == 28


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("有效问卷≥200份且访谈≥15人", [("有效问卷", "≥", "200", "份"), ("访谈", "≥", "15", "人")]),
        ("评审问题全部关闭", [("评审问题全部关闭", "文字", "达到", "")]),
        ("严重缺陷=0且缺陷总数≤5", [("严重缺陷", "=", "0", ""), ("缺陷总数", "≤", "5", "")]),
        ("温控误差≤1℃的设计评审通过", [("温控误差（设计评审通过）", "≤", "1", "℃")]),
        ("费用率≤销售额6%", [("费用率（销售额）", "≤", "6", "%")]),
        ("偏差>5%均有说明", [("偏差>5%均有说明", "文字", "达到", "")]),
        ("曝光≥800万次合同签订", [("曝光（合同签订）", "≥", "800", "万次")]),
        (
            "first paint ≤2 s, bugs ≤5",
            [("first paint", "≤", "2", "s"), ("bugs", "≤", "5", "")],
        ),
        ("≥1.5 hours of training", [("hours of training", "≥", "1.5", "")]),
        ("≤6% of sales", [("sales", "≤", "6", "%")]),
    ],
)
def test_standards_become_criteria_where_they_hold_a_number(
    sentence: str, expected: list[tuple[str, str, str, str]]
) -> None:
    found = criteria(sentence)
    assert [(c.subject, c.operator, c.target, c.unit) for c in found] == expected
    assert [c.measured for c in found] == [operator != "文字" for _, operator, _, _ in expected]


def test_a_criterion_of_an_empty_sentence_does_not_exist() -> None:
    assert criteria(" ") == ()
    assert criteria("signed", met="met") == (Criterion("signed", "文字", "met"),)


def test_a_language_is_cut_out_of_a_bilingual_text() -> None:
    assert in_language("样机 prototype", "zh") == "样机"
    assert in_language("量产首批5000只 first batch of 5000", "en") == "first batch of 5000"
    assert in_language("启用备选 / use backup supplier", "en") == "use backup supplier"
    assert in_language("只有中文", "en") == "只有中文"


def test_lead_in_is_ten_working_days_or_four_working_hours() -> None:
    assert anchored(sample("B"), CALENDAR).filed == datetime(2026, 8, 3, 9, tzinfo=SHANGHAI)
    assert anchored(sample("C"), CALENDAR).filed == datetime(2026, 11, 13, 14, tzinfo=SHANGHAI)


def test_offsets_become_days_with_the_fixed_start() -> None:
    campaign = anchored(sample("B"), CALENDAR)
    assert campaign.at(0) == date(2026, 8, 17)
    assert campaign.over(35) == date(2026, 10, 9)
    assert campaign.now == datetime(2026, 9, 15, 18, tzinfo=SHANGHAI)
    complaint = anchored(sample("C"), CALENDAR)
    assert complaint.now == datetime(2026, 11, 18, 14, tzinfo=SHANGHAI)
    assert complaint.at(20) == complaint.now


def test_anchored_to_the_present_now_is_the_last_evening_that_is_over() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)
    campaign = anchored_to(sample("B"), CALENDAR, noon)
    assert campaign.now == datetime(2026, 11, 23, 18, tzinfo=SHANGHAI)
    assert anchored_to(sample("B"), CALENDAR, noon.replace(hour=18)).now == noon.replace(hour=18)
    sunday = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
    assert anchored_to(sample("B"), CALENDAR, sunday).now == datetime(2026, 11, 20, 18, tzinfo=SHANGHAI)


def test_an_hourly_sample_is_anchored_to_a_full_working_hour() -> None:
    complaint = anchored_to(sample("C"), CALENDAR, datetime(2026, 11, 24, 10, 40, tzinfo=SHANGHAI))
    assert complaint.now == datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
    assert complaint.at(0) == datetime(2026, 11, 19, 15, tzinfo=SHANGHAI)


presents = st.datetimes(datetime(2026, 1, 1), datetime(2027, 11, 30), timezones=st.just(SHANGHAI))  # noqa: DTZ001


@given(presents, st.sampled_from(SAMPLES))
def test_anchored_samples_lie_just_before_the_present(present: datetime, key: str) -> None:
    placed = anchored_to(sample(key), CALENDAR, present)
    assert placed.now.tzinfo is UTC
    assert placed.now <= present
    assert CALENDAR.working_hours_between(placed.now, present) < (1 if key == "C" else 8) + 1e-6
    assert present - placed.now < timedelta(days=11)
    assert placed.filed < placed.opening(0) < placed.now
