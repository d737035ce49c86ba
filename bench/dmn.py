"""What deciding costs: tables of a hundred rules, beside the same rules written in Python.

`python -m bench.dmn` prints microseconds at the median of many rounds. The floor is a Python loop
over the rules that compares with numbers and strings of the same kinds, and stops at the first
match, as hand-written code would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from bench.feel import median_microseconds
from engine.dmn import evaluate, link, read
from engine.dmn.linking import Model

RULES, CALLS = 100, 500
GRADES = [f"等级{number:02d}" for number in range(10)]
GIVEN: dict[str, Any] = {"金额": 7350, "等级": "等级05", "紧急": True}

Row = tuple[int, str, bool]


class Line(NamedTuple):
    """One table: microseconds to decide, from the text of the file, and of the floor."""

    name: str
    decided: float
    read: float
    floor: float


def _rows() -> Iterator[Row]:
    """A hundred rules: ranges of amounts, ten grades, urgent or not."""
    for number in range(RULES):
        yield number // 10 * 1000, GRADES[number % 10], number % 2 == 1


def _table(policy: str, cell: Callable[[Row], str]) -> bytes:
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


def literals(row: Row) -> str:
    """Cells made of literals, as nearly all tables have them."""
    low, grade, urgent = row
    return _cells(f"[{low}..{low + 1000})", f'"{grade}"', str(urgent).lower())


def expressions(row: Row) -> str:
    """Cells that can only be evaluated."""
    low, grade, urgent = row
    return _cells(f"? >= {low} and ? < {low} + 1000", f'? = "{grade}"', f"? = {str(urgent).lower()}")


def floor(given: dict[str, Any], rows: list[Row]) -> int | None:
    """Return what the rules answer, written in Python."""
    amount, grade, urgent = Decimal(given["金额"]), given["等级"], given["紧急"]
    for number, (low, wanted, hurry) in enumerate(rows):
        if low <= amount < low + 1000 and grade == wanted and urgent is hurry:
            return number
    return None


def measure() -> Iterator[Line]:
    """Measure every table in turn."""
    rows = list(_rows())
    for name, policy, cell in (
        ("100 rules of literals, unique", "UNIQUE", literals),
        ("100 rules of literals, collect", "COLLECT", literals),
        ("100 rules of expressions, unique", "UNIQUE", expressions),
    ):
        xml = _table(policy, cell)
        model = _model(xml)
        assert evaluate(model, "d", GIVEN).value in (75, [75]), name
        yield Line(
            name,
            median_microseconds(lambda model=model: evaluate(model, "d", GIVEN), CALLS),  # type: ignore[misc]
            median_microseconds(lambda xml=xml: evaluate(_model(xml), "d", GIVEN), 2),  # type: ignore[misc]
            median_microseconds(lambda: floor(GIVEN, rows), CALLS),
        )


def _model(xml: bytes) -> Model:
    return link(read(xml).definitions)


def main() -> None:
    """Print the table."""
    print(f"{'table':36} {'decided':>9} {'from text':>10} {'Python':>9} {'ratio':>7}   (µs)")
    for line in measure():
        print(
            f"{line.name:36} {line.decided:9.2f} {line.read:10.0f} {line.floor:9.2f} "
            f"{line.decided / line.floor:7.1f}"
        )


if __name__ == "__main__":
    main()
