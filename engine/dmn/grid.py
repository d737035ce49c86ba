"""A table as a grid of pieces: where rules overlap, what none covers, what earlier ones cover (DMN 1.5 §8.2).

Rules whose cells are made of literals are boxes in this grid. Others are taken for what does no harm: they
overlap with nothing and cover everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.dmn.pieces import Pieces, bits, main_kind
from engine.dmn.regions import EVERYTHING, Region, region_of, union
from engine.dmn.tables import Column, TableNode
from engine.feel import nodes

MAX_ANALYSED = 1_000
_STEPS = 20_000
_BOOLEANS = Region("boolean", (((0, False, -1), (0, False, 1)), ((0, True, -1), (0, True, 1))))
_ANYTHING = nodes.UnaryTests(())


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a column on which the same rules match: its pieces, or null."""

    pieces: tuple[int, ...]
    null: bool = False


Corner = tuple[Cell | None, ...]
"""A part of the grid: a cell per column, None where the column does not matter."""


class Line:
    """One column: its pieces that a value can lie in, with the rules that match there."""

    def __init__(self, column: Column, cells: Sequence[nodes.Node]) -> None:
        regions = [region_of(cell) for cell in cells]
        domain = _domain(column)
        kind = main_kind([*regions, domain])
        if domain is None and kind == "boolean":
            domain = _BOOLEANS
        self.pieces = Pieces(kind, [*regions, domain if domain is not None else EVERYTHING])
        self.known = sum(1 << rule for rule, known in enumerate(self.pieces.known[:-1]) if known)
        inside = 1 << len(cells)
        self.cells = [
            (Cell((piece,)), mask & ~inside)
            for piece, mask in enumerate(self.pieces.masks)
            if mask & inside and self._has_values(piece)
        ]
        null = sum(1 << rule for rule, region in enumerate(regions) if region is not None and region.null)
        self.null = null & self.known

    def _has_values(self, piece: int) -> bool:
        """Say whether values lie on a piece: between two truth values there are none."""
        return self.pieces.kind != "boolean" or piece % 2 == 1

    def grouped(self, among: int) -> list[tuple[Cell, int]]:
        """Return the cells that the same rules of `among` match, each group as one."""
        groups: dict[int, list[int]] = {}
        for cell, mask in self.cells:
            groups.setdefault(mask & among, []).extend(cell.pieces)
        return [(Cell(tuple(pieces)), mask) for mask, pieces in groups.items()]


def _domain(column: Column) -> Region | None:
    """Return all that a column can be, None when that is not known beforehand."""
    regions = [region_of(test) for test in column.domain]
    kinds = {region.kind for region in regions if region is not None}
    if not regions or None in regions or len(kinds) != 1 or "" in kinds:
        return None
    return Region(kinds.pop(), union(pair for region in regions if region for pair in region.intervals))


class Grid:
    """All columns of a table."""

    def __init__(self, table: TableNode) -> None:
        self.count = len(table.rules)
        self.lines = [
            Line(column, [rule.tests[i] if i < len(rule.tests) else _ANYTHING for rule in table.rules])
            for i, column in enumerate(table.columns)
        ]
        self._everyone = (1 << self.count) - 1
        self.known = self._everyone
        for line in self.lines:
            self.known &= line.known

    def overlaps(self) -> Iterator[tuple[int, int, Corner]]:
        """Yield every two rules that match some values together, from 0, and an example of where."""
        meets = [self._everyone & self.known] * self.count
        for line in self.lines:
            found = [0] * self.count
            for mask in (*(mask for _, mask in line.cells), line.null):
                for rule in bits(mask):
                    found[rule] |= mask
            meets = [mask & other for mask, other in zip(meets, found, strict=True)]
        for rule in bits(self.known):
            for other in bits(meets[rule] >> (rule + 1)):
                second = rule + 1 + other
                yield rule, second, self._common(1 << rule | 1 << second)

    def _common(self, both: int) -> Corner:
        """Return where two rules that overlap both match, without columns in which they always do."""
        return tuple(
            None
            if all(mask & both == both for _, mask in line.cells)
            else next((cell for cell, mask in line.grouped(both) if mask == both), Cell((), null=True))
            for line in self.lines
        )

    def gaps(self, limit: int = 5) -> list[Corner]:
        """Return some of the parts that no rule covers, none when that is too much to say."""
        return list(islice(self._uncovered(self._everyone, None), limit))

    def is_covered(self, rule: int) -> bool:
        """Say whether the rules before `rule` cover all of it, so that it never comes first."""
        if not self.known >> rule & 1:
            return False
        earlier = ((1 << rule) - 1) & self.known
        if any(line.null >> rule & 1 and not line.null & earlier for line in self.lines):
            return False
        return next(self._uncovered(earlier, rule), None) is None

    def never_matches(self, rule: int) -> bool:
        """Say whether a rule has a cell that no value passes."""
        return any(
            line.known >> rule & 1
            and not line.null >> rule & 1
            and not any(mask >> rule & 1 for _, mask in line.cells)
            for line in self.lines
        )

    def _uncovered(self, rules: int, within: int | None) -> Iterator[Corner]:
        """Yield the parts none of `rules` covers, of the whole grid or of one rule's box.

        What is not known covers everything. Gives up, as if all were covered, after many steps.
        """
        search = _Search(self.lines, rules, within)
        return search.uncovered(0, rules, ())


class _Search:
    def __init__(self, lines: Sequence[Line], rules: int, within: int | None) -> None:
        self._lines = lines
        self._rules = rules
        self._within = within
        self._steps = 0
        self._covered: set[tuple[int, int]] = set()

    def uncovered(self, column: int, left: int, corner: Corner) -> Iterator[Corner]:
        if not left:
            yield corner + (None,) * (len(self._lines) - column)
            return
        if column == len(self._lines) or (column, left) in self._covered or self._steps > _STEPS:
            return
        found = False
        line = self._lines[column]
        unknown = left & ~line.known
        own = 0 if self._within is None else 1 << self._within
        groups = line.grouped(left | own)
        for cell, mask in groups:
            self._steps += 1
            if own and not mask & own:
                continue
            for part in self.uncovered(
                column + 1, left & mask | unknown, (*corner, cell if len(groups) > 1 else None)
            ):
                found = True
                yield part
        if not found:
            self._covered.add((column, left))
