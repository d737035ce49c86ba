"""The one exception FEEL shows to its callers: text that is not FEEL."""

from __future__ import annotations

from engine.errors import WuxingError
from engine.text import T


class FeelSyntaxError(WuxingError):
    """Text that is not FEEL: `position` counts characters from 0, `expected` names what would fit there."""

    code = "feel_syntax"

    def __init__(self, text: T, position: int, expected: str = "", source: str = "") -> None:
        super().__init__(text, position=position, expected=expected)
        self.position = position
        self.expected = expected
        self.line, self.column = line_and_column(source, position)


def line_and_column(source: str, position: int) -> tuple[int, int]:
    """Return the line and the column, both from 1, of a position in `source`."""
    before = source[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
