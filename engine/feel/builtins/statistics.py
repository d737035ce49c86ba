"""Sums and statistics of lists (DMN 1.5 §10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import Any

from engine.feel.builtins.lists import List, gathered, numbers, ordered
from engine.feel.builtins.registry import builtin
from engine.feel.numbers import DECIMAL, NUMBERS
from engine.feel.operators import arithmetic
from engine.feel.values import Undefined, kind_of
from engine.text import T

_SUMMABLE = frozenset({"number", "days and time duration", "years and months duration"})


@builtin("sum", "list:list")
@builtin("sum", "n1:any, n2:any...")
def total(*arguments: Any) -> Any:
    """Add numbers, or durations of one kind; null of an empty list."""
    items = gathered(arguments)
    if all(type(item) in NUMBERS for item in items):
        return reduce(DECIMAL.add, items) if items else None
    ordered(items)
    if items and kind_of(items[0]) not in _SUMMABLE:
        raise Undefined(T("列表的各项应为数字"), "type")
    result = items[0] if items else None
    for item in items[1:]:
        result = arithmetic("+", result, item)
    return result


@builtin("product", "list:list")
@builtin("product", "n1:any, n2:any...")
def product(*arguments: Any) -> Any:
    """Multiply numbers; null of an empty list."""
    items = numbers(gathered(arguments))
    result: Any = Decimal(1)
    for item in items:
        result = arithmetic("*", result, item)
    return result if items else None


@builtin("mean", "list:list")
@builtin("mean", "n1:any, n2:any...")
def mean(*arguments: Any) -> Any:
    """Return the average; null of an empty list."""
    items = gathered(arguments)
    return arithmetic("/", total(items), len(items)) if items else None


@builtin("median", "list:list")
@builtin("median", "n1:any, n2:any...")
def median(*arguments: Any) -> Any:
    """Return the middle number, or the average of the two in the middle; null of an empty list."""
    items = sorted(numbers(gathered(arguments)))
    if not items:
        return None
    middle = len(items) // 2
    return items[middle] if len(items) % 2 else mean(items[middle - 1 : middle + 1])


@builtin("stddev", "list:list")
@builtin("stddev", "n1:any, n2:any...")
def standard_deviation(*arguments: Any) -> Any:
    """Return the standard deviation of a sample; it takes two numbers at least."""
    items = numbers(gathered(arguments))
    if len(items) < 2:
        raise Undefined(T("标准差至少需要两个数字"), "value")
    return DECIMAL.sqrt(DECIMAL.divide(_squares(items), len(items) - 1))


def _squares(items: List) -> Decimal:
    average = mean(items)
    squares = Decimal(0)
    for item in items:
        away = DECIMAL.subtract(item, average)
        squares = DECIMAL.add(squares, DECIMAL.multiply(away, away))
    return squares


@builtin("mode", "list:list")
@builtin("mode", "n1:any, n2:any...")
def mode(*arguments: Any) -> List:
    """Return the most frequent numbers, in ascending order."""
    items = sorted(numbers(gathered(arguments)))
    counts: dict[Any, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return [item for item, count in counts.items() if count == most]
