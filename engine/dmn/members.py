"""Names that come after a dot: those of components, outputs, entries, columns and imported elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from engine.dmn import model
from engine.dmn.model import Definitions, Element, GraphElement


def member_names(definitions: Definitions) -> set[str]:
    """Return every name an expression about this file may have after a dot."""
    return {name for name in _names(definitions) if name}


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, model.ItemDefinition | model.OutputClause | GraphElement):
        yield value.name
    elif isinstance(value, model.ContextEntry) and value.variable is not None:
        yield value.variable.name
    elif isinstance(value, model.Relation):
        yield from (column.name for column in value.columns)
    if isinstance(value, tuple):
        for part in value:
            yield from _names(part)
    elif isinstance(value, Element):
        for spot in fields(value):
            yield from _names(getattr(value, spot.name))
