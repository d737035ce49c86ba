"""From a written type to the type it names: the language's own, or one a model defines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from engine.feel import nodes
from engine.feel.nodes import Node
from engine.feel.types import SIMPLE, ContextOf, FeelType, FunctionOf, ListOf, RangeOf, Unknown

N = TypeVar("N", bound=Node)
Find = Callable[[str], FeelType | None]
"""Finds the type a model defines by its name."""


def resolved(node: nodes.Type) -> FeelType:
    """Return the type `node` writes; a name that nothing defines is found out when it is asked for."""
    if isinstance(node, nodes.ListType):
        return ListOf(resolved(node.of))
    if isinstance(node, nodes.RangeType):
        return RangeOf(resolved(node.of))
    if isinstance(node, nodes.ContextType):
        return ContextOf(tuple((name, resolved(entry)) for name, entry in node.entries))
    if isinstance(node, nodes.FunctionType):
        return FunctionOf(tuple(map(resolved, node.parameters)), resolved(node.result))
    if isinstance(node, nodes.DefinedType):
        return node.definition
    name = node.name if isinstance(node, nodes.NamedType) else "Any"
    return SIMPLE.get(name) or Unknown(name)


def with_types(node: N, find: Find) -> N:
    """Return a tree in which the types a model defines stand in the places of their names."""
    return _replaced(node, find)  # type: ignore[no-any-return]


def _replaced(value: Any, find: Find) -> Any:
    if isinstance(value, nodes.NamedType):
        found = None if value.name in SIMPLE else find(value.name)
        return value if found is None else nodes.DefinedType(value.name, found, position=value.position)
    if isinstance(value, tuple):
        parts = tuple(_replaced(part, find) for part in value)
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    if not isinstance(value, Node):
        return value
    spots = {spot.name: getattr(value, spot.name) for spot in fields(value)}
    changes = {name: new for name, old in spots.items() if (new := _replaced(old, find)) is not old}
    return replace(value, **changes) if changes else value
