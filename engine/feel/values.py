"""The values of the language: their kinds, equality and order (DMN 1.5 §10.3.2.2, 10.3.2.15).

Numbers are `int` or `Decimal`, and strings, booleans, null, lists and contexts are Python's `str`,
`bool`, `None`, `list` and `dict`. Contexts and lists may hold stored JSON as it is; whoever takes
something out of one passes it through `lift`, so nothing is converted that nobody reads.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.lexical import parse_temporal
from engine.feel.limits import Budget
from engine.feel.numbers import DECIMAL, number_from
from engine.feel.temporal import (
    NANOS,
    TEMPORALS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    OutOfRange,
    Time,
    from_python,
)
from engine.text import T

if TYPE_CHECKING:
    from engine.feel.types import FeelType

#: The key of a stored value that JSON has no form for, as in {"@": "2026-09-25"}.
TAG = "@"


class Undefined(Exception):
    """An operation has no value for these operands: the result is null, for this reason."""

    def __init__(self, text: T, code: str = "value") -> None:
        super().__init__(str(text))
        self.code = code
        self.text = text


class Function:
    """Anything an expression can call.

    `types` are those of the parameters and `result` that of what comes back; none stands for any.
    """

    __slots__ = ("name", "parameters", "result", "types")

    def __init__(
        self,
        name: str,
        parameters: tuple[str, ...],
        types: tuple[FeelType | None, ...] = (),
        result: FeelType | None = None,
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.types = types
        self.result = result

    def accepts(self, count: int) -> bool:
        """Say whether the function can be called with `count` arguments."""
        return len(self.parameters) == count

    def call(self, run: Any, arguments: list[Any]) -> Any:
        """Return the result for arguments in order; raise Undefined."""
        raise NotImplementedError

    def call_named(self, run: Any, arguments: Mapping[str, Any]) -> Any:
        """Return the result for arguments by name; raise Undefined."""
        if not set(arguments) <= set(self.parameters):
            raise Undefined(T("函数“{name}”没有这样的参数", name=self.name), "arguments")
        return self.call(run, [arguments.get(name) for name in self.parameters])


@dataclass(frozen=True, slots=True)
class Range:
    """An interval, or all that passes a comparison such as `< 5`, whose `operator` then is not empty.

    What a comparison leaves open has no end at all, so `(< 5)` is not `(null..5)`.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str = ""

    def contains(self, value: Any, budget: Budget | None = None) -> bool | None:
        """Say whether `value` lies within; None when that cannot be compared."""
        if self.operator in ("=", "!="):
            same = equal(value, self.start, budget)
            return negation(same) if self.operator == "!=" else same
        return conjunction((self._above_start(value, budget), self._below_end(value, budget)))

    def _above_start(self, value: Any, budget: Budget | None) -> bool | None:
        if self.start is None:
            return not self.start_included or None
        order = compare(value, self.start, budget)
        return None if order is None else order > 0 or (order == 0 and self.start_included)

    def _below_end(self, value: Any, budget: Budget | None) -> bool | None:
        if self.end is None:
            return not self.end_included or None
        order = compare(value, self.end, budget)
        return None if order is None else order < 0 or (order == 0 and self.end_included)


# ── stored values ───────────────────────────────────────────────────────────────────────────────

#: Types that need no look before use; a dict may be a tagged value, a float is no decimal number.
SETTLED = frozenset({int, Decimal, str, bool, type(None), list, Range, *TEMPORALS})


def lift(value: Any) -> Any:
    """Return a stored value as a value of the language; what the language does not know becomes null."""
    kind = type(value)
    if kind in SETTLED:
        return value
    if kind is dict:
        return _tagged(value) if len(value) == 1 and TAG in value else value
    if kind is float:
        return DECIMAL.create_decimal(repr(value)) if math.isfinite(value) else None
    return _lift_unusual(value)


def _tagged(value: dict[str, Any]) -> Any:
    text = value[TAG]
    if not isinstance(text, str):
        return value
    found = parse_temporal(text)
    return number_from(text) if found is None and text[:1] in "-0123456789" else found


def _lift_unusual(value: Any) -> Any:
    if isinstance(value, Function):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, date | datetime | time | timedelta):
        return _from_python(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | frozenset | set) and not isinstance(value, bytes | bytearray):
        return list(value)
    return None


def _from_python(value: Any) -> Any:
    try:
        return from_python(value)
    except OutOfRange:
        return None


def lifted(items: Iterable[Any]) -> list[Any]:
    """Return the elements of a stored list as values of the language."""
    return [value if type(value) in SETTLED else lift(value) for value in items]


# ── kinds ───────────────────────────────────────────────────────────────────────────────────────

_KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}

_KIND_TEXTS = {
    "Null": T("空值"),
    "boolean": T("布尔值"),
    "number": T("数值"),
    "string": T("文本值"),
    "date": T("日期值"),
    "time": T("时刻值"),
    "date and time": T("日期时间值"),
    "days and time duration": T("天时长"),
    "years and months duration": T("年月时长"),
    "list": T("列表值"),
    "context": T("上下文值"),
    "range": T("区间值"),
    "function": T("函数值"),
}

ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)

#: The kinds that are compared as moments.
MOMENTS = frozenset({"time", "date and time"})


def kind_of(value: Any) -> str:
    """Return the standard's name of the type of a value."""
    return _KINDS.get(type(value), "function")


def kind_text(kind: str) -> T:
    """Return the name of a kind for people."""
    return _KIND_TEXTS.get(kind, T("某个值"))


def describe(value: Any) -> T:
    """Return the name of the kind of `value` for people."""
    return kind_text(kind_of(value))


# ── three-valued logic ──────────────────────────────────────────────────────────────────────────


def conjunction(values: Iterable[Any]) -> bool | None:
    """Return false if any value is false, else null if any is not true, else true (rule 48)."""
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is not True:
            result = None
    return result


def disjunction(values: Iterable[Any]) -> bool | None:
    """Return true if any value is true, else null if any is not false, else false (rule 47)."""
    result: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is not False:
            result = None
    return result


def negation(value: Any) -> bool | None:
    """Return the opposite of a boolean, null for anything else."""
    return not value if isinstance(value, bool) else None


# ── equality and order ──────────────────────────────────────────────────────────────────────────


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


#: Strings longer than this pay for being compared.
LONG = 512


def _pay_for(text: str, budget: Budget | None) -> None:
    if budget is not None and len(text) > LONG:
        budget.spend(len(text) // LONG)


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
