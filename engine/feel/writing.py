"""Values as text, the way expressions would write them (function `string`, DMN 1.5 §10.3.4.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.lexical import write
from engine.feel.limits import Budget, LimitExceeded
from engine.feel.numbers import NUMBERS, plain
from engine.feel.temporal import TEMPORALS
from engine.feel.tokens import is_plain_name, quote
from engine.feel.values import Function, Range, Undefined, lift
from engine.text import T


def text_of(value: Any, budget: Budget) -> str:
    """Return the text of a value; a string is itself. Raises Undefined for functions."""
    return value if isinstance(value, str) else _Writer(budget, _refused).written(value)


def shown(value: Any) -> str:
    """Return the text of any value for people: strings in quotes, functions by name and parameters."""
    try:
        return _Writer(Budget(), _signature).written(value)
    except LimitExceeded as reason:
        return str(reason)


def written_key(name: str) -> str:
    """Return the name of an entry, in quotes where it needs them."""
    return name if len(name) < 200 and is_plain_name(name) else quote(name)


def _refused(function: Function) -> str:
    raise Undefined(T("函数没有文本形式"), "type")


def _signature(function: Function) -> str:
    return f"{function.name}({', '.join(function.parameters)})" if function.parameters else function.name


class _Writer:
    """Writes values, paying for every one and for every character; `function` writes what has no text."""

    def __init__(self, budget: Budget, function: Callable[[Function], str]) -> None:
        self._budget = budget
        self._function = function

    def written(self, value: Any) -> str:
        self._budget.spend(1)
        if isinstance(value, list):
            text = "[" + ", ".join(self.written(lift(item)) for item in value) + "]"
        elif isinstance(value, dict):
            entries = (f"{written_key(key)}: {self.written(lift(entry))}" for key, entry in value.items())
            text = "{" + ", ".join(entries) + "}"
        else:
            text = self._simple(value)
        self._budget.characters(len(text))
        return text

    def _simple(self, value: Any) -> str:
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if type(value) in NUMBERS:
            return plain(value)
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, TEMPORALS):
            return write(value)
        return self._range(value) if isinstance(value, Range) else self._function(value)

    def _range(self, value: Range) -> str:
        if value.operator:
            return f"{value.operator} {self.written(value.start if value.end is None else value.end)}"
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{self.written(value.start)}..{self.written(value.end)}{closing}"
