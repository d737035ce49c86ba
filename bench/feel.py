"""What one evaluation of an expression costs, beside the same condition written in Python.

The floor is a Python
function with the same look-ups and the same comparison on numbers of the same kind.
"""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bench.field import Field
from bench.report import Row, Section
from engine.feel import evaluate, parse, unary_tests
from engine.feel.api import Expression
from engine.feel.parser import parse_expression

ROUNDS, CALLS = 25, 2_000

CONTEXT: dict[str, Any] = {
    "amount": 6000,
    "approved": True,
    "level": "management",
    "project": {"budget": 12.5, "phase": "执行", "team": [{"dept": "市场部", "confirmed": True}] * 5},
    "items": [{"name": f"t{n}", "amount": n, "done": n % 2 == 0} for n in range(100)],
}

Floor = Callable[[dict[str, Any]], Any]

CASES: tuple[tuple[str, Floor], ...] = (
    ("approved", lambda c: c["approved"]),
    ("amount > 5000 and approved = true", lambda c: c["amount"] > Decimal(5000) and c["approved"] is True),
    (
        'project.budget >= 10 and project.phase = "执行"',
        lambda c: Decimal(repr(c["project"]["budget"])) >= 10 and c["project"]["phase"] == "执行",
    ),
    ('level in ("head", "management")', lambda c: c["level"] in ("head", "management")),
    (
        "every d in project.team satisfies d.confirmed",
        lambda c: all(d["confirmed"] is True for d in c["project"]["team"]),
    ),
    ("count(items[done]) = 50", lambda c: len([i for i in c["items"] if i["done"] is True]) == 50),
    ("sum(items.amount)", lambda c: sum((Decimal(i["amount"]) for i in c["items"]), Decimal(0))),
    ("all_confirmed()", lambda c: FUNCTIONS["all_confirmed"]()),
)

FUNCTIONS: dict[str, Callable[..., Any]] = {"all_confirmed": lambda: True}


def median_milliseconds(call: Callable[[], Any], calls: int = CALLS) -> float:
    """Return the median cost of one call over all rounds."""
    rounds = [timeit.timeit(call, number=calls) / calls for _ in range(ROUNDS)]
    return statistics.median(rounds) * 1e3


def measure(_: Field, calls: int = CALLS) -> list[Section]:
    """Measure every case, one unary test from its text, and parsing."""
    rows = [measured(text, parse(text), floor, calls) for text, floor in CASES]
    cell = median_milliseconds(lambda: unary_tests("[1000..5000), > 10000", 6000, CONTEXT), calls)
    parsing = median_milliseconds(lambda: parse_expression.__wrapped__(CASES[1][0]), max(1, calls // 20))
    rows.append(Row("unary tests of a cell, from text", cell))
    rows.append(Row(f"parsing `{CASES[1][0]}`, not seen before", parsing))
    return [Section("One FEEL expression, parsed before", rows, "the same condition in Python")]


def measured(text: str, expression: Expression, floor: Floor, calls: int) -> Row:
    """Measure one case."""
    calls = max(1, calls // 10) if "items" in text else calls
    parsed = median_milliseconds(lambda: evaluate(expression, CONTEXT, FUNCTIONS), calls)
    python = median_milliseconds(lambda: floor(CONTEXT), calls)
    return Row(f"`{text}`", parsed, beside=parsed / python)
