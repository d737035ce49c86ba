"""What the gate says about a diagram, and what it must know of the world to say it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.feel.types import FeelType
from engine.text import T

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What exists outside the diagram; None means: not known here, so it is not checked.

    Two are never equal: what is found with one may be kept for as long as it is there.
    """

    forms: Collection[str] | None = None
    services: Collection[str] | None = None
    queries: Collection[str] | None = None
    processes: Collection[str] | None = None
    functions: Collection[str] | None = None
    roles: Collection[str] | None = None
    departments: Collection[str] | None = None
    decisions: Collection[str] | None = None
    form_values: Mapping[str, Mapping[str, FeelType | None]] | None = None
    """The types of the values a form leaves behind, for forms whose values become variables as they are."""
    decision_values: Mapping[str, tuple[str, FeelType | None]] | None = None
    """The name and the type of every decision's result, by the decision's id."""


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: an error forbids publishing, a warning is confirmed by the publisher.

    `element` is the id of the nearest element a person knows (a flow node rather than its event
    definition), `part` that of the part of it that breaks the rule, if it has one. `source` is where
    the rule comes from; `line` counts from 1, 0 when unknown; `spot` is the line and column in a text.
    """

    code: str
    severity: Severity
    element: str
    rule: T
    hint: T
    source: str
    line: int = 0
    tag: str = ""
    name: str = ""
    part: str = ""
    spot: tuple[int, int] | None = None

    @property
    def key(self) -> str:
        """Return what names this finding when somebody confirms it."""
        return f"{self.code}@{self.element}"

    def as_json(self, translate: Callable[[str], str] = lambda message: message) -> dict[str, Any]:
        """Return plain values, sentences in the language of `translate`."""
        return {
            "key": self.key,
            "code": self.code,
            "severity": self.severity,
            "element": self.element,
            "tag": self.tag,
            "name": self.name,
            "part": self.part,
            "line": self.line,
            "position": None if self.spot is None else {"line": self.spot[0], "column": self.spot[1]},
            "rule": self.rule.render(translate),
            "hint": self.hint.render(translate),
            "source": self.source,
        }
