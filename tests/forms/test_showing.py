"""What a page shows: everything that was typed, errors at their place, differences, files, options."""

from __future__ import annotations

import pytest

from forms.catalog import library
from forms.changes import differences
from forms.filling import open_form, receive
from forms.options import Option, OptionTable, UnknownSource, fixed
from forms.present import present
from tests.forms.samples import PREFILL, PROJECT, TYPED
from tests.forms.world import FILES, Shelf, context, form_of, page, render, uploads

F01 = library().get("f01_project_info")


def view_of(view, name):
    return next(field for field in view.fields() if field.name == name)


def test_everything_typed_is_shown_again_next_to_its_error():
    typed = {
        "project_name": "2026-中秋",
        "budget": "一百万",
        "start_date": "明天",
        "scope": "第一行\n<b>第二行</b>",
        "goal-0-statement": "目标",
        "involved_depts": "不存在部",
    }
    received = receive(F01, page(*typed.items()), None, context())
    view = received.view()
    for name, text in typed.items():
        assert text in view_of(view, name).values or any(
            o.selected and o.value == text for o in view_of(view, name).options
        )
    html = render(view)
    assert 'value="一百万"' in html
    assert 'type="text" id="f-start_date" name="start_date" value="明天"' in html
    assert "&lt;b&gt;第二行" in html
    assert "<b>第二行" not in html
    assert 'aria-invalid="true" aria-describedby="e-budget"' in html.replace("h-budget ", "")


def test_a_draft_shows_half_valid_values():
    view = open_form(F01, context(), draft={"budget": "一百万", "goal": [{"statement": "x"}, {}]})
    assert view_of(view, "budget").value == "一百万"
    assert view_of(view, "goal-0-statement").value == "x"
    assert view.errors == ()


def test_a_cleared_field_stays_cleared_in_the_draft():
    received = receive(
        F01, page(("project_name", ""), do="save"), None, context(), prefill={"project_name": "旧名"}
    )
    assert received.draft["project_name"] is None
    assert view_of(received.view(), "project_name").value == ""
    assert received.validated is None


def test_a_draft_holds_what_was_typed_and_not_what_was_handed_out():
    form, given = library().get("f02_approval"), PREFILL["f02_approval"]
    received = receive(form, page(("decision", "同意"), do="save"), None, context(), prefill=given)
    assert set(received.draft) == {"decision"}
    assert "subject" in received.values


def test_text_in_a_field_that_is_hidden_for_a_while_is_not_lost():
    form, draft = library().get("f09_daily_update"), {"status": "受阻", "block_reason": "印刷厂停电"}
    moved = receive(
        form, page(("status", "进行中"), ("status-_shown", "1"), do="refresh"), None, context(), draft=draft
    )
    assert "block_reason" not in [field.name for field in moved.view().fields()]
    back = receive(
        form,
        page(("status", "受阻"), ("status-_shown", "1"), do="refresh"),
        None,
        context(),
        draft=moved.draft,
    )
    assert view_of(back.view(), "block_reason").value == "印刷厂停电"


def test_unticking_a_box_that_is_ticked_by_default():
    form = form_of({"type": "checkbox", "key": "x", "defaultValue": True})
    assert view_of(open_form(form, context()), "x").values == ("true",)
    received = receive(form, page(("x-_shown", "1"), do="save"), None, context())
    assert received.values == {"x": False}


def test_the_summary_is_in_the_order_of_the_form_and_in_the_language_of_the_reader():
    lines = receive(F01, page(("goal-0-statement", "x")), None, context("en")).view().errors
    assert [line.where for line in lines][:3] == ["Project name", "Type", "Initiating department"]
    assert ("Goal 1 · Measure", "Please fill this in") in [(line.where, line.text) for line in lines]


def test_errors_of_a_handler_stand_beside_the_form_s_own():
    from engine.text import T

    received = receive(F01, page(), None, context())
    view = received.refused({"project_name": T("已有同名项目"), "": T("稍后再试")}).view()
    assert view.errors[0].text == "稍后再试"
    assert view_of(view, "project_name").error == "已有同名项目"


def test_rule_messages_are_in_the_language_of_the_reader():
    pairs = [("unit", "wd"), ("start_date", "2026-03-02"), ("end_date", "2026-03-02")]
    for language, text in (("zh", "结束日期要晚于开始日期"), ("en", "The end comes after the start")):
        assert view_of(receive(F01, page(*pairs), None, context(language)).view(), "end_date").error == text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["1,500,000 元", "2026年8月17日 周一", "市场部、设计部", "否"]),
        ("en", ["CNY 1,500,000", "Mon 17 Aug 2026", "No", "High"]),
    ],
)
def test_read_only_values_are_words(language, words):
    view = present(F01, PROJECT, {}, context(language), readonly=True)
    shown = {field.words for field in view.fields()}
    assert set(words) <= shown
    assert {field.control for field in view.fields()} == {"output"}
    assert "<input" not in render(view, language).split('<div class="grid">')[1].split('<div class="bar">')[0]


def test_an_approval_shows_what_changed_since_the_last_round():
    before = {
        **PROJECT,
        "budget": 1300000,
        "deliverables": [{"name": "旧交付物", "standard": "x", "owner_dept": "市场部"}],
    }
    after = {**PROJECT, "deliverables": [*before["deliverables"], *PROJECT["deliverables"]]}
    given = {**PREFILL["f02_approval"], "subject": {"values": after, "before": before, "note": "第 2 轮"}}
    html = render(open_form(library().get("f02_approval"), context(), prefill=given))
    assert "原为：<del>1,300,000 元</del>" in html
    assert html.count("新增") == 1
    gone = {**given, "subject": {"values": {**PROJECT, "deliverables": []}, "before": before}}
    assert "已删除：<del>旧交付物 · x</del>" in render(
        open_form(library().get("f02_approval"), context(), prefill=gone)
    )


def test_differences_in_words():
    after = {
        **PROJECT,
        "budget": None,
        "goal": [*PROJECT["goal"], {"statement": "销售达标", "target": "1200"}],
        "deliverables": [],
    }
    found = [
        (c.path, c.label, c.before, c.after, c.kind) for c in differences(F01, PROJECT, after, context())
    ]
    assert found == [
        ("budget", "预算", "1,500,000 元", "", "changed"),
        ("goal-1", "项目目标 2", "", "销售达标 · 1200", "added"),
        ("deliverables-0", "核心交付物 1", "策划方案 · 三部门会签 · 市场部", "", "removed"),
    ]
    assert differences(F01, PROJECT, dict(PROJECT), context()) == []


def test_rows_are_compared_by_identity_not_by_place():
    form = library().get("f05_tasks")
    rows = [{"id": n, "task_name": f"任务{n}"} for n in (1, 2, 3)]
    moved = [rows[2], rows[0], {**rows[1], "task_name": "新名"}]
    found = differences(form, {"tasks": rows}, {"tasks": moved}, context())
    assert [(c.path, c.before, c.after) for c in found] == [("tasks-2-task_name", "任务2", "新名")]


def test_uploads_are_kept_checked_and_shown():
    form, given = library().get("f17_archive"), PREFILL["f17_archive"]
    shelf = Shelf([])
    pairs = [("files-0-_row", "1"), ("files-0-material_type", "方案")]
    files = uploads(("files-0-file", "a.pdf", b"x"), ("files-0-file", "", b""))
    received = receive(form, page(*pairs), files, context(attachment=FILES.get), prefill=given, store=shelf)
    assert shelf.kept == [("files-0-file", "a.pdf")]
    assert received.ok
    assert received.validated.values["files"][0]["file"]["attachment"] == 31
    assert 'href="/files/31"' in render(received.view())


def test_uploads_of_a_wrong_kind_are_not_kept():
    form = form_of(
        {
            "type": "filepicker",
            "key": "f",
            "accept": ".pdf,.docx",
            "multiple": True,
            "properties": {"maxMegabytes": 1},
        }
    )
    for name, body, text in (
        ("a.exe", b"x", "只接受 .pdf .docx"),
        ("a.pdf", b"", "空文件"),
        ("a.PDF", b"x" * (1024 * 1024 + 1), "超过 1 MB"),
    ):
        shelf = Shelf([])
        received = receive(form, page(), uploads(("f", name, body)), context(), store=shelf)
        assert shelf.kept == []
        assert text in str(received.errors["f"])


def test_a_browser_cannot_name_somebody_else_s_file():
    form = form_of({"type": "filepicker", "key": "f", "multiple": True})
    received = receive(form, page(("f", "99"), ("f", "31"), ("f", "../etc/passwd")), None, context())
    assert [item["attachment"] for item in received.values["f"]] == [31]


def test_removing_a_file_and_adding_another():
    form = form_of({"type": "filepicker", "key": "f", "multiple": True})
    pairs = [("f-_shown", "1"), ("f", "31"), ("f", "32")]
    left = receive(form, page(*pairs, do="drop:f:31"), None, context())
    assert [item["attachment"] for item in left.values["f"]] == [32]
    shelf = Shelf([])
    more = receive(form, page(*pairs[:2], do="save"), uploads(("f", "b.pdf", b"x")), context(), store=shelf)
    assert [item["name"] for item in more.values["f"]] == [FILES[31]["name"], "b.pdf"]


def test_options_are_filtered_by_other_fields():
    form = library().get("f01_project_info")
    everybody = view_of(open_form(form, context()), "lead")
    assert len(everybody.options) == 5
    design = view_of(open_form(form, context(), draft={"initiating_dept": "设计部"}), "lead")
    assert [option.label for option in design.options] == ["冯雪", "钱莉"]
    gone = view_of(open_form(form, context(), draft={"initiating_dept": "设计部", "lead": 1}), "lead")
    assert [(o.label, o.selected) for o in gone.options][-1] == ("王丽", True)


def test_departments_read_in_the_language_of_the_reader_and_people_do_not_change():
    words = {"设计部": "Design", "第一负责人": "First-responsible"}
    reader = context("en", translate=lambda text: words.get(text, text))
    view = open_form(F01, reader, prefill={"initiating_dept": "设计部", "lead": 4})
    assert [o.label for o in view_of(view, "initiating_dept").options if o.selected] == ["Design"]
    chosen = next(o for o in view_of(view, "lead").options if o.selected)
    assert (chosen.label, chosen.hint, chosen.group) == ("钱莉", "First-responsible", "Design")


def test_option_table_asks_each_question_once_and_narrows_by_itself():
    asked = []

    def source(filters):
        asked.append(dict(filters))
        return [Option(1, "a", group="x"), Option(2, "b", group="y")]

    table = OptionTable({"s": source, "t": fixed([])})
    for _ in range(2):
        assert [
            o.value for o in table.choose("s", {"group": ["x", "y"], "not": 1, "for": 7, "empty": None})
        ] == [2]
    assert asked == [{"for": 7}]
    with pytest.raises(UnknownSource):
        table.choose("nowhere", {})


def test_folded_sections_open_by_themselves_when_they_hold_something():
    form, given = library().get("f02_approval"), PREFILL["f02_approval"]
    assert '<details class="form-section folded col-12" id="g-f02_more">' in render(
        open_form(form, context(), prefill=given)
    )
    used = render(open_form(form, context(), prefill=given, draft={"transfer_to": 2}))
    assert '<details class="form-section folded col-12" id="g-f02_more" open>' in used


def test_daily_update_of_a_blocked_task():
    form = library().get("f09_daily_update")
    base = [("status", "受阻"), ("percent", "70")]
    asked = receive(form, page(*base), None, context())
    assert set(asked.errors) == {"block_reason", "expected_resolution"}
    past = receive(
        form,
        page(*base, ("block_reason", "印刷厂停电"), ("expected_resolution", "2026-03-01T10:00")),
        None,
        context(),
    )
    assert str(past.errors["expected_resolution"]) == "预计解决时间要在将来"
    done = receive(form, page(("status", "已完成"), ("percent", "80")), None, context())
    assert str(done.errors["percent"]) == "已完成的任务应为 100%"


def test_fewer_percent_than_last_time_warn_and_need_a_note():
    form, given = library().get("f09_daily_update"), PREFILL["f09_daily_update"]
    pairs = [("status", "进行中"), ("percent", "30")]
    assert set(receive(form, page(*pairs), None, context(), prefill=given).errors) == {"note"}
    noted = receive(form, page(*pairs, ("note", "重新测算")), None, context(), prefill=given)
    assert noted.ok
    assert set(noted.warnings) == {"percent"}


def test_acceptance_judges_numbers_and_asks_why_when_overridden():
    form, given = library().get("f15_acceptance"), PREFILL["f15_acceptance"]
    pairs = [("items-0-id", "1"), ("items-0-actual", "4900"), ("items-1-id", "2"), ("items-1-actual", "3")]
    failed = receive(form, page(*pairs), None, context(), prefill=given)
    assert set(failed.errors) == {"correction"}
    stored = failed.validated.values
    assert [item["pass"] for item in stored["items"]] == [False, True]
    assert stored["conclusion"] == "部分通过"
    overridden = receive(form, page(*pairs, ("items-0-pass", "true")), None, context(), prefill=given)
    assert set(overridden.errors) == {"items-0-override_reason"}
    judged_again = receive(
        form, page(*pairs[:1], ("items-0-actual", "5100"), do="refresh"), None, context(), prefill=given
    )
    assert view_of(judged_again.view(), "items-0-pass").value == ""
    assert view_of(judged_again.view(), "items-0-judged").words == "通过"


def test_project_planned_in_hours_asks_for_moments():
    stored = {
        **TYPED["f01_project_info"],
        "unit": "wh",
        "start_at": "2026-11-16T09:00+08:00",
        "end_at": "2026-11-18T18:00+08:00",
    }
    received = present(F01, stored, {}, context())
    names = [field.name for field in received.fields()]
    assert "start_at" in names
    assert "start_date" not in names
