"""Types before values: what is told is what evaluation would give, and only what is certain."""

from __future__ import annotations

import itertools

import pytest

from engine import feel
from engine.feel.inference import Inferred, infer, settled
from engine.feel.types import SIMPLE, ContextOf, FeelType, ListOf
from engine.feel.values import kind_of

NAMES: dict[str, FeelType] = {
    "amount": SIMPLE["number"],
    "dept": SIMPLE["string"],
    "due": SIMPLE["date"],
    "ok": SIMPLE["boolean"],
    "rows": ListOf(ContextOf((("n", SIMPLE["number"]),))),
}
VALUES = {
    "number": "1",
    "string": '"a"',
    "boolean": "true",
    "date": '@"2026-01-01"',
    "time": '@"10:00:00"',
    "date and time": '@"2026-01-01T10:00:00"',
    "days and time duration": '@"P1D"',
    "years and months duration": '@"P1M"',
}


def inferred(text: str) -> Inferred:
    return infer(feel.parse(text, NAMES).node, NAMES)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount + 1", "number"),
        ('due + duration("P1D")', ""),
        ('due + @"P1D"', "date"),
        ("due - due", "days and time duration"),
        ("due.year", "number"),
        ("if ok then 1 else null", "number"),
        ("if ok then 1 else dept", ""),
        ("rows[1].n", "number"),
        ('string(amount) + "x"', "string"),
        ("unknown + 1", ""),
        ("count(rows) > 2", "boolean"),
        ("(for row in rows return row.n)[1]", "number"),
    ],
)
def test_types_are_found(text: str, kind: str) -> None:
    assert settled(inferred(text).kind) == kind
    assert inferred(text).misfits == ()


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('amount > "5"', 7),
        ("dept - 1", 5),
        ("amount and ok", 0),
        ("if dept then 1 else 2", 3),
        ('some row in rows satisfies row.n > "a"', 33),
        ('rows[n > "x"]', 7),
        ("contains(amount, dept)", 9),
        ("count(rows, 1, 2, amount.year)", 24),
        ("amount between 1 and dept", 21),
    ],
)
def test_misfits_are_told_with_their_place(text: str, position: int) -> None:
    assert position in [misfit.position for misfit in inferred(text).misfits]


@pytest.mark.parametrize(
    "text",
    [
        "unknown > dept",
        "rows[unknown]",
        "rows[item.n > 1]",
        "for dept in rows return dept.n + 1",
        "{dept: 1, b: dept + 1}",
        "function(dept) dept + 1",
        "sum([1, 2]) + 1",
        "dept = null",
        'count(dept) + count("x")',
    ],
)
def test_what_is_not_certain_is_not_told(text: str) -> None:
    assert inferred(text).misfits == ()


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**", "<", ">=", "=", "!="])
def test_operators_are_judged_as_they_are_evaluated(operator: str) -> None:
    for left, right in itertools.product(VALUES, VALUES):
        text = f"{VALUES[left]} {operator} {VALUES[right]}"
        found = infer(feel.parse(text).node, {})
        result = feel.evaluate(text, {})
        types_clash = any(problem.code == "type" for problem in result.problems)
        assert bool(found.misfits) is types_clash, text
        if result.value is not None:
            assert settled(found.kind) == kind_of(result.value), text
