"""All rules, in their order, on a scope and the scopes inside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.spiff.parser.model import ScopeDef
from engine.spiff.rewrite.conditions import split_conditional_flows
from engine.spiff.rewrite.handlers import name_handlers
from engine.spiff.rewrite.links import join_links
from engine.spiff.rewrite.quantities import gather_tokens, multiply_tokens
from engine.spiff.rewrite.starts import add_missing_start, start_by_gateway, start_by_receiving

Rule = Callable[[ScopeDef], ScopeDef]

RULES: tuple[Rule, ...] = (
    name_handlers,
    join_links,
    start_by_receiving,
    start_by_gateway,
    add_missing_start,
    split_conditional_flows,
    gather_tokens,
    multiply_tokens,
)


def rewrite(scope: ScopeDef) -> ScopeDef:
    """Return the scope with every rule applied, its sub-processes first."""
    nodes = {
        node.id: node if node.body is None else replace(node, body=rewrite(node.body))
        for node in scope.nodes.values()
    }
    scope = replace(scope, nodes=nodes)
    for rule in RULES:
        scope = rule(scope)
    return scope
