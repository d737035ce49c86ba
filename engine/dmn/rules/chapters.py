"""All rules for decision models, in the order in which their modules are named here."""

from __future__ import annotations

from engine.dmn.rules import (
    boxes,
    coverage,
    expressions,
    graph,
    names,
    services,
    structure,
    tables,
    types,
    values,
)
from engine.dmn.rules.registry import RULES, Rule

CHAPTERS = (structure, graph, services, types, values, expressions, names, boxes, tables, coverage)


def all_rules() -> tuple[Rule, ...]:
    """Return every rule."""
    return tuple(RULES)
