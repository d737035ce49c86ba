"""An index never changes what a table answers: it agrees with asking every cell."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn.finding import Finder
from engine.dmn.regions import EVERYTHING, region_of
from engine.dmn.run import Evaluating
from engine.feel.lexical import parse_temporal
from engine.feel.nodes import Node
from engine.feel.parser import parse_unary_tests
from engine.feel.programs import build
from engine.feel.run import Frame

NUMBERS = ["-1.5", "0", "1", "2", "10", "10.50"]
STRINGS = ['"a"', '"b"', '"金"', '""']
DATES = ['@"2026-09-25"', '@"2026-09-26"', 'date("2027-01-01")', "date(2026, 9, 30)"]
DURATIONS = ['@"P1D"', '@"PT12H"', 'duration("-P2D")']
BOOLEANS = ["true", "false"]
KINDS = [NUMBERS, STRINGS, DATES, DURATIONS, BOOLEANS]

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    Decimal("10.5"),
    -2,
    5,
    10,
    "a",
    "c",
    "金",
    "",
    *map(
        parse_temporal,
        ("2026-09-25", "2026-09-27", "2027-01-01", "P1D", "-P2D", "PT13H", "2026-09-25T00:00:00"),
    ),
    [1, 2],
    {"a": 1},
]


def _tests(literals: list[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(literals)
    operators = ["=", "!="] if literals is BOOLEANS else ["<", "<=", ">", ">=", "=", "!="]
    compared = st.builds("{} {}".format, st.sampled_from(operators), one)
    ends = st.tuples(st.sampled_from("[]("), one, one, st.sampled_from("])["))
    ranges = ends.map(lambda part: f"{part[0]}{part[1]}..{part[2]}{part[3]}")
    about = st.builds("? {} {}".format, st.sampled_from(operators), one)
    lists = st.lists(st.one_of(one, about), min_size=1, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
    both = st.builds("{} {} {}".format, about, st.sampled_from(["and", "or"]), about)
    between = st.builds("? between {} and {}".format, one, one)
    within = st.builds("? in ({}, {})".format, one, compared)
    turned = st.builds("{} {} ?".format, one, st.sampled_from(operators))
    if literals is BOOLEANS:
        return st.one_of(one, compared, lists, about, both, within, turned)
    return st.one_of(one, compared, ranges, lists, about, both, between, within, turned)


def _cells() -> st.SearchStrategy[str]:
    each = st.one_of(*map(_tests, KINDS), st.sampled_from(["null", "limit", "> limit", "f(?)"]))
    several = st.lists(each, min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), each, several, several.map("not({})".format))


def _asked(cell: Node) -> Callable[[Any], bool]:
    program = build(cell)
    names = {"limit": 3}
    return lambda value: program(Frame({**names, "?": value}, None, Evaluating(None))) is True


@settings(max_examples=150)
@given(st.lists(st.tuples(_cells(), _cells()), min_size=1, max_size=12))
def test_index_agrees_with_asking_every_cell(rules: list[tuple[str, str]]) -> None:
    trees = [[parse_unary_tests(cell) for cell in rule] for rule in rules]
    asked = [[_asked(cell) for cell in rule] for rule in trees]
    finder = Finder(trees, 2)
    for first in VALUES:
        for second in (None, 10, "a"):
            expected = [n for n, (one, two) in enumerate(asked) if one(first) and two(second)]
            frame = Frame({"limit": 3}, None, Evaluating(None))
            assert finder.matching([first, second], frame) == expected, (rules, first, second)


def test_nothing_written_is_everything() -> None:
    assert region_of(parse_unary_tests("-")) == EVERYTHING


@pytest.mark.parametrize(
    "cell", ["limit", "f(?)", '"a", 1', "not(null)", "[3..1]", "contains(?, 1)", "[[1]]", "[1, ? = 2]", "?"]
)
def test_what_needs_more_than_literals_has_no_region(cell: str) -> None:
    assert region_of(parse_unary_tests(cell)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("< 5, > 5", "!= 5"),
        ("not(< 5)", ">= 5"),
        ("[1..5), [5..9]", "[1..9]"),
        ("? > 1 and ? <= 5", "(1..5]"),
        ("? < 1 or ? = 1", "<= 1"),
        ("5 > ?", "< 5"),
        ('> @"2026-09-25"', '>= @"2026-09-26"'),
        ("? in (1, 2)", "1, 2"),
        ("[1, 2]", "2, 1, 1"),
    ],
)
def test_what_lets_the_same_through_has_the_same_region(one: str, other: str) -> None:
    first, second = region_of(parse_unary_tests(one)), region_of(parse_unary_tests(other))
    assert first is not None
    assert second is not None
    assert first.intervals == second.intervals
