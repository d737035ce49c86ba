"""All rules for decision models, in the order in which their modules are named here."""

from __future__ import annotations

from engine.dmn.rules import expressions, graph, tables
from engine.dmn.rules.registry import RULES, Rule

CHAPTERS = (graph, expressions, tables)


def all_rules() -> tuple[Rule, ...]:
    """Return every rule."""
    return tuple(RULES)
