"""Functions written in the language itself (DMN 1.5 §10.3.2.13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.run import RECURSIVE, Frame, Program, Run
from engine.feel.types import FeelType, coerced
from engine.feel.values import Function, Undefined
from engine.text import T


class Closure(Function):
    """A function definition and the scope it was written in."""

    __slots__ = ("_answers", "_body", "_cost", "_frame")

    def __init__(
        self,
        parameters: tuple[str, ...],
        types: tuple[FeelType | None, ...],
        body: Program,
        cost: int,
        frame: Frame,
        answers: Callable[[], FeelType | None],
    ) -> None:
        super().__init__("function", parameters, types)
        self._body = body
        self._cost = cost
        self._frame = frame
        self._answers = answers

    def answers(self) -> FeelType | None:
        """Return the type the body is seen to have, the parameters being of their types."""
        return self._answers()

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Evaluate the body with the parameters bound; raise Undefined when the arguments do not fit."""
        if len(arguments) != len(self.parameters):
            raise Undefined(
                T(
                    "函数需要 {expected} 个参数，给了 {given} 个",
                    expected=len(self.parameters),
                    given=len(arguments),
                ),
                "arguments",
            )
        run.spend(self._cost)
        bound = {
            name: value if kind is None else coerced(value, kind, run)
            for name, kind, value in zip(self.parameters, self.types, arguments, strict=True)
        }
        frame = Frame(bound, self._frame, run)
        run.enter()
        # The first call of several within each other gets room for all of them.
        result = self._body(frame) if run.calls > 1 else run.roomy(RECURSIVE, lambda: self._body(frame))
        run.leave()
        return result


class External(Function):
    """A Java or PMML function: part of the standard, never run here."""

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Refuse."""
        raise Undefined(T("不支持外部函数（Java、PMML）"), "external")
