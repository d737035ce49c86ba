"""The values of the language and their kinds (DMN 1.5 §10.3.2.2).

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
from engine.feel.numbers import DECIMAL, number_from
from engine.feel.temporal import (
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

    `types` are those of the parameters; none stands for any.
    """

    __slots__ = ("name", "parameters", "types")

    def __init__(
        self,
        name: str,
        parameters: tuple[str, ...],
        types: tuple[FeelType | None, ...] = (),
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.types = types

    def answers(self) -> FeelType | None:
        """Return the type of what comes back; None when it is not known."""
        return None

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
