"""Scripts of assignments."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, evaluate
from engine.feel.assign import parse_script


def test_lines_become_assignments() -> None:
    script = """// what the project costs
total = 1 +
  2
项目 金额 = if total > 2
  then [total,
        5]
  else []      // nothing

first = 项目 金额[1]
"""
    found = parse_script(script)
    assert [(line.name, line.line) for line in found] == [("total", 2), ("项目 金额", 4), ("first", 9)]


def test_expressions_can_be_evaluated_one_after_the_other() -> None:
    context = {"n": 2}
    for name, expression, _ in parse_script("a = n * 2\nb = a + 1\nc = {a: a, b: b}"):
        context[name] = evaluate(expression, context).value
    assert context["c"] == {"a": 4, "b": 5}


def test_names_with_operators_are_known_when_told() -> None:
    (line,) = parse_script("x = a-b", names=["a-b"])
    assert evaluate(line.expression, {"a-b": 3}).value == 3


@pytest.mark.parametrize("script", ["", "  \n// nothing\n", "/* nothing */"])
def test_script_may_be_empty(script: str) -> None:
    assert parse_script(script) == []


@pytest.mark.parametrize(
    ("script", "line", "column"),
    [
        ("x", 1, 1),
        ("x 3", 1, 3),
        ("a = 1\nb = 2 3", 2, 7),
        ("a = 1\nb =", 2, 4),
        ("a = [1,\n 2", 2, 3),
        ("a-b = 3", 1, 2),
        ("a = 1\nb = 2 ？", 2, 7),
        ("if = 3", 1, 1),
    ],
)
def test_error_is_placed_in_the_script(script: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse_script(script)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_line_that_throws_needs_no_name() -> None:
    found = parse_script('a = 1\nthrow error("E1")\nif a > 0 then throw error("E2")\n  else null\nb = 2')
    assert [(line.name, line.line) for line in found] == [("a", 1), ("", 2), ("", 3), ("b", 5)]
