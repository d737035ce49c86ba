"""What evaluating a tree once costs, in steps, and which of the names are used that loops lend to it.

A step stands for about a third of a microsecond on a machine of 2024; what a construct costs beyond
that by the size of its values, it pays for when it knows them.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.feel import nodes
from engine.feel.nodes import Node, children

_COSTS: dict[type[Node], int] = {
    nodes.Call: 10,
    nodes.NamedCall: 12,
    nodes.FunctionLiteral: 4,
    nodes.ContextLiteral: 3,
    nodes.RangeLiteral: 5,
    nodes.Test: 5,
    nodes.For: 5,
    nodes.Quantified: 5,
    nodes.Filter: 5,
    nodes.In: 3,
    nodes.Between: 3,
    nodes.InstanceOf: 3,
    nodes.Descendants: 3,
}
_LENT = frozenset({"item", "partial", "?"})


class Measures(NamedTuple):
    """The cost of a tree, and which of `item`, `partial` and `?` it uses, bound or free."""

    cost: int
    uses: frozenset[str]


def measured(node: Node) -> Measures:
    """Return the measures of a tree; each node keeps its own, so asking again costs nothing."""
    found = node.measures
    if found is None:
        steps, used = _COSTS.get(type(node), 1), _own(node)
        for child in children(node):
            below = measured(child)
            steps += below.cost
            used = used | below.uses if below.uses else used
        found = _SMALL[steps] if steps < len(_SMALL) and not used else Measures(steps, used)
        object.__setattr__(node, "measures", found)
    return found


_NONE: frozenset[str] = frozenset()
_SMALL = [Measures(steps, _NONE) for steps in range(50)]


def cost(node: Node) -> int:
    """Return what evaluating a tree once costs, in steps; loops within it pay for each turn themselves."""
    return measured(node).cost


def uses(node: Node, name: str) -> bool:
    """Say whether a tree uses `item`, `partial` or `?`."""
    return name in measured(node).uses


def _own(node: Node) -> frozenset[str]:
    if isinstance(node, nodes.Name) and node.name in _LENT:
        return frozenset({node.name})
    return frozenset({"?"}) if isinstance(node, nodes.Input) else _NONE
