"""Types of a model and values made to fit them (DMN 1.5 §7.3.2, §10.3.2.9.4)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel.lexical import parse_temporal
from tests.dmn.build import (
    allowed,
    component,
    context,
    decided,
    decision,
    entry,
    input_data,
    item,
    knowledge,
    linked,
    literal,
    needs,
    of_type,
    service,
    table,
    value,
)

TYPES = (
    item("数字表", of_type("number"), collection=True),
    item("等级", of_type("string") + allowed('"金", "银"')),
    item("等级表", of_type("string") + allowed('"金", "银"'), collection=True),
    item("短表", of_type("number") + allowed("count(?) < 3", "typeConstraint"), collection=True),
    item("人", component("姓名", of_type("string")) + component("等级", of_type("等级"))),
    item("树", component("名", of_type("string")) + component("枝", of_type("树"), collection=True)),
    item("任意表", of_type("Any"), collection=True),
    item(
        "给数", '<functionItem outputTypeRef="number"><parameters name="x" typeRef="number"/></functionItem>'
    ),
    item("给数表", '<functionItem outputTypeRef="数字表"/>'),
)


def fitted(text: str, kind: str) -> Any:
    """What a decision of a type makes of a value."""
    return value(linked(*TYPES, decision("d", literal(text), kind=kind)), "d")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1", "number", 1),
        ('"1"', "number", None),
        ("null", "number", None),
        ('["a"]', "string", "a"),
        ('["a", "b"]', "string", None),
        ("[[1]]", "number", None),
        ("1", "数字表", [1]),
        ("[1, 2]", "数字表", [1, 2]),
        ('[1, "a"]', "数字表", None),
        ("[1, null]", "数字表", [1, None]),
        ('"金"', "等级", "金"),
        ('"铜"', "等级", None),
        ('["金", "铜"]', "等级表", None),
        ('"银"', "等级表", ["银"]),
        ("[1, 2]", "短表", [1, 2]),
        ("[1, 2, 3]", "短表", None),
        ('{姓名: "张三", 等级: "金", 岁: 30}', "人", {"姓名": "张三", "等级": "金", "岁": 30}),
        ('{姓名: "张三"}', "人", None),
        ('{姓名: "张三", 等级: "铜"}', "人", None),
        ('{名: "a", 枝: [{名: "b", 枝: []}]}', "树", {"名": "a", "枝": [{"名": "b", "枝": []}]}),
        ('{名: "a", 枝: [{名: 1, 枝: []}]}', "树", None),
        ('[1, "a", null]', "任意表", [1, "a", None]),
        ("[1]", "list", [1]),
        ("1", "Any", 1),
        ("{a: 1}", "context", {"a": 1}),
        ("[1, 2]", "list<number>", [1, 2]),
    ],
)
def test_value_is_made_to_fit_or_null(text: str, kind: str, expected: Any) -> None:
    assert fitted(text, kind) == expected


def test_date_becomes_its_midnight_in_utc() -> None:
    moment = parse_temporal("2026-09-25T00:00:00Z")
    assert fitted('date("2026-09-25")', "date and time") == moment
    assert fitted('date("2026-09-25")', "dateTime") == moment


def test_what_does_not_fit_is_named_with_type_and_place() -> None:
    found = decided(linked(*TYPES, decision("折扣", literal('"a"', "数字表"))), "折扣")
    (problem,) = found.problems
    assert (problem.code, problem.place.name) == ("type", "折扣")
    assert "数字表" in str(problem.text)


def test_allowed_values_take_the_place_of_those_of_the_type_they_refine() -> None:
    model = linked(
        item("方向", of_type("等级二") + allowed('"左", "右"')),
        item("同等级", of_type("等级二")),
        item("等级二", of_type("string") + allowed('"金", "银"')),
        *(decision(f"d{text}", literal(f'"{text}"'), kind="方向") for text in ("左", "金")),
        *(decision(f"s{text}", literal(f'"{text}"'), kind="同等级") for text in ("左", "金")),
    )
    assert [value(model, name) for name in ("d左", "d金", "s左", "s金")] == ["左", None, None, "金"]


def test_types_of_functions_are_asked_of_arguments_too() -> None:
    signature = '<functionItem outputTypeRef="Any"><parameters name="a" typeRef="等级"/></functionItem>'
    model = linked(
        *TYPES,
        item("听等级", signature),
        input_data("a"),
        decision("echo", literal("a"), needs(inputs=("a",))),
        service("s", ("echo",), inputs=("a",), kind="听等级"),
        knowledge("k", literal("a"), {"a": ""}, kind="听等级"),
        decision("d", literal("[s(a), k(a)]"), needs(inputs=("a",), knowledge=("s_s", "k_k"))),
    )
    assert value(model, "d", {"a": "金"}) == ["金", "金"]
    assert value(model, "d", {"a": "铜"}) == [None, None]
    assert [value(model, "s", {"a": each}) for each in ("金", "铜")] == ["金", None]


def test_functions_as_values_answer_what_their_type_says() -> None:
    signature = '<functionItem outputTypeRef="等级"><parameters name="a"/></functionItem>'
    model = linked(
        *TYPES,
        item("给等级", signature),
        input_data("a"),
        decision("f", literal("function(x) x", "给等级")),
        decision("by place", literal("f(a)"), needs(inputs=("a",), decisions=("f",))),
        decision("by name", literal("f(x: a)"), needs(inputs=("a",), decisions=("f",))),
    )
    for name in ("by place", "by name"):
        assert [value(model, name, {"a": each}) for each in ("金", ["金"], "铜")] == ["金", "金", None]


def test_inputs_are_made_to_fit() -> None:
    model = linked(*TYPES, input_data("a", "等级"), decision("d", literal("a"), needs(inputs=("a",))))
    assert [value(model, "d", {"a": each}) for each in ("金", ["金"], "铜", 1)] == ["金", "金", None, None]


def test_entries_and_parameters_are_made_to_fit() -> None:
    model = linked(
        *TYPES,
        decision("c", context(entry("a", literal("1"), "数字表"), entry("b", literal("[2]"), "number"))),
        knowledge("f", literal("[a, b]"), {"a": "数字表", "b": "date and time"}),
        decision("p", literal('f(1, date("2026-09-25"))'), needs(knowledge=("k_f",))),
        decision("wrong", literal('f("x", null)'), needs(knowledge=("k_f",))),
    )
    assert value(model, "c") == {"a": [1], "b": 2}
    assert value(model, "p") == [[1], parse_temporal("2026-09-25T00:00:00Z")]
    assert value(model, "wrong") is None


def test_results_of_functions_are_made_to_fit() -> None:
    model = linked(
        *TYPES,
        knowledge("many", literal("1", "number"), {}, kind="给数表"),
        knowledge("text", literal('"a"'), {}, kind="number"),
        decision("d", literal("[many(), text()]"), needs(knowledge=("k_many", "k_text"))),
        decision("one", literal("1")),
        service("s", ("one",), kind="给数表"),
        decision("e", literal("s()"), needs(knowledge=("s_s",))),
    )
    assert value(model, "d") == [[1], None]
    assert value(model, "e") == [1]
    assert value(model, "s") == [1]


def test_wrong_argument_means_a_service_is_never_called() -> None:
    model = linked(
        input_data("a", "string"),
        decision("d", literal("a = null"), needs(inputs=("a",))),
        service("s", ("d",), inputs=("a",)),
        decision("e", literal("s(1)"), needs(knowledge=("s_s",))),
    )
    assert value(model, "e") is None
    assert value(model, "s", {"a": 1}) is True


def test_functions_fit_by_the_number_of_their_parameters() -> None:
    assert decided(linked(*TYPES, decision("d", literal("function(x) x"), kind="给数")), "d").problems == []
    assert decided(linked(*TYPES, decision("d", literal("abs"), kind="给数")), "d").problems == []
    assert fitted("function(x, y) x", "给数") is None
    assert fitted("1", "给数") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"铜" instance of 等级', True),
        ("1 instance of 等级", False),
        ("[1] instance of 数字表", True),
        ('[1, "a"] instance of 数字表', False),
        ('{姓名: "a", 等级: "b"} instance of 人', True),
        ("null instance of 人", False),
        ('["a"] instance of list<等级>', True),
        ('(function(x: 人) x.姓名)({姓名: "a", 等级: "金"})', "a"),
        ('(function(x: 人) x)({姓名: "a", 等级: "铜"})', None),
    ],
)
def test_expressions_know_the_types_of_the_model(text: str, expected: Any) -> None:
    assert fitted(text, "") == expected


def test_names_with_signs_are_found_after_a_dot_and_in_filters() -> None:
    outputs = {"Approved/Declined": "string", "risk-level": "number"}
    rule = '- | "yes" | 2'
    model = linked(
        item("t-人", component("年-收入", of_type("number"))),
        input_data("p", "t-人"),
        input_data("risk", "number"),
        input_data("level", "number"),
        decision("r", table({"risk": ""}, outputs, rule), needs(inputs=("risk",))),
        decision(
            "d",
            literal("[r.Approved/Declined, r.risk-level, risk-level, p.年-收入, count([p][年-收入 > 1])]"),
            needs(inputs=("p", "risk", "level"), decisions=("r",)),
        ),
        decision("kind", literal("p instance of t-人"), needs(inputs=("p",))),
    )
    given = {"p": {"年-收入": 7}, "risk": 5, "level": 1}
    assert value(model, "d", given) == ["yes", 2, 4, 7, 1]
    assert value(model, "kind", given) is True


def test_unknown_type_puts_no_bounds_on_a_value() -> None:
    assert fitted("1", "没有") == 1


def test_types_that_name_each_other_in_a_circle_put_no_bounds_on_a_value() -> None:
    circle = (item("a", of_type("b")), item("b", of_type("a")), item("c", of_type("a") + allowed("1")))
    model = linked(
        *circle, decision("d", literal("1"), kind="a"), knowledge("f", literal("1"), {"x": "c"}, kind="b")
    )
    assert value(model, "d") == 1
    assert [value(model, "f", {"x": each}) for each in (1, "y")] == [1, 1]
