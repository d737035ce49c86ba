"""Values as text, the way expressions would write them (function `string`, DMN 1.5 §10.3.4.1)."""

from __future__ import annotations

from typing import Any

from engine.feel.lexical import write
from engine.feel.limits import Budget
from engine.feel.numbers import NUMBERS, plain
from engine.feel.temporal import TEMPORALS
from engine.feel.tokens import is_plain_name, quote
from engine.feel.values import Range, Undefined, lift
from engine.text import T


def text_of(value: Any, budget: Budget) -> str:
    """Return the text of a value; a string is itself. Raises Undefined for functions."""
    return value if isinstance(value, str) else _written(value, budget)


def _written(value: Any, budget: Budget) -> str:
    budget.spend(1)
    if isinstance(value, list):
        text = "[" + ", ".join(_written(lift(item), budget) for item in value) + "]"
    elif isinstance(value, dict):
        text = (
            "{"
            + ", ".join(f"{written_key(key)}: {_written(lift(v), budget)}" for key, v in value.items())
            + "}"
        )
    else:
        text = _simple(value, budget)
    budget.characters(len(text))
    return text


def _simple(value: Any, budget: Budget) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) in NUMBERS:
        return plain(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, TEMPORALS):
        return write(value)
    if isinstance(value, Range):
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{_written(value.start, budget)}..{_written(value.end, budget)}{closing}"
    raise Undefined(T("函数没有文本形式"), "type")


def written_key(name: str) -> str:
    """Return the name of an entry, in quotes where it needs them."""
    return name if len(name) < 200 and is_plain_name(name) else quote(name)
