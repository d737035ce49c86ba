"""What an import did, element by element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.text import T

Outcome = Literal["translated", "dropped", "remains"]

OUTCOMES: dict[Outcome, T] = {
    "translated": T("已翻译"),
    "dropped": T("已去掉"),
    "remains": T("须人处理"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One setting of another product: where it stood, what it was, what became of it and why.

    What `remains` was left in the file as it was: nothing is executed in its place, and the gate
    names it.
    """

    element: str
    line: int
    outcome: Outcome
    setting: str
    before: str = ""
    after: str = ""
    reason: T | None = None
    name: str = ""

    def as_json(self, translate: Callable[[str], str] = lambda message: message) -> dict[str, Any]:
        """Return plain values, the reason in the language of `translate`."""
        return {
            "element": self.element,
            "name": self.name,
            "line": self.line,
            "outcome": self.outcome,
            "setting": self.setting,
            "before": self.before,
            "after": self.after,
            "reason": "" if self.reason is None else self.reason.render(translate),
        }


@dataclass(frozen=True, slots=True)
class Imported:
    """A diagram after its import: the file, the products it was written for, and all notes in its order."""

    xml: bytes
    products: tuple[str, ...]
    notes: tuple[Note, ...]

    @property
    def changed(self) -> bool:
        """Return whether anything was translated or taken out."""
        return any(note.outcome != "remains" for note in self.notes)

    def count(self, outcome: Outcome) -> int:
        """Return how many settings had this outcome."""
        return sum(note.outcome == outcome for note in self.notes)
