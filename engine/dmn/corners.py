"""Parts of a table as people read them: the unary tests a rule for them would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.dmn.grid import Cell, Corner, Grid
from engine.dmn.pieces import Pieces
from engine.dmn.tables import TableNode
from engine.feel.lexical import write
from engine.feel.numbers import plain
from engine.feel.temporal import DAY, Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.tokens import quote

_SHOWN = 3

_WRITTEN: dict[str, Callable[[Any], str]] = {
    "number": plain,
    "string": quote,
    "boolean": lambda key: str(key).lower(),
    "date": lambda key: _temporal(Date.from_ordinal(key // DAY)),
    "time": lambda key: _temporal(Time(key)),
    "date and time": lambda key: _temporal(DateTime.from_value(key, None)),
    "days and time duration": lambda key: _temporal(DaysDuration(key)),
    "years and months duration": lambda key: _temporal(MonthsDuration(key)),
}


def described(grid: Grid, table: TableNode, corner: Corner) -> str:
    """Return the columns that matter with what their values would have to pass."""
    parts = [
        f"{column.label}: {_cell(line.pieces, cell)}"
        for column, line, cell in zip(table.columns, grid.lines, corner, strict=True)
        if cell is not None
    ]
    return "; ".join(parts) or "-"


def _temporal(value: Any) -> str:
    return f'@"{write(value)}"'


def _cell(pieces: Pieces, cell: Cell) -> str:
    if cell.null:
        return "null"
    if not pieces.kind:
        return "-"
    if pieces.kind == "string":
        return _strings(pieces, cell)
    runs = list(_runs(cell.pieces))
    shown = ", ".join(_run(pieces, first, last) for first, last in runs[:_SHOWN])
    return shown + (", …" if len(runs) > _SHOWN else "")


def _strings(pieces: Pieces, cell: Cell) -> str:
    """Texts are listed, since nobody thinks of what lies between two of them."""
    points = [quote(pieces.points[piece // 2]) for piece in cell.pieces if piece % 2]
    others = any(piece % 2 == 0 for piece in cell.pieces)
    if points or not others:
        return ", ".join(points[:_SHOWN]) + (", …" if len(points) > _SHOWN else "")
    named = [quote(point) for point in pieces.points[:_SHOWN]]
    return f"not({', '.join(named)}{', …' if len(pieces.points) > _SHOWN else ''})"


def _runs(pieces: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of pieces that follow each other."""
    start = previous = pieces[0]
    for piece in pieces[1:]:
        if piece != previous + 1:
            yield start, previous
            start = piece
        previous = piece
    yield start, previous


def _run(pieces: Pieces, first: int, last: int) -> str:
    """Write pieces as one unary test."""
    written = _WRITTEN[pieces.kind]
    top = 2 * len(pieces.points)
    low = None if first == 0 else written(pieces.points[(first - 1) // 2])
    high = None if last == top else written(pieces.points[last // 2])
    if low is None and high is None:
        return "-"
    if low is None:
        return f"{'<=' if last % 2 else '<'} {high}"
    if high is None:
        return f"{'>=' if first % 2 else '>'} {low}"
    if first == last and first % 2:
        return low
    return f"{'[' if first % 2 else '('}{low}..{high}{']' if last % 2 else ')'}"
