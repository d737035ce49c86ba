"""Breaking names into lines that fit a shape: Chinese anywhere but before a closing mark, Latin at spaces."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

SIZES = (12.0, 11.0, 10.0)
"""Type sizes in units of the diagram, the largest that fits is taken."""

LINE_HEIGHT = 1.3
ELLIPSIS = "…"

_NOT_FIRST = set("，。、；：？！）》】」』”’%℃,.;:?!)]}…")
_NOT_LAST = set("（《【「『“‘([{")
_NARROW = set("iljtfrI.,:;'!|()[]{} ")
_WIDE_LATIN = set("mwMWQOGD@%&")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text with the type size they were measured for."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """The height of all lines in units of the diagram."""
        return len(self.lines) * self.size * LINE_HEIGHT


def width(text: str, size: float) -> float:
    """Return about how wide a text is set in a common sans serif."""
    return sum(_em(char) for char in text) * size


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.32
    return 0.86 if char in _WIDE_LATIN else 0.58


def fit(text: str, wide: float, high: float) -> Block:
    """Return the text in lines no wider than `wide`, as large as its block is no higher than `high`."""
    for size in SIZES:
        block = Block(tuple(wrap(text, wide, size)), size)
        if block.height <= high:
            return block
    most = max(1, int(high / (SIZES[-1] * LINE_HEIGHT)))
    return Block(_shortened(block.lines, most, wide, block.size), block.size)


def wrap(text: str, wide: float, size: float) -> list[str]:
    """Return the lines of a text; a line break in the text stays one."""
    return [line for part in text.split("\n") for line in _wrap_part(part.strip(), wide, size)]


def _wrap_part(text: str, wide: float, size: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width((line + piece).rstrip(), size) > wide:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts between which a line may end."""
    piece = ""
    for index, char in enumerate(text):
        piece += char
        after = text[index + 1] if index + 1 < len(text) else ""
        if _may_break(char, after):
            yield piece
            piece = ""
    if piece:
        yield piece


def _may_break(char: str, after: str) -> bool:
    if char in _NOT_LAST or after in _NOT_FIRST:
        return False
    wide = unicodedata.east_asian_width
    return char == " " or wide(char) in "WF" or (bool(after) and wide(after) in "WF")


def _shortened(lines: tuple[str, ...], most: int, wide: float, size: float) -> tuple[str, ...]:
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(last + ELLIPSIS, size) > wide:
        last = last[:-1]
    return (*lines[: most - 1], last + ELLIPSIS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, placed by its middle and base line."""

    text: str
    x: float
    y: float
    size: float


def stacked(block: Block, x: float, y: float) -> tuple[Line, ...]:
    """Return the lines of a block around a middle point."""
    step = block.size * LINE_HEIGHT
    first = y - block.height / 2 + step * 0.76
    return tuple(Line(text, x, first + i * step, block.size) for i, text in enumerate(block.lines))
