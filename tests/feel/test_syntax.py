"""Text that is not FEEL: where it goes wrong and what would fit there."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, parse, parse_unary_tests


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "一个表达式"),
        ("1 +", 3, "一个表达式"),
        ("1 2", 2, "运算符或结尾"),
        ("(1", 2, ")"),
        ("[1, 2", 5, "]"),
        ("{a 1}", 4, ":"),
        ("{a: }", 4, "一个表达式"),
        ("if a then b", 11, "else"),
        ("for x return x", 6, "in"),
        ("for x in xs", 11, "return"),
        ("some x in xs", 12, "satisfies"),
        ("a between 1", 11, "and"),
        ("[1..2", 5, "] )"),
        ("a.", 2, "一个名称"),
        ("a.1", 1, "运算符或结尾"),
        ("f(a", 3, ")"),
        ("@5", 1, "带引号的日期、时间或时长"),
        ("1 instance of 5", 14, "一个类型"),
        ("x instance of list<number", 25, ">"),
        ("a && b", 2, "运算符或结尾"),
        ('"open', 0, "一个表达式"),
        ("a，b", 1, "运算符或结尾"),
        ("a > 5；", 5, "运算符或结尾"),
        ("= = 1", 2, "一个表达式"),
        ('"a\nb"', 0, "一个表达式"),
        ("1..2", 1, "运算符或结尾"),
        ("function(a", 10, ":"),
        ("5 in", 4, "一个表达式"),
        ("null.", 5, "一个名称"),
        ("and", 0, "一个表达式"),
    ],
)
def test_syntax_error_names_place_and_expectation(text: str, position: int, expected: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.expected) == (position, expected)
    assert caught.value.code == "feel_syntax"
    assert str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["{a: 1, a: 2}", "1e99999", '"\\uD83D"', "", "- - -", "not(", "1 in (1, 2"],
)
def test_text_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse(text)


def test_error_in_many_lines_knows_its_line() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse("[\n  1,\n  2 3\n]")
    assert (caught.value.line, caught.value.column) == (3, 5)


@pytest.mark.parametrize("text", ["", "< ", "1,", "not(1", "-,-", "1; 2"])
def test_unary_tests_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse_unary_tests(text)


def test_full_width_sign_is_shown_in_the_sentence() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse("a，b")
    assert "，" in str(caught.value)
