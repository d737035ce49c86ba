"""`wuxing feel`: what it prints and how it ends."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from webui.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["feel", *arguments])


def test_value_is_printed_as_the_language_writes_it() -> None:
    found = run(
        '[1/3, amount * 2, "a", @"2026-09-25", (< 5), abs, function(x, y) x]', "--context", '{"amount": 1.5}'
    )
    assert found.exit_code == 0
    assert (
        found.stdout
        == '[0.3333333333333333333333333333333333, 3.0, "a", 2026-09-25, < 5, abs, function(x, y)]\n'
    )


def test_null_comes_with_the_place_and_the_reason() -> None:
    found = run("项目.预算 > 5 and missing", "--context", '{"项目": {"预算": 12.5}}')
    assert found.exit_code == 2
    assert found.stdout == "null\n"
    assert found.stderr.splitlines() == [
        "  项目.预算 > 5 and missing",
        " " * 20 + "^ 1:15 没有名为“missing”的变量",
    ]


def test_null_for_no_reason_is_a_value() -> None:
    assert run("null").exit_code == 0


def test_text_that_is_no_expression_is_refused_with_its_place() -> None:
    found = run("if a\nthen 1")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.splitlines() == ["  then 1", "        ^ 2:7 表达式不完整：结尾处应为 else"]


def test_unary_tests_are_read_when_a_value_is_given() -> None:
    assert run("< limit, [7..9]", "--test", "8", "--context", '{"limit": 3}').stdout == "true\n"
    assert run('< @"2026-10-01"', "--test", '{"@": "2026-09-25"}').stdout == "true\n"


def test_everything_can_be_had_as_json() -> None:
    assert json.loads(run("[1.5, null + 1]", "--json").stdout) == {
        "value": [1.5, None],
        "problems": [{"code": "type", "text": "空值与数值不能用“+”计算", "position": 11}],
    }
    refused = run("1 +", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"] == {
        "text": "表达式不完整：结尾处应为 一个表达式",
        "expected": "一个表达式",
        "position": 3,
        "line": 1,
        "column": 4,
    }


@pytest.mark.parametrize("context", ["[1]", "nonsense"])
def test_context_must_be_an_object(context: str) -> None:
    found = run("1", "--context", context)
    assert found.exit_code == 1
    assert "--context" in found.stderr


def test_functions_are_listed_with_parameters_and_meaning() -> None:
    assert "substring(string, start position, length?)\n    从某个位置起" in run("--functions").stdout
    assert run().exit_code == 2


def test_text_is_printed_in_its_plain_form() -> None:
    assert run("--print", "((a)+(b*(2)))   // sum").stdout == "a + b * 2\n"
    assert run("--print", "(a) - (b)", "--context", '{"a-b": 1}').stdout == "(a) - (b)\n"
    assert run("--print", "a +").exit_code == 1
