"""How a rule for decision models is written: a generator of hits with code, source, sentence and hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.bpmn.findings import Finding, Severity
from engine.dmn.grid import MAX_ANALYSED, Grid
from engine.dmn.linking import Model
from engine.dmn.places import Place
from engine.dmn.reading import Document
from engine.dmn.rules.kinds import Inference, scope_of
from engine.dmn.rules.walking import everything, logic
from engine.dmn.tables import TableNode
from engine.text import T


@dataclass(frozen=True, eq=False)
class Subject:
    """What is checked: a file, the model it makes with those it imports, and the namespaces given along.

    What several rules ask for is found out once.
    """

    document: Document
    model: Model
    known: frozenset[str]

    @cached_property
    def tables(self) -> list[TableNode]:
        """The tables of the file with everything in them parsed."""
        trees = (tree for _, tree in logic(self.model))
        return [node for tree in trees for node in everything(tree) if isinstance(node, TableNode)]

    @cached_property
    def grids(self) -> list[tuple[TableNode, Grid]]:
        """The tables that can be looked at as a whole."""
        sizes = ((table, len(table.rules)) for table in self.tables if table.columns)
        return [(table, Grid(table)) for table, size in sizes if 0 < size <= MAX_ANALYSED]

    @cached_property
    def kinds(self) -> Inference:
        """What is known of the types of all values of the file."""
        inference = Inference()
        for element, tree in logic(self.model):
            inference.of(tree, scope_of(self.model, element))
        return inference


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that breaks the rule, and what fills the rule's sentences; `spot` is in a text of the model."""

    place: Place
    params: dict[str, Any] = field(default_factory=dict)
    spot: tuple[int, int] | None = None


Hits = Iterator[Hit]
Check = Callable[[Subject], Hits]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the gate; `check` yields a hit per place that breaks it."""

    code: str
    source: str
    text: T
    hint: T
    severity: Severity
    check: Check

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Yield a finding for each hit."""
        for hit in self.check(subject):
            place = hit.place
            params = {"name": place.name or place.element, "what": place.what, **hit.params}
            yield Finding(
                code=self.code,
                severity=self.severity,
                element=_short(place.element),
                rule=_filled(self.text, params),
                hint=_filled(self.hint, params),
                source=self.source,
                line=place.line,
                tag=place.tag,
                name=_short(place.name),
                part=_short(place.part) if place.part != place.element else "",
                spot=hit.spot,
            )


RULES: list[Rule] = []


def rule(
    code: str, source: str, text: T, hint: T, *, severity: Severity = "error"
) -> Callable[[Check], Check]:
    """Register a generator of hits as a rule; `text` and `hint` may name parameters of the hits."""

    def register(check: Check) -> Check:
        RULES.append(Rule(code, source, text, hint, severity, check))
        return check

    return register


def _filled(text: T, params: dict[str, Any]) -> T:
    """Complete a sentence; what comes from a foreign file is shortened."""
    return T(text.message, **{key: _shown(value) for key, value in params.items()})


def _shown(value: Any) -> Any:
    if isinstance(value, T):
        return T(value.message, **{key: _shown(part) for key, part in value.params.items()})
    return _short(value) if isinstance(value, str) else value


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"
