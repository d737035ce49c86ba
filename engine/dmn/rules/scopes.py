"""Which names and functions a tree uses that nothing around it defines, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.dmn.nodes import Placed
from engine.dmn.places import Place
from engine.feel import nodes
from engine.feel.builtins import BUILTINS
from engine.feel.errors import line_and_column
from engine.feel.nodes import Node, children

Bound = frozenset[str]


class Use(NamedTuple):
    """A name that is not defined: where it stands, and whether it is called as a function."""

    name: str
    called: bool
    place: Place
    spot: tuple[int, int]


class _Around(NamedTuple):
    """What surrounds a node: names that are defined, the text it stands in, and whether that is a filter."""

    bound: Bound
    text: Placed | None
    in_filter: bool = False

    def binding(self, *names: str) -> _Around:
        return self._replace(bound=self.bound | frozenset(names))


def undefined(tree: Node, names: frozenset[str]) -> Iterator[Use]:
    """Yield every use of a name that is neither among `names` nor defined in the tree.

    A name within a filter may be an entry of the elements, which nobody knows beforehand.
    """
    return _visit(tree, _Around(names, None))


def _visit(node: Node, around: _Around) -> Iterator[Use]:
    if isinstance(node, Placed):
        yield from _visit(node.node, around._replace(text=node if node.text else around.text))
    elif isinstance(node, nodes.Name):
        if not around.in_filter:
            yield from _use(node, around, called=False)
    elif isinstance(node, nodes.Call | nodes.NamedCall):
        yield from _call(node, around)
    elif isinstance(node, nodes.Filter):
        yield from _visit(node.source, around)
        yield from _visit(node.condition, around.binding("item")._replace(in_filter=True))
    elif isinstance(node, nodes.For | nodes.Quantified):
        yield from _loop(node, around)
    elif isinstance(node, nodes.ContextLiteral):
        yield from _entries(node, around)
    elif isinstance(node, nodes.FunctionLiteral):
        if not node.external:
            yield from _visit(node.body, around.binding(*(name for name, _ in node.parameters)))
    else:
        for child in children(node):
            yield from _visit(child, around)


def _use(node: nodes.Name, around: _Around, *, called: bool) -> Iterator[Use]:
    if node.name in around.bound or node.name in BUILTINS or around.text is None:
        return
    spot = line_and_column(around.text.text, node.position)
    yield Use(node.name, called, around.text.place, spot)


def _call(node: nodes.Call | nodes.NamedCall, around: _Around) -> Iterator[Use]:
    if isinstance(node.function, nodes.Name):
        yield from _use(node.function, around, called=True)
    else:
        yield from _visit(node.function, around)
    for argument in node.arguments:
        yield from _visit(argument[1] if isinstance(argument, tuple) else argument, around)


def _loop(node: nodes.For | nodes.Quantified, around: _Around) -> Iterator[Use]:
    for name, domain in node.iterators:
        yield from _visit(domain, around)
        around = around.binding(name)
    if isinstance(node, nodes.For):
        yield from _visit(node.result, around.binding("partial"))
    else:
        yield from _visit(node.condition, around)


def _entries(node: nodes.ContextLiteral, around: _Around) -> Iterator[Use]:
    for key, value in node.entries:
        inner = value.node if isinstance(value, Placed) else value
        own = (key,) if isinstance(inner, nodes.FunctionLiteral) else ()
        yield from _visit(value, around.binding(*own))
        around = around.binding(key)
