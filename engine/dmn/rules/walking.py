"""Going through a model: its elements with their logic, and every node of a tree."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import model
from engine.dmn.linking import Model
from engine.dmn.model import GraphElement
from engine.feel.nodes import Node, children


def logic(of: Model) -> Iterator[tuple[GraphElement, Node]]:
    """Yield every decision and knowledge model that has logic, with the tree of it."""
    for element in of.definitions.elements:
        if _has_logic(element):
            yield element, of.tree(element)


def _has_logic(element: GraphElement) -> bool:
    if isinstance(element, model.Decision):
        return element.expression is not None
    return isinstance(element, model.KnowledgeModel) and element.logic is not None


def everything(node: Node) -> Iterator[Node]:
    """Yield a tree's nodes, each before those below it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(list(children(found))))
