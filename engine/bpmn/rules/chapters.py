"""All rules in the order of their chapters."""

from __future__ import annotations

from engine.bpmn.rules import (
    calls,
    collaborations,
    compensation,
    correlation,
    data,
    events,
    flows,
    gateways,
    items,
    links,
    operations,
    own,
    paths,
    performers,
    references,
    repetition,
    scopes,
    starts,
    structure,
    supported,
    tasks,
    texts,
    typing,
    variables,
)
from engine.bpmn.rules.registry import RULES, Rule

CHAPTERS = (
    structure,
    references,
    scopes,
    starts,
    flows,
    events,
    links,
    gateways,
    performers,
    tasks,
    calls,
    repetition,
    compensation,
    data,
    items,
    operations,
    collaborations,
    correlation,
    texts,
    variables,
    typing,
    supported,
    own,
    paths,
)


def all_rules() -> tuple[Rule, ...]:
    """Return every rule of every chapter."""
    return tuple(RULES)
