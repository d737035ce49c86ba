"""Functions as a type of the model has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.run import Run
from engine.feel.types import ANY, FeelType, FunctionOf, bare, coerced
from engine.feel.values import Function


def as_typed(value: Any, kind: FeelType) -> Any:
    """Return a function that minds its type when it is called; anything else as it is."""
    if not isinstance(value, Function):
        return value
    plain = bare(kind)
    if not isinstance(plain, FunctionOf) or all(each is ANY for each in (plain.result, *plain.parameters)):
        return value
    return _Typed(value, plain)


class _Typed(Function):
    """A function behind its type."""

    __slots__ = ("_function", "_kind")

    def __init__(self, function: Function, kind: FunctionOf) -> None:
        super().__init__(function.name, function.parameters, kind.parameters)
        self._function = function
        self._kind = kind

    def answers(self) -> FeelType:
        """Return what the type says."""
        return self._kind.result

    def accepts(self, count: int) -> bool:
        """Say what the function says."""
        return self._function.accepts(count)

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Call the function with arguments made to fit; raise Undefined where something does not."""
        if len(arguments) == len(self._kind.parameters):
            pairs = zip(arguments, self._kind.parameters, strict=True)
            arguments = [coerced(argument, kind, run) for argument, kind in pairs]
        return coerced(self._function.call(run, arguments), self._kind.result, run)

    def call_named(self, run: Run, arguments: Mapping[str, Any]) -> Any:
        """Call the function by its own names of parameters; raise Undefined where something does not fit."""
        return coerced(self._function.call_named(run, arguments), self._kind.result, run)
