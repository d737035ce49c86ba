"""Values of the language as JSON and back; a temporal value is written {"@": "2026-09-25"}."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.lexical import write
from engine.feel.room import with_room
from engine.feel.temporal import TEMPORALS
from engine.feel.values import TAG, Function, Range, lift

_WHOLE = 2**63
_MANY = 200


def to_json(value: Any) -> Any:
    """Return `value` as JSON has it: whole numbers of 64 bits as int, other numbers as float.

    Temporal values and whole numbers of more than 64 bits are tagged with "@", others lose the
    digits a float has no room for. A range becomes a context of its ends; a function becomes null.
    """
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, int | Decimal):
        return _number(value)
    if isinstance(value, list | tuple | dict):
        return _container(value) if len(value) < _MANY else with_room(lambda: _container(value))
    if isinstance(value, Range):
        return _range(value)
    if isinstance(value, Function):
        return None
    return _other(lift(value))


def _container(value: list[Any] | tuple[Any, ...] | dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return [to_json(item) for item in value]


def _other(value: Any) -> Any:
    if isinstance(value, TEMPORALS):
        return {TAG: write(value)}
    return None if value is None else to_json(value)


def _number(value: int | Decimal) -> Any:
    if isinstance(value, Decimal):
        if value != value.to_integral_value():
            nearest = float(value)
            return nearest if nearest or not value else {TAG: str(value)}
        if value.adjusted() > 18:
            return {TAG: str(value)}
        value = int(value)
    return value if -_WHOLE <= value < _WHOLE else {TAG: str(value)}


def _range(value: Range) -> dict[str, Any]:
    return {
        "start": to_json(value.start),
        "end": to_json(value.end),
        "start included": value.start_included,
        "end included": value.end_included,
    }


def from_json(value: Any) -> Any:
    """Return stored JSON as values of the language, all the way down; evaluation needs no such step."""
    value = lift(value)
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return value
