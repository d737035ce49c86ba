"""The standard's built-in functions, by their names (DMN 1.5 §10.3.4)."""

from engine.feel.builtins import (
    boolean,
    context,
    conversion,
    lists,
    numeric,
    ranges,
    statistics,
    strings,
    temporal,
)
from engine.feel.builtins.registry import BUILTINS

__all__ = [
    "BUILTINS",
    "boolean",
    "context",
    "conversion",
    "lists",
    "numeric",
    "ranges",
    "statistics",
    "strings",
    "temporal",
]
