"""Which rules of a table match: by index where cells are made of literals, cell by cell elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.dmn.pieces import MAX_RULES, Pieces, bits, main_kind
from engine.dmn.regions import region_of
from engine.dmn.run import Evaluating
from engine.feel import nodes
from engine.feel.nodes import Node
from engine.feel.programs import build
from engine.feel.run import Frame, Program

_ANYTHING = nodes.UnaryTests(())


class Finder:
    """All input entries of a table; a rule that lacks one is not asked for it."""

    def __init__(self, rules: Sequence[Sequence[Node]], columns: int) -> None:
        self._count = len(rules)
        self._all = (1 << len(rules)) - 1
        self._columns = [
            _Column([rule[column] if column < len(rule) else _ANYTHING for rule in rules])
            for column in range(columns)
        ]

    def matching(self, inputs: Sequence[Any], frame: Frame) -> list[int]:
        """Return the numbers of the rules that match, from 0, in their order."""
        frame.run.spend(self._count)
        left = self._all
        asked: list[tuple[list[Program], int, Frame]] = []
        for column, value in zip(self._columns, inputs, strict=True):
            found, unknown = column.at(value)
            left &= found | unknown
            if unknown & left:
                asked.append((column.tests, unknown, Frame({"?": value}, frame, frame.run)))
        return [rule for rule in bits(left) if _passes(asked, rule)]


def _passes(asked: list[tuple[list[Program], int, Frame]], rule: int) -> bool:
    for tests, unknown, scope in asked:
        if unknown >> rule & 1 and tests[rule](scope) is not True:
            return False
    return True


class _Column:
    """The input entries of one column."""

    def __init__(self, cells: list[Node]) -> None:
        self.tests = [build(cell) for cell in cells]
        self._everyone = (1 << len(cells)) - 1
        indexed = len(cells) <= MAX_RULES
        regions = [region_of(cell) if indexed else None for cell in cells]
        self._pieces = Pieces(main_kind(regions), regions)
        self._known = sum(1 << rule for rule, known in enumerate(self._pieces.known) if known)
        self._null = self._matching_null()

    def _matching_null(self) -> int:
        """Ask the cells that need no names about null, once."""
        frame = Frame({"?": None}, None, Evaluating(None))
        known = enumerate(self._pieces.known)
        return sum(1 << rule for rule, each in known if each and self.tests[rule](frame) is True)

    def at(self, value: Any) -> tuple[int, int]:
        """Return the rules whose cell matches a value, and those whose cell has to be asked."""
        found = self._null if value is None else self._pieces.at(value)
        if found is None:
            return 0, self._everyone
        return found, self._everyone ^ self._known
