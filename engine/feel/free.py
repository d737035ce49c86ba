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
    search.visit(node)
    return Needs(frozenset(search.names), frozenset(search.required), frozenset(search.functions))


class _Search:
    """One walk over a tree; `_bound` counts in how many of the scopes around it a name is bound."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.required: set[str] = set()
        self.functions: set[str] = set()
        self._bound: dict[str, int] = {}
        self._filters = 0

    def visit(self, node: Node) -> None:
        if isinstance(node, nodes.Name):
            self._name(node.name)
        elif isinstance(node, nodes.Call | nodes.NamedCall):
            self._call(node)
        elif isinstance(node, nodes.Filter):
            self._filter(node)
        elif isinstance(node, nodes.For | nodes.Quantified):
            self._loop(node)
        elif isinstance(node, nodes.ContextLiteral):
            self._context(node)
        elif isinstance(node, nodes.FunctionLiteral):
            self._function(node)
        else:
            for child in children(node):
                self.visit(child)

    def _bind(self, *names: str) -> None:
        for name in names:
            self._bound[name] = self._bound.get(name, 0) + 1

    def _free(self, *names: str) -> None:
        for name in names:
            self._bound[name] -= 1

    def _is_known(self, name: str) -> bool:
        return self._bound.get(name, 0) > 0 or name in BUILTINS

    def _name(self, name: str) -> None:
        if self._is_known(name):
            return
        self.names.add(name)
        if not self._filters:
            self.required.add(name)

    def _call(self, node: nodes.Call | nodes.NamedCall) -> None:
        if not isinstance(node.function, nodes.Name):
            self.visit(node.function)
        elif not self._is_known(node.function.name):
            self.functions.add(node.function.name)
        for argument in node.arguments:
            self.visit(argument[1] if isinstance(argument, tuple) else argument)

    def _filter(self, node: nodes.Filter) -> None:
        self.visit(node.source)
        self._filters += 1
        self._bind("item")
        self.visit(node.condition)
        self._free("item")
        self._filters -= 1

    def _context(self, node: nodes.ContextLiteral) -> None:
        for key, value in node.entries:
            if isinstance(value, nodes.FunctionLiteral):
                self._bind(key)
                self.visit(value)
            else:
                self.visit(value)
                self._bind(key)
        self._free(*(key for key, _ in node.entries))

    def _function(self, node: nodes.FunctionLiteral) -> None:
        if not node.external:
            names = [name for name, _ in node.parameters]
            self._bind(*names)
            self.visit(node.body)
            self._free(*names)

    def _loop(self, node: nodes.For | nodes.Quantified) -> None:
        for name, domain in node.iterators:
            self.visit(domain)
            self._bind(name)
        names = [name for name, _ in node.iterators]
        if isinstance(node, nodes.For):
            names.append("partial")
            self._bind("partial")
            self.visit(node.result)
        else:
            self.visit(node.condition)
        self._free(*names)
