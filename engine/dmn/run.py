"""One evaluation of a model: what FEEL's evaluations share, with the places of the model and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from engine.dmn.places import Place
from engine.feel.json import to_json
from engine.feel.limits import Limits
from engine.feel.run import Frame, Run
from engine.text import T

#: A model is checked before it is published, and has tables, so it may take more steps than an expression.
LIMITS = Limits(steps=2_000_000, problems=50)
MAX_TABLES = 200

NOWHERE = Place("", "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is null: a stable code, a sentence, and the place; `position` counts within its text."""

    code: str
    text: T
    place: Place
    position: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "code": self.code,
            "text": str(self.text),
            "element": self.place.element,
            "name": self.place.name,
            "part": self.place.part,
            "what": str(self.place.what),
            "position": self.position,
        }


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched: its number from 1, its id, what it answered and its annotations."""

    number: int
    id: str
    outputs: dict[str, Any]
    annotations: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "number": self.number,
            "id": self.id,
            "outputs": to_json(self.outputs),
            "annotations": self.annotations,
        }


@dataclass(frozen=True, slots=True)
class TableRun:
    """One evaluation of one table: its inputs by label, the rules that matched, and its value."""

    place: Place
    inputs: dict[str, Any]
    rules: tuple[MatchedRule, ...]
    value: Any

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "element": self.place.element,
            "name": self.place.name,
            "part": self.place.part,
            "inputs": to_json(self.inputs),
            "rules": [rule.as_json() for rule in self.rules],
            "value": to_json(self.value),
        }


class Evaluating(Run):
    """What is shared by everything within one evaluation of a model."""

    __slots__ = ("found", "place", "tables")

    def __init__(self, functions: Mapping[str, Callable[..., Any]] | None, limits: Limits = LIMITS) -> None:
        super().__init__(functions, limits)
        self.place = NOWHERE
        self.found: list[Problem] = []
        self.tables: list[TableRun] = []

    def note(self, code: str, text: T, position: int) -> None:
        """Record why the part at `position` of the text in evaluation is null."""
        self.note_at(self.place, code, text, position)

    def note_at(self, place: Place, code: str, text: T, position: int = 0) -> None:
        """Record why what stands at `place` is null."""
        if not self.quiet and len(self.found) < self.limits.problems:
            self.found.append(Problem(code, text, place, position))

    def record(self, table: TableRun) -> None:
        """Keep what a table did; of very many only the first are kept."""
        if not self.quiet and len(self.tables) < MAX_TABLES:
            self.tables.append(table)


def evaluating(frame: Frame) -> Evaluating:
    """Return the evaluation a scope belongs to."""
    return cast(Evaluating, frame.run)
