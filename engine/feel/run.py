"""One evaluation: the scopes it looks names up in, what it may still spend, and why values are null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from engine import clock
from engine.feel.limits import DEFAULT, Budget, Limits
from engine.feel.room import with_room
from engine.feel.temporal import DateTime, moment_of
from engine.feel.values import Undefined
from engine.text import T


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a part of an expression is null: a stable code, a sentence, the character it begins at."""

    code: str
    text: T
    position: int


Functions = Mapping[str, Callable[..., Any]]


R = TypeVar("R")
_MANY = 1_000
"""Steps that take so long that the price of room on the stack does not matter."""


RECURSIVE = 1_000_000
"""Steps that a function may take that may call itself."""


class Run(Budget):
    """What is shared by everything within one evaluation, or within all evaluations of one decision.

    `functions` are the host's, by name.
    """

    __slots__ = ("_moment", "functions", "has_room", "problems", "quiet")

    def __init__(self, functions: Functions | None = None, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.calls = 0
        self.functions = functions
        self.problems: list[Problem] = []
        self.quiet = 0
        self.has_room = False
        self._moment: DateTime | None = None

    @property
    def moment(self) -> DateTime:
        """The present, the same throughout the run."""
        if self._moment is None:
            self._moment = moment_of(clock.now())
        return self._moment

    def roomy(self, steps: int, work: Callable[[], R]) -> R:
        """Return what `work` returns; when it takes many steps, it is done with room on the stack."""
        if self.has_room or steps < _MANY:
            return work()
        self.has_room = True
        try:
            return with_room(work)
        finally:
            self.has_room = False

    def note(self, code: str, text: T, position: int) -> None:
        """Record why the part at `position` is null, and answer with null."""
        self.spend(5)
        if not self.quiet and len(self.problems) < self.limits.problems:
            self.problems.append(Problem(code, text, position))

    def note_undefined(self, reason: Undefined, position: int) -> None:
        """Record an operation that has no value, and answer with null."""
        self.note(reason.code, reason.text, position)


class Frame:
    """One scope: names with values, and the scope around it."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: Frame | None, run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run


Program = Callable[[Frame], Any]
"""A compiled node: from a scope to a value."""
