"""Which names a tree needs from outside: the static side of scopes."""

from __future__ import annotations

from typing import NamedTuple

from engine.feel import nodes
from engine.feel.builtins import BUILTINS
from engine.feel.nodes import Node, children


class Needs(NamedTuple):
    """The free names of a tree: all, those outside filters, and the called ones the standard lacks."""

    names: frozenset[str]
    required: frozenset[str]
    functions: frozenset[str]


def needs_of(node: Node) -> Needs:
    """Return what `node` takes from its context."""
    search = _Search()
    search.visit(node, frozenset(), in_filter=False)
    return Needs(frozenset(search.names), frozenset(search.required), frozenset(search.functions))


class _Search:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.required: set[str] = set()
        self.functions: set[str] = set()

    def visit(self, node: Node, bound: frozenset[str], *, in_filter: bool) -> None:
        if isinstance(node, nodes.Name):
            self._name(node.name, bound, in_filter)
        elif isinstance(node, nodes.Call | nodes.NamedCall):
            self._call(node, bound, in_filter)
        elif isinstance(node, nodes.Filter):
            self.visit(node.source, bound, in_filter=in_filter)
            self.visit(node.condition, bound | {"item"}, in_filter=True)
        elif isinstance(node, nodes.For | nodes.Quantified):
            self._loop(node, bound, in_filter)
        elif isinstance(node, nodes.ContextLiteral):
            for key, value in node.entries:
                self.visit(
                    value,
                    bound | {key} if isinstance(value, nodes.FunctionLiteral) else bound,
                    in_filter=in_filter,
                )
                bound = bound | {key}
        elif isinstance(node, nodes.FunctionLiteral):
            if not node.external:
                names = {name for name, _ in node.parameters}
                self.visit(node.body, bound | names, in_filter=in_filter)
        else:
            for child in children(node):
                self.visit(child, bound, in_filter=in_filter)

    def _name(self, name: str, bound: frozenset[str], in_filter: bool) -> None:
        if name in bound or name in BUILTINS:
            return
        self.names.add(name)
        if not in_filter:
            self.required.add(name)

    def _call(self, node: nodes.Call | nodes.NamedCall, bound: frozenset[str], in_filter: bool) -> None:
        if not isinstance(node.function, nodes.Name):
            self.visit(node.function, bound, in_filter=in_filter)
        elif node.function.name not in bound and node.function.name not in BUILTINS:
            self.functions.add(node.function.name)
        for argument in node.arguments:
            value = argument[1] if isinstance(argument, tuple) else argument
            self.visit(value, bound, in_filter=in_filter)

    def _loop(self, node: nodes.For | nodes.Quantified, bound: frozenset[str], in_filter: bool) -> None:
        for name, domain in node.iterators:
            self.visit(domain, bound, in_filter=in_filter)
            bound = bound | {name}
        if isinstance(node, nodes.For):
            self.visit(node.result, bound | {"partial"}, in_filter=in_filter)
        else:
            self.visit(node.condition, bound, in_filter=in_filter)
