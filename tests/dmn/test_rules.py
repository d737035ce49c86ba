"""The gate for decision models: every rule, and what it says about overlaps, gaps and places."""

from __future__ import annotations

import logging

import pytest

from engine.dmn import read
from engine.dmn.gate import check
from engine.dmn.rules.chapters import all_rules
from engine.dmn.rules.registry import Rule
from engine.text import T
from tests.dmn.build import (
    codes,
    component,
    context,
    decision,
    entry,
    input_data,
    item,
    knowledge,
    literal,
    model_xml,
    needs,
    of_type,
    table,
)
from tests.dmn.examples import BROKEN, FINE, LIBRARY, A, one_input


def said(*parts: str) -> list[str]:
    """Return what the gate says about a model, in Chinese."""
    return [str(finding.rule) for finding in check(read(model_xml(*parts)))]


def test_every_rule_has_an_example() -> None:
    assert set(BROKEN) == {rule.code for rule in all_rules()}


def test_model_in_order_has_no_findings() -> None:
    assert codes(*FINE, imports=(LIBRARY,)) == []


@pytest.mark.parametrize("code", BROKEN)
def test_broken_rule_is_found(code: str) -> None:
    assert code in codes(*BROKEN[code], imports=(LIBRARY,))


@pytest.mark.parametrize("code", sorted(set(BROKEN) - {"import.unknown"}))
def test_finding_is_complete(code: str) -> None:
    found = [each for each in check(read(model_xml(*BROKEN[code])), [read(LIBRARY)]) if each.code == code]
    for each in found:
        assert "{" not in str(each.rule) + str(each.hint)
        assert each.line > 1
        assert each.source.startswith(("DMN", "XML"))


def test_fault_in_an_expression_has_its_place_and_position() -> None:
    (finding,) = check(read(model_xml(A, decision("d", literal("a +\n  b"), needs(inputs=("a",))))))
    assert (finding.code, finding.element, finding.tag, finding.name) == (
        "names.unknown",
        "d_d",
        "decision",
        "d",
    )
    assert finding.spot == (2, 3)


def test_name_may_be_an_entry_within_a_filter() -> None:
    assert codes(input_data("l"), decision("d", literal("l[price > 1]"), needs(inputs=("l",)))) == []


def test_entries_are_known_to_those_after_them() -> None:
    first, second = entry("x", literal("y")), entry("y", literal("x"))
    assert codes(decision("d", context(first, second))) == ["names.unknown"]


def test_functions_may_call_themselves() -> None:
    function = (
        '<functionDefinition><formalParameter name="n"/>' + literal("f(n - 1)") + "</functionDefinition>"
    )
    assert codes(decision("d", context(entry("f", function), entry("", literal("f(3)"))))) == []


PEOPLE = (
    item("人", component("姓名", of_type("string")) + component("年龄", of_type("number"))),
    item("人们", of_type("人"), collection=True),
    input_data("p", "人"),
    input_data("people", "人们"),
    input_data("n", "number"),
    input_data("day", "date"),
    input_data("any"),
    knowledge("double", literal("x * 2"), {"x": "number"}, kind="number"),
)
REQUIRED = needs(inputs=("p", "people", "n", "day", "any"), knowledge=("k_double",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p.姓名", "number"),
        ("people[年龄 > 3].姓名", "number"),
        ("people[1].年龄", "string"),
        ("for x in people return x.年龄", "string"),
        ("double(3)", "string"),
        ("n > 3", "number"),
        ("if any then n else n + 1", "string"),
        ("{a: n}.a", "boolean"),
        ("count(people)", "string"),
        ("some x in people satisfies x.年龄 > 3", "number"),
        ("day", "number"),
        ("[1, 2]", "string"),
        ("p", "string"),
        ("{姓名: 1, 年龄: 2}", "人"),
        ("function(x) x", "number"),
        ('@"P1D"', "date"),
    ],
)
def test_value_of_another_type_is_found(text: str, kind: str) -> None:
    assert codes(*PEOPLE, decision("d", literal(text), REQUIRED, kind=kind)) == ["type.mismatch"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p.姓名", "string"),
        ("[n]", "number"),
        ("n", "list<number>"),
        ("day", "date and time"),
        ("any", "number"),
        ("any.thing", "number"),
        ("if any then n else p.姓名", "string"),
        ('{姓名: "a", 年龄: 2, 别的: 3}', "人"),
        ("people", "人们"),
        ("people[any]", "string"),
        ("null", "date"),
        ("day.year", "number"),
        ("[]", "number"),
        ("abs(n)", "number"),
    ],
)
def test_value_that_may_fit_is_no_finding(text: str, kind: str) -> None:
    assert codes(*PEOPLE, decision("d", literal(text), REQUIRED, kind=kind)) == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("p.电话", 3),
        ("people.电话", 8),
        ("people[1].电话", 11),
        ("{a: 1}.b", 8),
        ("(for x in people return x.电话)[1]", 27),
    ],
)
def test_entry_a_type_does_not_have_is_found(text: str, column: int) -> None:
    (finding,) = check(read(model_xml(*PEOPLE, decision("d", literal(text), REQUIRED))))
    assert (finding.code, finding.severity) == ("names.entry-unknown", "warning")
    assert finding.spot == (1, column)


def test_column_is_of_the_type_of_what_it_is_about() -> None:
    logic = table({"p.年龄": ""}, {"": ""}, '"三十" | 1', "- | 2", policy="FIRST")
    assert codes(*PEOPLE, decision("d", logic, REQUIRED)) == ["type.cell"]


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        (("< 10 | 1", "> 5 | 2"), "a: (5..10)"),
        (("<= 10 | 1", ">= 10 | 2"), "a: 10"),
        (("- | 1", "null | 2"), "a: null"),
        (("not(5) | 1", "< 5, > 7 | 2"), "a: < 5, > 7"),
        (("[1..5] | 1", "2, 9 | 2"), "a: 2"),
        (("? > 3 and ? < 6 | 1", "5 | 2"), "a: 5"),
    ],
)
def test_overlap_is_shown_with_an_example(rules: tuple[str, ...], where: str) -> None:
    found = [each for each in said(A, one_input(*rules)) if "重叠" in each]
    assert found == [f"“d”的规则 1 与规则 2 重叠：{where}"]


def test_rules_that_differ_in_one_column_do_not_overlap() -> None:
    logic = table({"a": "number", "b": "string"}, {"": ""}, '< 5 | "x" | 1', '< 5 | "y" | 2', ">= 5 | - | 3")
    parts = (A, input_data("b", "string"), decision("d", logic, needs(inputs=("a", "b"))))
    assert said(*parts) == ['“d”的决策表没有覆盖：a: < 5; b: not("x", "y")']


@pytest.mark.parametrize(
    ("kind", "rules", "where"),
    [
        ("number", ("< 10 | 1", "> 10 | 2"), ["a: 10"]),
        ("number", ("[0..10) | 1", "[20..30] | 2"), ["a: < 0, [10..20), > 30"]),
        ("string", ('"x" | 1', '"y" | 2'), ['a: not("x", "y")']),
        ("boolean", ("true | 1",), ["a: false"]),
        ("boolean", ("true | 1", "false | 2"), []),
        ("date", ('< @"2026-09-25" | 1', '>= @"2026-09-26" | 2'), ['a: [@"2026-09-25"..@"2026-09-26")']),
        ("date", ('<= @"2026-09-25" | 1', '>= @"2026-09-26" | 2'), []),
        ("days and time duration", ('<= @"P1D" | 1',), ['a: > @"P1D"']),
        ("years and months duration", ('<= @"P1Y" | 1',), ['a: > @"P1Y"']),
        ("date and time", ('<= @"2026-09-25T10:00:00" | 1',), ['a: > @"2026-09-25T10:00:00"']),
        ("time", ('<= @"10:00:00" | 1',), ['a: > @"10:00:00"']),
        ("number", ("< 10 | 1", "limit | 2"), []),
    ],
)
def test_gap_is_shown(kind: str, rules: tuple[str, ...], where: list[str]) -> None:
    logic = table({"a": kind}, {"": ""}, *rules)
    parts = (input_data("a", kind), input_data("limit"), decision("d", logic, needs(inputs=("a", "limit"))))
    assert said(*parts) == [f"“d”的决策表没有覆盖：{each}" for each in where]


def test_allowed_values_bound_what_can_be_missing() -> None:
    rules = ('"金" | 1', '"银" | 2')
    whole = table({"a": "string"}, {"": ""}, *rules, values={"a": '"金", "银"'})
    more = table({"a": "string"}, {"": ""}, *rules, values={"a": '"金", "银", "铜"'})
    assert codes(A.replace("number", "string"), decision("d", whole, needs(inputs=("a",)))) == []
    assert said(A.replace("number", "string"), decision("d", more, needs(inputs=("a",)))) == [
        '“d”的决策表没有覆盖：a: "铜"'
    ]


def test_default_output_leaves_no_gap() -> None:
    assert codes(A, one_input("< 10 | 1", defaults={"": "0"})) == []


def test_collecting_tables_have_no_gaps() -> None:
    assert codes(A, one_input("< 10 | 1", "< 20 | 2", policy="COLLECT")) == []


def test_large_table_is_checked_in_reasonable_time() -> None:
    rules = [f"[{n}..{n + 1}) | {n % 7} | {n}" for n in range(900)]
    logic = table({"a": "number", "b": "number"}, {"": ""}, *rules)
    parts = (A, input_data("b", "number"), decision("d", logic, needs(inputs=("a", "b"))))
    found = codes(*parts)
    assert set(found) == {"table.gap"}


def test_rule_that_fails_refuses_the_model(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(subject: object) -> object:
        raise RuntimeError("broken")

    broken = Rule("x.y", "here", T("x"), T("y"), "warning", fail)  # type: ignore[arg-type]
    monkeypatch.setattr("engine.dmn.gate.all_rules", lambda: (broken,))
    with caplog.at_level(logging.CRITICAL):
        (finding,) = check(read(model_xml()))
    assert (finding.code, finding.severity) == ("x.y", "error")
