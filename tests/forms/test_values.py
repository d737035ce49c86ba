"""Each type of value: what a page may send, what is stored, what is said about the rest."""

from __future__ import annotations

import pytest

from forms.fields.number import read_number
from forms.filling import receive
from forms.merging import merge
from forms.validate import validate
from tests.forms.world import FILES, context, form_of, page


def stored(component, *texts, **values):
    """Send `texts` for one field and return the stored value, or the error as a string."""
    form = form_of({"key": "x", **component})
    marks = [("x-_shown", "1")]
    received = receive(form, page(*marks, *[("x", text) for text in texts]), None, context(), **values)
    return str(received.errors["x"]) if "x" in received.errors else received.validated.values["x"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 1,500 ", 1500),
        ("１２．５", 12.5),
        ("-3", -3),
        ("150万", 1500000),
        ("1.2亿", 120000000),
        ("0012", 12),
        ("3.0", 3),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "1e9", "1_0_0x", "--1", "1.", ".5", "9" * 16, "一百", "0x10", "1 2 a"]
)
def test_what_is_no_number(text):
    assert read_number(text) is None


def test_text_that_is_no_number_is_kept_and_named():
    form = form_of({"type": "number", "key": "x"})
    received = receive(form, page(("x", "一百")), None, context())
    assert str(received.errors["x"]) == "请填写数字"
    assert received.values["x"] == "一百"


@pytest.mark.parametrize(
    ("component", "texts", "expected"),
    [
        ({"type": "textfield"}, ["  a\x00b\r\nc "], "ab c"),
        ({"type": "textarea"}, ["  a\r\nb \ud800"], "a\nb \ufffd"),
        ({"type": "textfield", "validate": {"maxLength": 3}}, ["abcd"], "最多 3 个字，现在有 4 个"),
        ({"type": "textfield", "validate": {"minLength": 3}}, ["ab"], "至少 3 个字"),
        ({"type": "textfield", "validate": {"pattern": "PRJ-[0-9]{4}"}}, ["PRJ-00423"], "格式不正确"),
        ({"type": "textfield", "validate": {"pattern": "PRJ-[0-9]{4}"}}, ["PRJ-0042"], "PRJ-0042"),
        ({"type": "textfield", "validate": {"required": True}}, ["   "], "请填写此项"),
        ({"type": "number", "validate": {"min": 1, "max": 9}}, ["0"], "不能小于 1"),
        ({"type": "number", "validate": {"min": 1, "max": 9}}, ["10"], "不能大于 9"),
        ({"type": "number"}, ["1.5"], "请填写整数"),
        ({"type": "number", "properties": {"decimals": 1}}, ["1.5"], 1.5),
        ({"type": "money"}, ["1500000.55"], 1500000.55),
        ({"type": "money"}, ["0.005"], "最多 2 位小数"),
        ({"type": "money"}, ["-1"], "不能小于 0"),
        ({"type": "percent"}, ["80%"], 80),
        ({"type": "percent"}, ["101"], "不能大于 100"),
        ({"type": "checkbox"}, ["true"], True),
        ({"type": "checkbox"}, [], False),
        ({"type": "checkbox", "validate": {"required": True}}, [], "请勾选此项"),
        ({"type": "yesno"}, ["false"], False),
        ({"type": "yesno", "validate": {"required": True}}, [], "请选择是或否"),
        ({"type": "yesno"}, ["maybe"], "请选择是或否"),
        ({"type": "person"}, ["3"], 3),
        ({"type": "person"}, ["99"], "请从列表中选择"),
        ({"type": "person"}, ["٣"], "请从列表中选择"),
        ({"type": "persons"}, ["3", "1", "3"], [3, 1]),
        ({"type": "persons"}, ["3", "99"], "99 不在可选范围内"),
        (
            {"type": "persons", "properties": {"filter": {"group": '="市场部"'}}},
            ["1", "3"],
            "冯雪 不在可选范围内",
        ),
        ({"type": "department"}, ["设计部"], "设计部"),
        ({"type": "departments", "validate": {"required": True}}, [], "请至少选择一项"),
        ({"type": "reference", "properties": {"source": "project_tasks"}}, ["11"], 11),
        ({"type": "datetime", "subtype": "date"}, ["2026-09-25"], "2026-09-25"),
        ({"type": "datetime", "subtype": "date"}, ["2026年9月5日"], "2026-09-05"),
        ({"type": "datetime", "subtype": "date"}, ["2026-02-30"], "请填写有效日期"),
        ({"type": "datetime", "subtype": "date"}, ["2026-09-25T10:00"], "请填写有效日期"),
        ({"type": "datetime", "subtype": "datetime"}, ["2026-09-25T10:00"], "2026-09-25T10:00:00+08:00"),
        ({"type": "datetime", "subtype": "datetime"}, ["2026-09-25T10:00Z"], "2026-09-25T10:00:00+00:00"),
        ({"type": "datetime", "subtype": "datetime"}, ["2026-09-25"], "请填写日期和时间"),
        ({"type": "datetime", "subtype": "time"}, ["9:5"], "请填写时间，例如 09:30"),
        ({"type": "datetime", "subtype": "time"}, ["09:05"], "09:05"),
        ({"type": "filepicker"}, ["31"], FILES[31]),
        ({"type": "filepicker", "validate": {"required": True}}, ["77"], "请上传文件"),
        ({"type": "filepicker", "multiple": True}, ["31", "32", "31"], [FILES[31], FILES[32]]),
    ],
)
def test_sent_text_becomes_stored_value_or_sentence(component, texts, expected):
    assert stored(component, *texts) == expected


@pytest.mark.parametrize("kind", ["select", "radio"])
def test_only_offered_options_are_stored(kind):
    component = {"type": kind, "values": [{"value": "a", "label": "A"}]}
    assert stored(component, "a") == "a"
    assert stored(component, "b") == "请从选项中选择"


def test_checklist_keeps_the_order_of_its_options():
    component = {"type": "checklist", "values": [{"value": v, "label": v} for v in "abc"]}
    assert stored(component, "c", "a", "c") == ["a", "c"]
    assert stored(component, "c", "z") == "请从选项中选择"


@pytest.mark.parametrize(
    "component",
    [
        {"type": "textfield"},
        {"type": "textarea"},
        {"type": "number"},
        {"type": "money"},
        {"type": "percent"},
        {"type": "yesno"},
        {"type": "checkbox"},
        {"type": "select", "values": [{"value": "a", "label": "A"}]},
        {"type": "checklist", "values": [{"value": "a", "label": "A"}]},
        {"type": "datetime", "subtype": "date"},
        {"type": "datetime", "subtype": "datetime"},
        {"type": "person"},
        {"type": "persons"},
        {"type": "department"},
        {"type": "departments"},
        {"type": "filepicker"},
        {"type": "filepicker", "multiple": True},
        {"type": "signature", "properties": {"mode": "typed"}},
        {"type": "dynamiclist", "path": "x", "properties": {"appearance": "table"}, "components": []},
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        [[1]],
        [{"a": 1}, 2],
        1.5e308,
        float("nan"),
        float("inf"),
        "\x00",
        "\ud800",
        "x" * 50_000,
        {"attachment": True},
    ],
)
def test_values_of_a_wrong_kind_are_refused_without_raising(component, value):
    form = form_of({"key": "x", **component})
    assert "x" in validate(form, merge(form, {}, {"x": value}), context()).errors


@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_are_neither_numbers_nor_people(value):
    for kind in ("number", "money", "percent", "person", "textfield"):
        form = form_of({"key": "x", "type": kind})
        assert "x" in validate(form, {"x": value}, context()).errors, kind


def test_required_when_follows_other_values():
    form = form_of(
        {"type": "yesno", "key": "ok"},
        {"type": "textfield", "key": "why", "properties": {"requiredWhen": "=ok = false"}},
    )
    assert validate(form, {"ok": True}, context()).ok
    assert str(validate(form, {"ok": False}, context()).errors["why"]) == "请填写此项"


def test_hidden_fields_are_neither_required_nor_stored():
    form = form_of(
        {"type": "yesno", "key": "ok"},
        {
            "type": "textfield",
            "key": "why",
            "validate": {"required": True},
            "conditional": {"hide": "=ok = true"},
        },
        {"type": "textfield", "key": "then", "conditional": {"hide": "=why = null"}},
    )
    assert validate(form, {"ok": True, "why": "typed before", "then": "typed before"}, context()).values == {
        "ok": True
    }
    assert "why" in validate(form, {"ok": False}, context()).errors


def test_computed_values_win_over_whatever_was_sent():
    form = form_of(
        {
            "type": "dynamiclist",
            "path": "rows",
            "properties": {"appearance": "table"},
            "components": [{"id": "a", "type": "number", "key": "days", "label": "D"}],
        },
        {"type": "expression", "key": "total", "expression": "=sum(rows.days)"},
        {"type": "expression", "key": "twice", "expression": "=total * 2"},
    )
    sent = {"rows": [{"days": 2}, {"days": 3}], "total": 99, "twice": 1}
    assert validate(form, merge(form, {}, sent), context()).values["total"] == 5
    assert validate(form, merge(form, {}, sent), context()).values["twice"] == 10
    received = receive(form, page(("rows-0-days", "2"), ("total", "99")), None, context())
    assert "" in received.errors


def test_fallback_is_stored_where_nothing_was_entered():
    form = form_of(
        {"type": "number", "key": "actual"},
        {"type": "yesno", "key": "passed", "properties": {"fallback": "=actual >= 5"}},
    )
    assert validate(form, {"actual": 6}, context()).values["passed"] is True
    assert validate(form, {"actual": 6, "passed": False}, context()).values["passed"] is False
    assert validate(form, {}, context()).values["passed"] is None


def test_rules_name_the_field_and_warnings_do_not_block():
    rule = {"id": "rule_0", "field": "b", "message": "B", "when": "=b < a"}
    form = form_of({"type": "number", "key": "a"}, {"type": "number", "key": "b"}, rules=[rule])
    assert list(validate(form, {"a": 2, "b": 1}, context()).errors) == ["b"]
    assert validate(form, {"a": 2}, context()).ok
    mild = form_of(
        {"type": "number", "key": "a"},
        {"type": "number", "key": "b"},
        rules=[{**rule, "severity": "warning"}],
    )
    judged = validate(mild, {"a": 2, "b": 1}, context())
    assert judged.ok
    assert list(judged.warnings) == ["b"]
