"""What holds for the built-in functions whatever they are given."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Evaluation, evaluate, to_json
from engine.feel.builtins import BUILTINS
from engine.feel.comparing import lies_within
from engine.feel.limits import Budget, Limits
from engine.feel.regex import compiled
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time, Zone
from engine.feel.values import Range
from engine.feel.writing import shown

BOUNDED = settings(max_examples=200, deadline=None)
SINGLE = sorted(
    name
    for name, function in BUILTINS.items()
    if len(function.overloads) == 1
    and not function.overloads[0].variadic
    and function.overloads[0].parameters
)

NUMBERS = st.one_of(
    st.integers(-20, 20),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000),
    st.sampled_from([Decimal("1e6000"), Decimal("-1e6000"), Decimal("1e-6000"), Decimal("-0"), 2**70]),
)
ZONES = st.sampled_from([None, Zone(0), Zone(28_800), Zone(-12_601), Zone(name="Europe/Paris")])
DATES = st.builds(
    Date, st.sampled_from([-999_999_999, 1, 2026, 999_999_999]), st.integers(1, 12), st.integers(1, 28)
)
TIMES = st.builds(Time, st.integers(0, 86_400 * 10**9 - 1), ZONES)
DAYS = st.builds(DaysDuration, st.integers(-(10**17), 10**17))
TEMPORALS = st.one_of(
    DATES, TIMES, st.builds(DateTime, DATES, TIMES), DAYS, st.builds(MonthsDuration, st.integers(-999, 999))
)
TEXTS = st.one_of(st.text(max_size=6), st.sampled_from(["2026-09-25", "P1D", "[1..5]", "(a|b)*c", "1.000,5"]))
SIMPLE = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, TEMPORALS)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["a", "b", "key", "value"]), inner, max_size=3),
        st.builds(Range, inner, inner, st.booleans(), st.booleans()),
    ),
    max_leaves=6,
)
ITEMS = st.lists(st.integers(-5, 5), max_size=8)
NAMES = ("x", "y", "z", "u")


def value(text: str, **context: Any) -> Any:
    return evaluate(text, context).value


# ── whatever they are given ─────────────────────────────────────────────────────────────────────


def called(name: str, arguments: list[Any]) -> Evaluation:
    names = NAMES[: len(arguments)]
    return evaluate(f"{name}({', '.join(names)})", dict(zip(names, arguments, strict=True)))


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(VALUES, max_size=4))
def test_any_call_gives_a_value_or_a_reason_and_soon(name: str, arguments: list[Any]) -> None:
    started = time.process_time()
    found = called(name, arguments)
    assert time.process_time() - started < 1
    to_json(found.value)
    shown(found.value)
    assert all(str(problem.text) for problem in found.problems)
    again = called(name, arguments)
    assert shown(again.value) == shown(found.value) or name in ("now", "today")


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(SINGLE), st.data())
def test_arguments_by_name_are_arguments_in_order(name: str, data: st.DataObject) -> None:
    parameters = [parameter.name for parameter in BUILTINS[name].overloads[0].parameters]
    arguments = [data.draw(VALUES) for _ in parameters]
    context = dict(zip(NAMES, arguments, strict=False))
    pairs = [f"{parameter}: {variable}" for parameter, variable in zip(parameters, NAMES, strict=False)]
    by_name = evaluate(f"{name}({', '.join(data.draw(st.permutations(pairs)))})", context)
    assert shown(by_name.value) == shown(called(name, arguments).value)


# ── lists and contexts ──────────────────────────────────────────────────────────────────────────


@given(ITEMS, ITEMS)
def test_lists_obey_their_laws(xs: list[int], ys: list[int]) -> None:
    assert value("sort(xs)", xs=xs) == sorted(xs)
    assert value("sort(xs, function(a, b) a > b)", xs=xs) == sorted(xs, reverse=True)
    assert value("reverse(reverse(xs))", xs=xs) == xs
    assert value("distinct values(distinct values(xs)) = distinct values(xs)", xs=xs) is True
    assert value("union(xs, ys) = distinct values(concatenate(xs, ys))", xs=xs, ys=ys) is True
    assert value("flatten([xs, [ys]]) = concatenate(xs, ys)", xs=xs, ys=ys) is True
    assert value("count(concatenate(xs, ys)) = count(xs) + count(ys)", xs=xs, ys=ys) is True
    assert value("every x in xs satisfies xs[index of(xs, x)[1]] = x", xs=xs) is True
    assert value("xs[item > 2]", xs=xs) == [x for x in xs if x > 2]
    if xs:
        assert value("sum(xs) = mean(xs) * count(xs)", xs=xs[:4] or [0]) in (True, False)
        assert value("min(xs) <= median(xs) and median(xs) <= max(xs)", xs=xs) is True
        assert value("remove(insert before(xs, 1, 99), 1)", xs=xs) == xs


@given(st.dictionaries(st.text(max_size=4).filter(lambda key: key != "@"), st.integers(), max_size=4))
def test_contexts_obey_their_laws(context: dict[str, int]) -> None:
    assert value("context(get entries(c))", c=context) == context
    assert value('get value(context put(c, "k", 7), "k")', c=context) == 7
    assert value("context merge([c, {k: 1}, c])", c=context) == {**context, "k": 1, **context}
    assert value("every e in get entries(c) satisfies get value(c, e.key) = e.value", c=context) is True


# ── texts and patterns ──────────────────────────────────────────────────────────────────────────


@given(st.text("ab.", max_size=6), st.text("ab.", min_size=1, max_size=2))
def test_texts_obey_their_laws(text: str, part: str) -> None:
    context = {"t": text, "p": part}
    joined = evaluate("substring before(t, p) + p + substring after(t, p)", context).value
    assert joined == text if part in text else joined == part
    assert evaluate('contains(t, p) = matches(t, p, "q")', context).value is True
    letters = "for i in 1..string length(t) return substring(t, i, 1)"
    assert evaluate(f"string join({letters})", context).value == text
    assert evaluate("upper case(lower case(t)) = upper case(t)", context).value is True
    assert evaluate('replace(t, p, p, "q")', context).value == text


def patterns() -> st.SearchStrategy[str]:
    """Give patterns whose repeated parts are never empty, for there languages differ."""
    atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "[a-c1]", "\\."])
    counts = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "*?", "+?"])
    piece = st.builds(lambda atom, count: atom + count, atoms, counts)
    return st.recursive(
        piece,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.builds(lambda a, b: f"({a}|{b})", inner, inner),
            st.builds(lambda a, b, count: f"(a{a}|{b}c){count}", inner, inner, counts),
        ),
        max_leaves=5,
    )


@settings(max_examples=600, deadline=None)
@given(patterns(), st.text("abc1.", max_size=8))
def test_patterns_find_what_pythons_find(pattern: str, text: str) -> None:
    budget = Budget(Limits(steps=10**9))
    expected = re.search(pattern, text, re.ASCII)
    found = compiled(pattern, "", budget).search(text, 0, budget)
    assert (found[:2] if found else None) == (list(expected.span()) if expected else None)


# ── ranges and moments ──────────────────────────────────────────────────────────────────────────

ENDS = st.integers(1, 6)
RANGES = st.builds(
    lambda a, b, start, end: Range(min(a, b), max(a, b), start, end), ENDS, ENDS, st.booleans(), st.booleans()
)
MIRRORED = (
    ("before", "after"),
    ("meets", "met by"),
    ("overlaps before", "overlaps after"),
    ("finishes", "finished by"),
    ("during", "includes"),
    ("starts", "started by"),
    ("overlaps", "overlaps"),
    ("coincides", "coincides"),
)


@BOUNDED
@given(RANGES, RANGES, st.sampled_from(MIRRORED))
def test_relations_of_ranges_mirror_each_other(a: Range, b: Range, names: tuple[str, str]) -> None:
    there, back = names
    assert value(f"{there}(a, b)", a=a, b=b) is value(f"{back}(b, a)", a=a, b=b)


@BOUNDED
@given(RANGES, ENDS)
def test_a_point_is_in_a_range_when_the_range_includes_it(a: Range, point: int) -> None:
    within = lies_within(point, a)
    assert value("p in a", a=a, p=point) is within
    if a.start < a.end:
        assert value("includes(a, p)", a=a, p=point) is within
        assert value("during(p, a)", a=a, p=point) is within
    assert not (value("before(p, a)", a=a, p=point) and within)


@BOUNDED
@given(st.one_of(st.dates(), st.datetimes()), st.integers(-(10**6), 10**6))
def test_what_is_added_can_be_taken_away(moment: Any, minutes: int) -> None:
    duration = DaysDuration(minutes * 60 * 10**9 * (1440 if not hasattr(moment, "hour") else 1))
    later = evaluate("m + d", {"m": moment, "d": duration})
    if later.value is not None:
        assert value("m + d - d = m", m=moment, d=duration) is True
        assert value("(m + d) - m = d", m=moment, d=duration) is True


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_no_function_takes_more_arguments_than_it_has_parameters(name: str) -> None:
    if any(overload.variadic for overload in BUILTINS[name].overloads):
        return
    found = evaluate(f"{name}({', '.join(['1'] * 9)})", {})
    assert found.value is None
    assert found.problems[0].code == "arguments"
