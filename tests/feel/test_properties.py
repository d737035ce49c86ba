"""What holds for all texts and values: printing, three-valued logic, arithmetic, calendars, JSON."""

from __future__ import annotations

import datetime as python
from contextlib import suppress
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelSyntaxError, evaluate, from_json, nodes, parse, to_json
from engine.feel.comparing import compare, equal
from engine.feel.lexical import parse_temporal, write
from engine.feel.logic import conjunction, disjunction, negation
from engine.feel.numbers import DECIMAL
from engine.feel.parser import parse_unary_tests
from engine.feel.printer import print_expression
from engine.feel.temporal import DAY, MAX_YEAR, Date, DateTime, DaysDuration, MonthsDuration, Time, Zone
from engine.feel.values import lift
from tests.feel.examples import examples
from tests.feel.trees import TREES

TABLES = ("language.yaml", "functions.yaml")
BOUNDED = settings(max_examples=250, deadline=None)

EARLY, LATE = python.datetime.fromisoformat("1950-01-01"), python.datetime.fromisoformat("2100-01-01")
TRUTHS = st.sampled_from([True, False, None])
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)
DATES = st.builds(Date, st.integers(-MAX_YEAR, MAX_YEAR), st.integers(1, 12), st.integers(1, 28))
ZONES = st.one_of(
    st.none(),
    st.builds(Zone, st.integers(-64_800, 64_800)),
    st.sampled_from([Zone(name="Asia/Shanghai"), Zone(name="Europe/Paris"), Zone(name="America/New_York")]),
)
TIMES = st.builds(Time, st.integers(0, DAY - 1), ZONES)
TEMPORALS = st.one_of(
    DATES,
    TIMES,
    st.builds(DateTime, DATES, TIMES),
    st.builds(DaysDuration, st.integers(-(10**20), 10**20)),
    st.builds(MonthsDuration, st.integers(-(10**8), 10**8)),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=4).filter(lambda k: k != "@"), inner, max_size=3),
    ),
    max_leaves=8,
)


@BOUNDED
@given(TREES)
def test_what_is_printed_parses_to_the_same_tree(tree: nodes.Node) -> None:
    assert parse(print_expression(tree)).node == tree


@pytest.mark.parametrize("text", [*dict.fromkeys(row[1] for file in TABLES for row in examples(file))])
def test_printed_examples_parse_to_the_same_tree(text: str) -> None:
    tree = parse(text).node
    assert parse(print_expression(tree)).node == tree


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{a: 7, b: 2, a-b: 1, c: a-b, d: (a)-(b)}", ()),
        ("(a) - (b) + a-b", ("a-b",)),
        ("date and (time(x))", ()),
        ("(date) and (time)(x)", ()),
    ],
)
def test_names_that_would_swallow_their_neighbours_are_printed_apart(
    text: str, names: tuple[str, ...]
) -> None:
    tree = parse(text, names).node
    assert parse(print_expression(tree, names), names).node == tree


@BOUNDED
@given(st.lists(TREES, max_size=3), st.booleans())
def test_printed_unary_tests_parse_to_the_same_tree(tests: list[nodes.Node], negated: bool) -> None:
    if not tests and negated:
        return
    tree = nodes.UnaryTests(tuple(tests), negated)
    assert parse_unary_tests(print_expression(tree)) == tree


@BOUNDED
@given(TREES)
def test_evaluating_any_tree_gives_a_value_or_a_reason(tree: nodes.Node) -> None:
    context: dict[str, Any] = {"a": 1, "b1": [1, 2], "项目": {"first name": "x"}, "x_y": None}
    evaluation = evaluate(parse(print_expression(tree)), context)
    to_json(evaluation.value)
    assert all(0 <= problem.position <= 100_000 for problem in evaluation.problems)


@BOUNDED
@given(st.text(alphabet='aif1.0+-*/()[]{}<>=,:"@? 项and', max_size=25))
def test_any_text_parses_or_is_refused_at_a_place(text: str) -> None:
    with suppress(FeelSyntaxError):
        parse(text)
        return
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text)
    assert 0 <= caught.value.position <= len(text)


# ── three-valued logic ──────────────────────────────────────────────────────────────────────────


@given(TRUTHS, TRUTHS, TRUTHS)
def test_and_and_or_obey_the_laws_of_three_valued_logic(a: Any, b: Any, c: Any) -> None:
    assert conjunction((a, b)) is conjunction((b, a))
    assert disjunction((a, conjunction((b, c)))) is conjunction((disjunction((a, b)), disjunction((a, c))))
    assert negation(conjunction((a, b))) is disjunction((negation(a), negation(b)))
    assert negation(negation(a)) is a


@given(TRUTHS, TRUTHS)
def test_programs_agree_with_the_laws(a: Any, b: Any) -> None:
    context = {"a": a, "b": b}
    assert evaluate("a and b", context).value is conjunction((a, b))
    assert evaluate("a or b", context).value is disjunction((a, b))
    assert evaluate("not(a)", context).value is negation(a)


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────


@BOUNDED
@given(DECIMALS, DECIMALS)
def test_arithmetic_is_that_of_decimals_of_34_digits(a: Decimal, b: Decimal) -> None:
    context = {"a": a, "b": b}
    with localcontext(DECIMAL):
        assert evaluate("a + b", context).value == a + b
        assert evaluate("a - b", context).value == a - b
        assert evaluate("a * b", context).value == a * b
        if b:
            assert evaluate("a / b", context).value == a / b
            assert evaluate("modulo(a, b) + b * floor(a / b) - a", context).value < Decimal("1e-10")
    assert evaluate("a < b", context).value is (a < b)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_stored_numbers_come_back_as_they_were(number: float) -> None:
    assert to_json(from_json(number)) == number


@BOUNDED
@given(JSON)
def test_json_survives_the_language(stored: Any) -> None:
    assert to_json(from_json(stored)) == stored
    assert to_json(evaluate("x", {"x": stored}).value) == stored
    assert equal(lift(stored), from_json(stored)) is True


# ── dates and times ─────────────────────────────────────────────────────────────────────────────


@BOUNDED
@given(TEMPORALS)
def test_temporal_values_survive_writing_and_storing(value: Any) -> None:
    assert parse_temporal(write(value)) == value
    assert from_json(to_json(value)) == value


@BOUNDED
@given(st.dates(), st.integers(-100_000, 100_000))
def test_days_agree_with_python(day: python.date, shift: int) -> None:
    ours = Date(day.year, day.month, day.day)
    assert ours.ordinal == day.toordinal() - python.date(1970, 1, 1).toordinal()
    assert ours.weekday == day.isoweekday()
    assert Date.from_ordinal(ours.ordinal) == ours
    assert Date.from_ordinal(ours.ordinal + shift).ordinal == ours.ordinal + shift
    week = evaluate("week of year(d)", {"d": day}).value
    assert week == day.isocalendar().week


@BOUNDED
@given(DATES, st.integers(-MAX_YEAR, MAX_YEAR))
def test_days_count_on_in_far_years(day: Date, shift: int) -> None:
    assert Date.from_ordinal(day.ordinal) == day
    if abs(day.year) < MAX_YEAR - 1:
        following = Date.from_ordinal(day.ordinal + 1)
        assert compare(day, following) == -1
        assert following.weekday == day.weekday % 7 + 1


@BOUNDED
@given(
    st.datetimes(EARLY, LATE),
    st.sampled_from(["Asia/Shanghai", "Europe/Paris", "America/New_York"]),
    st.integers(-(10**6), 10**6),
)
def test_moments_in_regions_agree_with_python(naive: python.datetime, zone: str, minutes: int) -> None:
    moment = lift(naive.replace(tzinfo=python.UTC))
    assert lift(moment.to_python()) == moment
    shifted = evaluate(
        f'date and time("{naive:%Y-%m-%dT%H:%M:%S}@{zone}") + duration("PT1M") * {minutes}', {}
    ).value
    before = evaluate(f'date and time("{naive:%Y-%m-%dT%H:%M:%S}@{zone}")', {}).value
    assert shifted.to_python().astimezone(python.UTC) - before.to_python().astimezone(
        python.UTC
    ) == python.timedelta(minutes=minutes)


@BOUNDED
@given(TEMPORALS, TEMPORALS)
def test_order_is_the_opposite_of_the_opposite_order(a: Any, b: Any) -> None:
    order, opposite = compare(a, b), compare(b, a)
    assert (order is None) == (opposite is None)
    assert order is None or opposite is None or order == -opposite
    assert (equal(a, b) is True) <= (order == 0)
