"""How a rule is written: a generator of hits, with its code, source, sentence and hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.bpmn.findings import Finding, Known, Severity
from engine.bpmn.model import Model, line_of, local, place
from engine.text import T


@dataclass(frozen=True, slots=True)
class Hit:
    """An element that breaks the rule, and what fills the places of the rule's sentences."""

    xml: etree._Element
    params: dict[str, Any]
    advice: T | None = None
    cited: str | None = None
    spot: tuple[int, int] | None = None


Hits = Iterator[Hit]
Check = Callable[[Model, Known], Hits]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the gate; `check` yields a hit per element that breaks it."""

    code: str
    source: str
    text: T
    hint: T
    severity: Severity
    check: Check
    to_execute: bool = False

    def findings(self, model: Model, known: Known, publishing: bool = False) -> Iterator[Finding]:
        """Yield a finding for each hit.

        What only execution needs is an error where the process is marked as executable, and for
        all that is published; elsewhere the standard leaves it open (§10.1), and it is a warning.
        """
        for hit in self.check(model, known):
            needed = publishing or not self.to_execute or model.says_executable(hit.xml)
            yield self._finding(model, hit, self.severity if needed else "warning")

    def _finding(self, model: Model, hit: Hit, severity: Severity) -> Finding:
        shown = place(model.drawn_by(hit.xml))
        params = {"name": shown.get("name") or shown.get("id") or "", **hit.params}
        return Finding(
            code=self.code,
            severity=severity,
            element=_short(shown.get("id") or ""),
            rule=_filled(self.text, params),
            hint=_filled(hit.advice or self.hint, params),
            source=hit.cited or self.source,
            line=line_of(hit.xml),
            tag=local(shown),
            name=_short(shown.get("name") or ""),
            part=_short(hit.xml.get("id") or "") if hit.xml is not shown else "",
            spot=hit.spot,
        )


RULES: list[Rule] = []


def rule(
    code: str, source: str, text: T, hint: T, *, severity: Severity = "error", to_execute: bool = False
) -> Callable[[Check], Check]:
    """Register a generator of hits as a rule; `text` and `hint` may name parameters of the hits.

    `to_execute` says that the standard asks for it only of what is executed.
    """

    def register(check: Check) -> Check:
        RULES.append(Rule(code, source, text, hint, severity, check, to_execute))
        return check

    return register


def hit(
    xml: etree._Element,
    *,
    advice: T | None = None,
    cited: str | None = None,
    spot: tuple[int, int] | None = None,
    **params: Any,
) -> Hit:
    """Return a hit at `xml`; `advice` and `cited` replace the registered hint and source.

    `spot` is the line and column, both from 1, within a text that is evaluated.
    """
    return Hit(xml, params, advice, cited, spot)


def _filled(text: T, params: dict[str, Any]) -> T:
    """Complete a sentence; what comes from a foreign file is shortened."""
    return T(text.message, **{key: _shown(value) for key, value in {**params, **text.params}.items()})


def _shown(value: Any) -> Any:
    return _short(value) if isinstance(value, str) else value


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"
