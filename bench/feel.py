"""What one evaluation of an expression costs, beside the same condition written in Python.

`python -m bench.feel` prints microseconds at the median of many rounds. The floor is a Python
function with the same look-ups and the same comparison on numbers of the same kind.
"""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

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


class Line(NamedTuple):
    """One expression: microseconds parsed, from its text, and of the floor."""

    text: str
    parsed: float
    from_text: float
    floor: float


def median_microseconds(call: Callable[[], Any], calls: int = CALLS) -> float:
    """Return the median cost of one call over all rounds."""
    rounds = [timeit.timeit(call, number=calls) / calls for _ in range(ROUNDS)]
    return statistics.median(rounds) * 1e6


def measure() -> Iterator[Line]:
    """Measure every case in turn."""
    for text, floor in CASES:
        yield measured(text, parse(text), floor)


def measured(text: str, expression: Expression, floor: Floor) -> Line:
    """Measure one case."""
    calls = CALLS // 10 if "items" in text else CALLS
    return Line(
        text,
        median_microseconds(lambda: evaluate(expression, CONTEXT, FUNCTIONS), calls),
        median_microseconds(lambda: evaluate(text, CONTEXT, FUNCTIONS), calls),
        median_microseconds(lambda: floor(CONTEXT), calls),
    )


def main() -> None:
    """Print the table."""
    print(f"{'expression':50} {'parsed':>9} {'from text':>10} {'Python':>9} {'ratio':>7}   (µs)")
    for line in measure():
        ratio = line.parsed / line.floor
        print(f"{line.text:50} {line.parsed:9.2f} {line.from_text:10.2f} {line.floor:9.2f} {ratio:7.1f}")
    cell = median_microseconds(lambda: unary_tests("[1000..5000), > 10000", 6000, CONTEXT))
    parsing = median_microseconds(lambda: parse_expression.__wrapped__(CASES[1][0]), 100)
    print(f"{'unary tests of a cell, from text':50} {cell:9.2f}")
    print(f"{'parsing the second expression, uncached':50} {parsing:9.2f}")


if __name__ == "__main__":
    main()
