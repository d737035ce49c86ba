"""All rules in the order of their chapters."""

from __future__ import annotations

from engine.bpmn.rules import flows, references
from engine.bpmn.rules.registry import RULES, Rule

CHAPTERS = (references, flows)


def all_rules() -> tuple[Rule, ...]:
    """Return every rule of every chapter."""
    return tuple(RULES)
