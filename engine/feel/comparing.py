"""Equality, order, and whether a value lies within a range (DMN 1.5 §10.3.2.15, tables 50-55)."""

from __future__ import annotations

from typing import Any

from engine.feel.limits import Budget
from engine.feel.logic import conjunction, negation
from engine.feel.temporal import NANOS, DateTime, Time
from engine.feel.values import MOMENTS, ORDERED, Range, kind_of, lift

_LONG = 512
"""Strings longer than this pay for being compared."""


def equal(left: Any, right: Any, budget: Budget | None = None) -> bool | None:
    """Compare two values; None when their kinds differ and neither is null.

    Times are equal when they are the same moment to the second, and both have an offset or neither
    has (DMN 1.5 tables 50 and 53; the conformance kit tells of the seconds).
    """
    if left is None or right is None:
        return left is right
    if type(left) is str and type(right) is str:
        _pay_for(left, budget)
        return left == right
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    if kind in MOMENTS:
        return (left.zone is None) == (right.zone is None) and _seconds(left) == _seconds(right)
    if kind in ORDERED or kind == "boolean":
        return bool(left == right)
    if kind == "list":
        return _equal_lists(left, right, budget or Budget())
    if kind == "context":
        return _equal_contexts(left, right, budget or Budget())
    return left is right or (_equal_ranges(left, right, budget) if kind == "range" else None)


def _equal_ranges(left: Range, right: Range, budget: Budget | None) -> bool:
    same = (left.operator, left.start_included, left.end_included) == (
        right.operator,
        right.start_included,
        right.end_included,
    )
    if not same or equal(left.start, right.start, budget) is not True:
        return False
    return left.end is left.start or equal(left.end, right.end, budget) is True


def _equal_lists(left: list[Any], right: list[Any], budget: Budget) -> bool:
    budget.spend(2 + 2 * len(left))
    if len(left) != len(right):
        return False
    return all(equal(lift(a), lift(b), budget) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], budget: Budget) -> bool:
    budget.spend(2 + 2 * len(left))
    if left.keys() != right.keys():
        return False
    return all(equal(lift(value), lift(right[key]), budget) is True for key, value in left.items())


def _pay_for(text: str, budget: Budget | None) -> None:
    if budget is not None and len(text) > _LONG:
        budget.spend(len(text) // _LONG)


def compare(left: Any, right: Any, budget: Budget | None = None) -> int | None:
    """Return -1, 0 or 1 as `left` comes before, with or after `right`; None when there is no order."""
    kind = kind_of(left)
    if kind != kind_of(right) or kind not in ORDERED:
        return None
    if kind == "string":
        _pay_for(left, budget)
    if kind in MOMENTS:
        left, right = _beside(left, right), _beside(right, left)
    elif kind not in ("number", "string"):
        left, right = left.value, right.value
    return int(left > right) - int(left < right)


def _beside(moment: Time | DateTime, other: Time | DateTime) -> int:
    """Return the seconds of a time; without an offset it is taken to have that of the time beside it."""
    if moment.zone is not None or other.offset is None:
        return _seconds(moment)
    return _seconds(moment) - other.offset


def _seconds(moment: Time | DateTime) -> int:
    return moment.value // NANOS


def lies_within(value: Any, within: Range, budget: Budget | None = None) -> bool | None:
    """Say whether `value` is in a range; None when that cannot be compared."""
    if within.operator in ("=", "!="):
        same = equal(value, within.start, budget)
        return negation(same) if within.operator == "!=" else same
    return conjunction((_is_above(value, within, budget), _is_below(value, within, budget)))


def _is_above(value: Any, within: Range, budget: Budget | None) -> bool | None:
    if within.start is None:
        return not within.start_included or None
    order = compare(value, within.start, budget)
    return None if order is None else order > 0 or (order == 0 and within.start_included)


def _is_below(value: Any, within: Range, budget: Budget | None) -> bool | None:
    if within.end is None:
        return not within.end_included or None
    order = compare(value, within.end, budget)
    return None if order is None else order < 0 or (order == 0 and within.end_included)
