"""What leaves the language pays for all that it holds: shared parts count each time they are written out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.feel.limits import Budget, LimitExceeded
from engine.text import T

_CONTAINERS = frozenset({list, dict})


def weigh(value: Any, budget: Budget) -> None:
    """Pay for every value within a value; raise LimitExceeded when there are too many, or too deep."""
    level, count = [value], 0
    for _ in range(budget.limits.nesting):
        count += sum(map(len, level))
        if count > budget.limits.items:
            budget.items(count)
        level = [part for parts in level for part in _parts(parts) if type(part) in _CONTAINERS]
        if not level:
            return
    raise LimitExceeded(T("结果嵌套过深（上限 {limit} 层）", limit=budget.limits.nesting))


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if type(value) is dict else value
