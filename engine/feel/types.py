"""Types and whether values belong to them (DMN 1.5 §10.3.2.9, `instance of`)."""

from __future__ import annotations

from typing import Any

from engine.feel import nodes
from engine.feel.limits import Budget
from engine.feel.nodes import Type
from engine.feel.values import Function, Range, Undefined, describe, kind_of, lift
from engine.text import T

_ALIASES = {
    "day time duration": "days and time duration",
    "days and time duration": "days and time duration",
    "year month duration": "years and months duration",
    "null": "Null",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}

_NAMES = frozenset(
    {
        "Null",
        "boolean",
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "context",
        "function",
    }
)


def standard_name(name: str) -> str:
    """Return the standard's name of a type that models may call otherwise."""
    return _ALIASES.get(name, name)


def belongs(value: Any, kind: Type, budget: Budget) -> bool:
    """Say whether `value` is an instance of the type; null is only an instance of Null.

    Raises Undefined for the name of a type that does not exist.
    """
    budget.spend(1)
    if isinstance(kind, nodes.NamedType):
        return _belongs_to_named(value, kind.name)
    if value is None:
        return False
    if isinstance(kind, nodes.DefinedType):
        return kind.definition.fits(value, budget)
    return _belongs_to_made(value, kind, budget)


def _belongs_to_named(value: Any, name: str) -> bool:
    name = standard_name(name)
    if name == "Any":
        return value is not None
    if name in ("list", "range"):
        raise Undefined(T("类型“{name}”要写明元素的类型，例如 {name}<number>", name=name), "unknown_type")
    if name not in _NAMES:
        raise Undefined(T("没有“{name}”这种类型", name=name), "unknown_type")
    return kind_of(value) == name


def _belongs_to_made(value: Any, kind: Type, budget: Budget) -> bool:
    if isinstance(kind, nodes.ListType):
        return isinstance(value, list) and all(_fits(lift(item), kind.of, budget) for item in value)
    if isinstance(kind, nodes.RangeType):
        return isinstance(value, Range) and all(
            _fits(end, kind.of, budget) for end in (value.start, value.end)
        )
    if isinstance(kind, nodes.ContextType):
        return isinstance(value, dict) and all(
            name in value and _fits(lift(value[name]), entry, budget) for name, entry in kind.entries
        )
    if isinstance(kind, nodes.FunctionType):
        return _is_function(value, kind)
    return False


def _fits(value: Any, kind: Type, budget: Budget) -> bool:
    """Say whether `value` may stand where the type is asked for: null may stand anywhere."""
    if value is None:
        return True
    return belongs(value, kind, budget)


def _is_function(value: Any, kind: nodes.FunctionType) -> bool:
    if not isinstance(value, Function) or len(value.parameters) != len(kind.parameters):
        return False
    declared = getattr(value, "types", (None,) * len(value.parameters))
    return all(
        mine is None or _is_any(mine) or mine == asked
        for mine, asked in zip(declared, kind.parameters, strict=True)
    )


def _is_any(kind: Type) -> bool:
    return isinstance(kind, nodes.NamedType) and kind.name == "Any"


def coerced(value: Any, kind: Type, budget: Budget) -> Any:
    """Return `value` as the type, by the implicit conversions of §10.3.2.9.4; raise Undefined else.

    A list of one becomes its element, and a single value a list of one, where the other is asked for.
    """
    if isinstance(kind, nodes.DefinedType):
        return kind.definition.convert(value, budget)
    if _fits(value, kind, budget):
        return value
    if isinstance(value, list) and len(value) == 1 and _fits(lift(value[0]), kind, budget):
        return lift(value[0])
    if _fits([value], kind, budget):
        return [value]
    raise Undefined(T("参数的类型不符：给的是{kind}", kind=describe(value)), "type")
