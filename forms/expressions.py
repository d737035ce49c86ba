"""The one door of forms to FEEL: conditions, computed values and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import FeelSyntaxError, evaluate, functions_in, names_in, parse, to_json
from engine.text import T


def body(text: str) -> str:
    """Return the expression without the `=` that form-js puts in front."""
    return text.strip().removeprefix("=").strip()


def fault_of(text: str) -> T | None:
    """Return what is wrong with an expression, or nothing: it cannot be read, or calls what is not there."""
    try:
        strange = functions_in(parse(body(text)))
    except FeelSyntaxError as error:
        return error.text
    if strange:
        return T("没有函数 {names}", names="、".join(sorted(strange)))
    return None


def value_of(text: str, names: Mapping[str, Any], functions: Mapping[str, Any] | None = None) -> Any:
    """Evaluate to a JSON value; what cannot be computed is `None`, as the standard says."""
    return to_json(evaluate(body(text), names, functions).value)


def is_true(text: str, names: Mapping[str, Any], functions: Mapping[str, Any] | None = None) -> bool:
    """Tell whether a condition is true; neither true nor false counts as not true."""
    return evaluate(body(text), names, functions).value is True


def names_of(text: str) -> frozenset[str]:
    """Return the free names of an expression; none when it cannot be read."""
    try:
        return frozenset(names_in(parse(body(text))))
    except FeelSyntaxError:
        return frozenset()
