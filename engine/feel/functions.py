"""Finding a function by name: those the host lends to an evaluation, then the standard's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.host import to_host
from engine.feel.run import Run
from engine.feel.values import Function, Undefined, lift
from engine.feel.weighing import weigh
from engine.text import T


def function_named(run: Run, name: str) -> Function | None:
    """Return the host's or the standard's function of that name, else None."""
    if run.functions is not None:
        target = run.functions.get(name)
        if target is not None:
            return HostFunction(name, target)
    return BUILTINS.get(name)


class HostFunction(Function):
    """A function lent by the host: takes and returns JSON-like values; its own errors pass through."""

    __slots__ = ("_target",)

    def __init__(self, name: str, target: Callable[..., Any]) -> None:
        super().__init__(name, ())
        self._target = target

    def accepts(self, count: int) -> bool:
        """Say whether the host's function takes `count` arguments in order."""
        return _takes(self._target, [None] * count, {})

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Call the host with arguments in order; raise Undefined when they do not fit its parameters."""
        return self._call(run, [_lent(value, run) for value in arguments], {})

    def call_named(self, run: Run, arguments: Mapping[str, Any]) -> Any:
        """Call the host with arguments by name; a space in a name is an underscore in Python."""
        named = {name.replace(" ", "_"): _lent(value, run) for name, value in arguments.items()}
        return self._call(run, [], named)

    def _call(self, run: Run, positional: list[Any], named: dict[str, Any]) -> Any:
        run.spend(10)
        try:
            return lift(self._target(*positional, **named))
        except TypeError:
            if _takes(self._target, positional, named):
                raise
            raise Undefined(T("函数“{name}”的参数不对", name=self.name), "arguments") from None


def _lent(value: Any, run: Run) -> Any:
    """Return a value for the host, once what it holds is paid for."""
    if type(value) is list or type(value) is dict:
        weigh(value, run)
    return to_host(value)


def _takes(target: Callable[..., Any], positional: list[Any], named: dict[str, Any]) -> bool:
    """Say whether the arguments fit the parameters of a function of the host, as far as they are known."""
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*positional, **named)
    except TypeError:
        return False
    return True
