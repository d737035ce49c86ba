"""What a drawn element shows of an instance: waiting tokens, failures, how often it was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.replay import Frame, Spot
from engine.text import T

State = Literal["now", "failed", "done", "idle"]

WORDS: Mapping[State, T] = {"now": T("进行中"), "failed": T("出错"), "done": T("已完成"), "idle": T("未到达")}
SIGNS: Mapping[State, str] = {"now": "▶", "failed": "!", "done": "✓", "idle": ""}


@dataclass(frozen=True, slots=True)
class Mark:
    """The tokens at one element: `live` of them, `failed` of those, and `done` runs behind it.

    `items` are the numbers of parallel items that are still open, from 1.
    """

    live: int = 0
    failed: int = 0
    done: int = 0
    items: tuple[int, ...] = ()

    @property
    def state(self) -> State:
        """The one word for the element."""
        if self.failed:
            return "failed"
        if self.live:
            return "now"
        return "done" if self.done else "idle"

    @property
    def count(self) -> str:
        """How many: open items of all, or the number of runs when there was more than one."""
        if self.live and self.items:
            return f"{self.done}/{self.done + len(self.items)}"
        if self.live > 1:
            return f"×{self.live}"
        return f"×{self.done}" if self.done > 1 and not self.live else ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one diagram: elements and taken flows by id."""

    elements: Mapping[str, Mark]
    flows: frozenset[str] = frozenset()
    current: str | None = None

    def of(self, element: str) -> Mark:
        """Return the mark of an element; an element nothing has happened to has an empty one."""
        return self.elements.get(element, _UNTOUCHED)


_UNTOUCHED = Mark()
NO_MARKS = Marks({})


def marks_of(frame: Frame, process: str = "", *, current: str | None = None) -> Marks:
    """Return the marks of one process at a moment of an instance's history; empty is the instance's own."""
    standing: dict[Spot, list[int]] = {}
    for token, place in frame.tokens.items():
        standing.setdefault(place.spot, []).append(token)
    elements = {
        spot.element: _mark(frame, standing.get(spot, ()), frame.done.get(spot, 0))
        for spot in {*standing, *frame.done}
        if spot.process == process
    }
    taken = frozenset(flow.element for flow in frame.flows if flow.process == process)
    return Marks(elements, taken, current)


def _mark(frame: Frame, tokens: Iterable[int], done: int) -> Mark:
    held = list(tokens)
    indexes = [frame.tokens[token].index for token in held]
    items = tuple(sorted(index + 1 for index in indexes if index is not None))
    failed = sum(token in frame.failed for token in held)
    return Mark(len(items) or len(held), failed, done, items)
