"""What deciding costs: tables of a hundred rules, beside the same rules written in Python.

Python's side is a loop over the rules that compares with numbers and strings of the same kinds, and
stops at the first match, as hand-written code would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from bench.feel import median_milliseconds
from bench.field import Field
from bench.report import Row, Section, at_most
from engine.dmn import evaluate, link, read
from engine.dmn.linking import Model

RULES, CALLS = 100, 300
GRADES = [f"等级{number:02d}" for number in range(10)]
GIVEN: dict[str, Any] = {"金额": 7350, "等级": "等级05", "紧急": True}

Case = tuple[int, str, bool]


def _rows() -> Iterator[Case]:
    """A hundred rules: ranges of amounts, ten grades, urgent or not."""
    for number in range(RULES):
        yield number // 10 * 1000, GRADES[number % 10], number % 2 == 1


def _table(policy: str, cell: Callable[[Case], str]) -> bytes:
    rules = "".join(
        f"<rule>{cell(row)}<outputEntry><text>{number}</text></outputEntry></rule>"
        for number, row in enumerate(_rows())
    )
    columns = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in (("金额", "number"), ("等级", "string"), ("紧急", "boolean"))
    )
    inputs = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>' for name in GIVEN
    )
    required = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in GIVEN
    )
    table = f'<decisionTable hitPolicy="{policy}">{columns}<output/>{rules}</decisionTable>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
        f'{inputs}<decision id="d" name="d">{required}{table}</decision></definitions>'
    ).encode()


def _cells(*texts: str) -> str:
    return "".join(f"<inputEntry><text>{escape(text)}</text></inputEntry>" for text in texts)


def literals(row: Case) -> str:
    """Cells made of literals, as nearly all tables have them."""
    low, grade, urgent = row
    return _cells(f"[{low}..{low + 1000})", f'"{grade}"', str(urgent).lower())


def expressions(row: Case) -> str:
    """Cells that can only be evaluated."""
    low, grade, urgent = row
    return _cells(f"? >= {low} and ? < {low} + 1000", f'? = "{grade}"', f"? = {str(urgent).lower()}")


def named(row: Case) -> str:
    """Cells of which one can only be evaluated."""
    low, grade, urgent = row
    return _cells(f"[{low}..{low + 1000})", f'if 金额 > 0 then "{grade}" else null', str(urgent).lower())


def floor(given: dict[str, Any], rows: list[Case]) -> int | None:
    """Return what the rules answer, written in Python."""
    amount, grade, urgent = Decimal(given["金额"]), given["等级"], given["紧急"]
    for number, (low, wanted, hurry) in enumerate(rows):
        if low <= amount < low + 1000 and grade == wanted and urgent is hurry:
            return number
    return None


def measure(_: Field, calls: int = CALLS) -> list[Section]:
    """Measure every table, and reading one."""
    rows = [_measured(name, policy, cell, calls) for name, policy, cell in TABLES]
    xml = _table("UNIQUE", literals)
    reading = median_milliseconds(lambda: evaluate(_model(xml), "d", GIVEN), max(1, calls // 100))
    rows.append(Row("the first, from the text of its file", reading))
    return [Section("One decision table of 100 rules and 3 inputs", rows, "the same rules in Python")]


TABLES: tuple[tuple[str, str, Callable[[Case], str]], ...] = (
    ("cells of literals, unique", "UNIQUE", literals),
    ("cells of literals, collect", "COLLECT", literals),
    ("cells of conditions, unique", "UNIQUE", expressions),
    ("cells that use a name, unique", "UNIQUE", named),
)


def _measured(name: str, policy: str, cell: Callable[[Case], str], calls: int) -> Row:
    model = _model(_table(policy, cell))
    answer = evaluate(model, "d", GIVEN).value
    assert answer in (75, [75]), (name, answer)
    decided = median_milliseconds(lambda: evaluate(model, "d", GIVEN), calls)
    rows = list(_rows())
    python = median_milliseconds(lambda: floor(GIVEN, rows), calls)
    goals = () if cell is named else (at_most("≤ 0.2 ms", decided, 0.2),)
    return Row(name, decided, beside=decided / python, goals=goals)


def _model(xml: bytes) -> Model:
    return link(read(xml).definitions)
