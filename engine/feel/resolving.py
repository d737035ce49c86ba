"""From a written type to the type it names: the language's own, or one the model defines."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.types import (
    SIMPLE,
    ContextOf,
    FeelType,
    FunctionOf,
    ListOf,
    RangeOf,
    Restricted,
    Types,
    Unknown,
)


def resolved(node: nodes.Type, types: Types) -> FeelType:
    """Return the type `node` writes; a name that nothing defines is found out when it is asked for."""
    if isinstance(node, nodes.ListType):
        return ListOf(resolved(node.of, types))
    if isinstance(node, nodes.RangeType):
        return RangeOf(resolved(node.of, types))
    if isinstance(node, nodes.ContextType):
        return ContextOf(tuple((name, resolved(entry, types)) for name, entry in node.entries))
    if isinstance(node, nodes.FunctionType):
        parameters = tuple(resolved(parameter, types) for parameter in node.parameters)
        return FunctionOf(parameters, resolved(node.result, types))
    return _named(node.name if isinstance(node, nodes.NamedType) else "Any", types)


def _named(name: str, types: Types) -> FeelType:
    return types.get(name) or SIMPLE.get(name) or _part(name, types) or Unknown(name)


def _part(name: str, types: Types) -> FeelType | None:
    """Return the type of a component, written as `tPerson.address`."""
    outer, dot, entry = name.rpartition(".")
    found = types.get(outer) or _part(outer, types) if dot else None
    if isinstance(found, Restricted):
        found = found.base
    return dict(found.entries).get(entry) if isinstance(found, ContextOf) else None
