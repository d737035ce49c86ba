"""What the rest of the engine relies on: contexts of stored JSON, functions of the host, problems, names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Refused
from engine.feel import (
    DEFAULT,
    evaluate,
    from_json,
    functions_in,
    names_in,
    parse,
    parse_unary_tests,
    required_names_in,
    to_json,
    unary_tests,
)
from engine.feel.temporal import Date, DateTime, DaysDuration
from engine.feel.values import lift

PROJECT = {
    "budget": 12.5,
    "phase": "执行",
    "due": {"@": "2026-12-01"},
    "start": "2026-09-01",
    "tasks": [{"name": "a", "hours": 0.1}, {"name": "b", "hours": 0.2}],
}


def test_leading_equals_sign_of_bpmn_is_no_part_of_the_expression() -> None:
    assert evaluate("= 1 + 1", {}).value == 2
    assert evaluate("  =1 = 1", {}).value is True


def test_same_text_gives_the_same_expression_again() -> None:
    assert parse("a + b") is parse("a + b", ["a", "b"])


def test_stored_json_is_used_as_it_is() -> None:
    context = {"project": PROJECT}
    assert evaluate("project.budget * 2 = 25", context).value is True
    assert evaluate("sum(project.tasks.hours) = 0.3", context).value is True
    assert evaluate('project.due > date("2026-11-30")', context).value is True
    assert evaluate('project.start = "2026-09-01"', context).value is True
    assert evaluate("date(project.start).month", context).value == 9
    assert evaluate("project.tasks[hours > 0.1].name", context).value == ["b"]


def test_evaluation_leaves_the_context_alone() -> None:
    tasks = [{"name": "a"}, {"name": "b"}]
    context = {"tasks": tasks}
    evaluate('append(tasks, 1)[item = reverse(tasks)] = context put(tasks[1], "name", "c")', context)
    assert context == {"tasks": [{"name": "a"}, {"name": "b"}]}
    assert context["tasks"] is tasks


def test_python_dates_and_tuples_in_a_context_are_values() -> None:
    context = {"d": date(2026, 9, 25), "at": datetime(2026, 9, 25, 9, tzinfo=ZoneInfo("Asia/Shanghai"))}
    assert evaluate("d.day", context).value == 25
    assert evaluate('at = @"2026-09-25T09:00:00@Asia/Shanghai"', context).value is True
    assert evaluate("count(x)", {"x": (1, 2)}).value == 2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x"])
def test_what_the_language_has_no_value_for_is_null(value: Any) -> None:
    assert evaluate("x", {"x": value}).value is None


def test_numbers_are_decimals_of_34_digits() -> None:
    assert evaluate("1/3", {}).value == Decimal("0.3333333333333333333333333333333333")
    assert evaluate("x + 0.2", {"x": 0.1}).value == Decimal("0.3")
    assert evaluate("x = 0.1", {"x": 0.1}).value is True


# ── functions of the host ───────────────────────────────────────────────────────────────────────


def test_host_function_is_called_by_position_and_by_name() -> None:
    functions = {"sla": lambda hours, mode="clock": f"{hours}/{mode}"}
    assert evaluate('sla(4, "working")', {}, functions).value == "4/working"
    assert evaluate('sla(mode: "x", hours: 2.5)', {}, functions).value == "2.5/x"


def test_host_function_sees_values_of_python() -> None:
    seen: list[Any] = []
    evaluate('f(1.0, 1.5, @"2026-09-25", @"PT1H", [1, {a: 2}], null)', {}, {"f": lambda *a: seen.extend(a)})
    assert seen == [1, Decimal("1.5"), date(2026, 9, 25), timedelta(hours=1), [1, {"a": 2}], None]
    assert type(seen[0]) is int


def test_host_function_may_answer_with_dates_and_json() -> None:
    functions = {"today": lambda: date(2026, 9, 25), "facts": lambda: {"n": 0.5, "due": {"@": "P1D"}}}
    assert evaluate("today() + facts().due", {}, functions).value == Date(2026, 9, 26)
    assert evaluate("facts().n + facts().n = 1", {}, functions).value is True


def test_errors_of_the_host_pass_through() -> None:
    def refuse() -> None:
        raise Refused("不行")

    def fail(value: int) -> int:
        return value + None  # type: ignore[operator]

    with pytest.raises(Refused):
        evaluate("f()", {}, {"f": refuse})
    with pytest.raises(TypeError):
        evaluate("f(1)", {}, {"f": fail})


def test_arguments_a_host_function_does_not_take_are_a_problem_of_the_expression() -> None:
    evaluation = evaluate("1 + f(1, 2)", {}, {"f": partial(lambda context, n: n, None)})
    assert evaluation.value is None
    assert (evaluation.problems[0].code, evaluation.problems[0].position) == ("arguments", 4)


def test_host_function_can_be_passed_on() -> None:
    assert evaluate("sort([1, 3, 2], later)", {}, {"later": lambda a, b: a > b}).value == [3, 2, 1]


def test_a_variable_hides_a_function_and_a_host_function_a_builtin() -> None:
    assert evaluate("count([1])", {}, {"count": lambda x: "mine"}).value == "mine"
    assert evaluate("{count: function(x) 7, r: count([])}.r", {}).value == 7


# ── problems ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("1 + missing", "unknown_name", 4),
        ("missing(1)", "unknown_function", 0),
        ("a.missing", "no_entry", 1),
        ("[1][5]", "no_entry", 3),
        ('1 + "a"', "type", 2),
        ("1 < null", "null_operand", 2),
        ("1 / 0", "divide_by_zero", 2),
        ("10 ** 9999", "out_of_range", 3),
        ('date("x")', "value", 0),
        ('substring("x", "y")', "type", 0),
        ("substring(null, 1)", "null_operand", 0),
        ("count()", "arguments", 0),
        ('matches("a", "(")', "pattern", 0),
        ("1 instance of strange", "unknown_type", 2),
        ("for i in null return i", "null_operand", 0),
        ("1 and true", "type", 0),
    ],
)
def test_null_comes_with_its_reason_and_place(text: str, code: str, position: int) -> None:
    evaluation = evaluate(text, {"a": {}})
    assert evaluation.value is None
    assert (evaluation.problems[0].code, evaluation.problems[0].position) == (code, position)
    assert str(evaluation.problems[0].text)


def test_a_value_has_no_problems() -> None:
    for text in ("a = null", "if a = null then 1 else 2", "[1, 2][item > 1]", "list contains([null], null)"):
        assert evaluate(text, {"a": None}).problems == []


def test_problems_are_few_however_many_there_are() -> None:
    assert len(evaluate("for i in 1..1000 return missing", {}).problems) == DEFAULT.problems


def test_trying_an_index_leaves_no_problem_behind() -> None:
    assert evaluate("items[list contains(tags, 1)]", {"items": [{"tags": [1]}]}).problems == []


# ── unary tests ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("5", 6, False),
        ("< 5, > 10", 11, True),
        ("< 5, > 10", 7, False),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("not(< 5)", 7, True),
        ("? > 5 and ? < 9", 7, True),
        ("limit", 4, True),
        ("< limit", 3, True),
        ("null", None, True),
        ("> 5", None, None),
        ("true", False, False),
        ("false", False, True),
        ("limit > 3", 99, None),
        ("limit > 3", True, True),
        ("[2, 4]", 4, True),
        ('contains(?, "x")', "axb", True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ('< @"2026-10-01"', {"@": "2026-09-25"}, True),
        ("-5", -5, True),
        ("?", "anything", None),
        ("?", None, None),
        ("?", True, True),
        ("?", False, False),
        ("true", "x", None),
        ("is vip", True, True),
        ("is vip", False, False),
        ("upper case(?)", "X", True),
        ("upper case(?)", "x", False),
        ("[lower case(?), 1]", "x", True),
        ('starts with(name, "a")', 7, None),
        ('starts with(name, "a")', True, True),
    ],
)
def test_value_passes_unary_tests(tests: str, value: Any, expected: bool | None) -> None:
    context = {"limit": 4, "is vip": True, "name": "ab"}
    assert unary_tests(tests, value, context).value is expected


def test_parsed_unary_tests_can_be_used_again() -> None:
    tests = parse_unary_tests("< limit")
    assert [unary_tests(tests, n, {"limit": 2}).value for n in (1, 2)] == [True, False]
    with pytest.raises(TypeError):
        unary_tests(parse("1"), 1, {})


# ── names ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "names", "required"),
    [
        ("a + b.c", {"a", "b"}, {"a", "b"}),
        ("items[amount > limit]", {"items", "amount", "limit"}, {"items"}),
        ("items[item > 1]", {"items"}, {"items"}),
        ("for x in xs, y in x return y + z", {"xs", "z"}, {"xs", "z"}),
        ("some x in xs satisfies x > y", {"xs", "y"}, {"xs", "y"}),
        ("{a: 1, b: a + c}.b", {"c"}, {"c"}),
        ("(function(a) a + b)(c)", {"b", "c"}, {"b", "c"}),
        ("count(xs) + f(y)", {"xs", "y"}, {"xs", "y"}),
        ("sort(xs, function(a, b) a < b)", {"xs"}, {"xs"}),
        ("f(n: m)", {"m"}, {"m"}),
        ("for i in 1..2 return partial", set(), set()),
        ("项目 金额 > 预算", {"项目 金额", "预算"}, {"项目 金额", "预算"}),
    ],
)
def test_free_names_are_found(text: str, names: set[str], required: set[str]) -> None:
    assert names_in(text) == names
    assert required_names_in(text) == required


def test_called_functions_are_found() -> None:
    found = functions_in("sla(4) + count(xs) + {g: function(n) h(n), r: g(1)}.r + date and time(x)")
    assert found == {"sla", "h"}


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("a-b", {"a": 5, "b": 3}, 2),
        ("a-b", {"a": 5, "b": 3, "a-b": 7}, 7),
        ("a-b-b", {"a": 5, "b": 3, "a-b": 7}, 4),
        ("profit and loss > 1", {"profit and loss": 2}, True),
        ("R&D预算 + 1", {"R&D预算": 1}, 2),
        ("金额（元） * 2", {"金额（元）": 2}, 4),
        ("first   name", {"first name": "x"}, "x"),
        ("Table 2", {"Table 2": 5}, 5),
        ("p.first name", {"p": {"first name": "x"}}, "x"),
        ("in stock", {"in stock": True}, True),
        ("مبلغ + 1", {"مبلغ": 1}, 2),
        ("date", {"date": 3}, 3),
        ("date and time", {"date": True, "time": False}, False),
        ("not_started", {"not_started": 1}, 1),
        ("iffy + order", {"iffy": 1, "order": 2}, 3),
        ("instance", {"instance": 4}, 4),
        ("x instance of number", {"x": 4}, True),
    ],
)
def test_names_are_found_in_the_text(text: str, context: dict[str, Any], expected: Any) -> None:
    assert evaluate(text, context).value == expected


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Decimal("3.00"), 3),
        (Decimal("0.1"), 0.1),
        (2**63, {"@": "9223372036854775808"}),
        (Decimal("1E+30"), {"@": "1E+30"}),
        (Decimal("1E-400"), {"@": "1E-400"}),
        (Date(2026, 9, 25), {"@": "2026-09-25"}),
        (DaysDuration(0), {"@": "PT0S"}),
        ([Date(2026, 9, 25), {"a": Decimal("1.5")}], [{"@": "2026-09-25"}, {"a": 1.5}]),
        (date(2026, 9, 25), {"@": "2026-09-25"}),
        ({"@": "2026-09-25"}, {"@": "2026-09-25"}),
        (None, None),
        (True, True),
    ],
)
def test_values_are_stored_as_json(value: Any, stored: Any) -> None:
    assert to_json(value) == stored
    assert type(to_json(value)) is type(stored)


def test_tagged_values_come_back() -> None:
    stored = {"a": [{"@": "2026-09-25T10:00:00+08:00"}, {"@": "1E+30"}, 0.1]}
    restored = from_json(stored)
    assert isinstance(restored["a"][0], DateTime)
    assert restored["a"][1:] == [Decimal("1E+30"), Decimal("0.1")]
    assert to_json(restored) == stored


def test_context_that_only_looks_tagged_stays_a_context() -> None:
    assert lift({"@": 5}) == {"@": 5}
    assert lift({"@": "2026-09-25", "b": 1}) == {"@": "2026-09-25", "b": 1}
    assert lift({"@": "nonsense"}) is None


def test_functions_and_ranges_have_json_too() -> None:
    assert to_json(evaluate("[count, [1..2)]", {}).value) == [
        None,
        {"start": 1, "end": 2, "start included": True, "end included": False},
    ]


def test_temporal_values_convert_to_and_from_python() -> None:
    moment = evaluate('@"2026-09-25T10:00:00.123456789@Asia/Shanghai"', {}).value
    assert moment.to_python() == datetime(2026, 9, 25, 10, 0, 0, 123456, ZoneInfo("Asia/Shanghai"))
    assert lift(timedelta(days=-1, microseconds=5)).to_python() == timedelta(days=-1, microseconds=5)
