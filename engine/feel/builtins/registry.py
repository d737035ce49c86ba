"""How a built-in function is declared: its name, and its parameters with the kinds they take.

A signature reads like the standard's tables: `"list:list, start position:number, length:number?"`.
`?` marks a parameter that may be left out, `...` one that takes all further arguments, `|` lists
kinds, `any` takes everything, null included; any other parameter refuses null. A function whose
first Python parameter is called `run` is given the evaluation, to spend its budget.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import DecimalException
from typing import Any, TypeVar

from engine.feel.run import Run
from engine.feel.temporal import OutOfRange
from engine.feel.values import Function, Undefined, describe, kind_of, kind_text, lift, lifted
from engine.text import T

F = TypeVar("F", bound=Callable[..., Any])
MISFIT = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the kinds it takes, whether it may be left out."""

    name: str
    kinds: frozenset[str]
    optional: bool

    @property
    def may_be_left_out(self) -> bool:
        """Say whether a call by name need not mention it."""
        return self.optional or "any" in self.kinds


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    variadic: bool
    apply: Callable[..., Any]
    wants_run: bool

    def __str__(self) -> str:
        """Return the names of the parameters as a call has them; `?` marks what may be left out."""
        names = [f"{each.name}{'?' if each.optional else ''}" for each in self.parameters]
        return ", ".join(names) + (", …" if self.variadic else "")

    def accepts(self, count: int) -> bool:
        """Say whether `count` arguments fit in number."""
        required = sum(not parameter.optional for parameter in self.parameters)
        return count >= required and (self.variadic or count <= len(self.parameters))

    def is_written(self, names: list[str]) -> bool:
        """Say whether the parameters are called so, in this order."""
        return [parameter.name for parameter in self.parameters] == names

    def bind(self, run: Run, arguments: list[Any]) -> list[Any] | int:
        """Return the arguments as the parameters take them, or the index of the first that does not fit."""
        bound: list[Any] = []
        for index, argument in enumerate(arguments):
            parameter = self.parameters[min(index, len(self.parameters) - 1)]
            value = fitted(run, lift(argument), parameter)
            if value is MISFIT:
                return index
            bound.append(value)
        return bound

    def order(self, arguments: Mapping[str, Any]) -> list[Any] | None:
        """Return arguments by name in order; None when a name is unknown or a required one is missing.

        One that may be null counts as null when it is left out.
        """
        names = [parameter.name for parameter in self.parameters]
        if not set(arguments) <= set(names):
            return None
        if any(p.name not in arguments and not p.may_be_left_out for p in self.parameters):
            return None
        given = [p for p in self.parameters if p.name in arguments or not p.optional]
        last = max((names.index(parameter.name) for parameter in given), default=-1)
        return [arguments.get(name) for name in names[: last + 1]]

    def _applied(self, run: Run, bound: list[Any]) -> Any:
        return self.apply(run, *bound) if self.wants_run else self.apply(*bound)

    def call(self, run: Run, bound: list[Any]) -> Any:
        """Apply the function to arguments that fit; a string that is made is paid for by its length."""
        try:
            value = run.roomy(_size(bound), lambda: self._applied(run, bound))
        except DecimalException:
            raise Undefined(T("计算结果超出数字的范围"), "out_of_range") from None
        except OutOfRange:
            raise Undefined(T("计算结果超出日期或时长的范围"), "out_of_range") from None
        if type(value) is str:
            run.characters(len(value))
        return value


def _size(bound: list[Any]) -> int:
    """Return what may have to be gone through step by step: elements and characters."""
    return sum(4 * len(value) for value in bound if type(value) is list or type(value) is str)


def fitted(run: Run, value: Any, parameter: Parameter) -> Any:
    """Return `value` as the parameter takes it, by the conversions of §10.3.2.9.4, or MISFIT."""
    kinds = parameter.kinds
    kind = kind_of(value)
    if kind == "string":
        run.spend(len(value) >> 6)
    elif kind == "list" and "list" in kinds:
        run.spend(2 * len(value))
        return lifted(value)
    if kind in kinds or "any" in kinds or (value is None and parameter.optional):
        return value
    if kind == "list" and len(value) == 1:
        only = lift(value[0])
        return only if kind_of(only) in kinds else MISFIT
    if "list" in kinds and value is not None:
        return [value]
    return MISFIT


class Builtin(Function):
    """A function of the standard with all its ways to be called."""

    __slots__ = ("overloads",)

    def __init__(self, name: str) -> None:
        super().__init__(name, ())
        self.overloads: list[Overload] = []

    def accepts(self, count: int) -> bool:
        """Say whether one of the ways to call it takes `count` arguments."""
        return any(overload.accepts(count) for overload in self.overloads)

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Apply the first overload the arguments fit; raise Undefined when there is none."""
        fitting = [overload for overload in self.overloads if overload.accepts(len(arguments))]
        if not fitting:
            text = T("函数“{name}”不接受 {count} 个参数", name=self.name, count=len(arguments))
            raise Undefined(text, "arguments")
        wrong: list[tuple[Overload, int]] = []
        for overload in fitting:
            bound = overload.bind(run, arguments)
            if isinstance(bound, list):
                return overload.call(run, bound)
            wrong.append((overload, bound))
        raise self._misfit(wrong, arguments)

    def call_named(self, run: Run, arguments: Mapping[str, Any]) -> Any:
        """Apply the first overload that has these parameters; raise Undefined when there is none.

        `after` and its like have overloads that differ in the order of `point` and `range` alone: there
        the order in which the arguments are written counts.
        """
        wrong: list[tuple[Overload, int]] = []
        ordered: list[Any] = []
        given = [*arguments]
        for overload in sorted(self.overloads, key=lambda overload: not overload.is_written(given)):
            found = overload.order(arguments)
            if found is None:
                continue
            bound = overload.bind(run, found)
            if isinstance(bound, list):
                return overload.call(run, bound)
            wrong.append((overload, bound))
            ordered = found
        if not wrong:
            raise Undefined(T("函数“{name}”没有这样的参数", name=self.name), "arguments")
        raise self._misfit(wrong[-1:], ordered)

    def _misfit(self, wrong: list[tuple[Overload, int]], arguments: list[Any]) -> Undefined:
        overload, index = max(wrong, key=lambda pair: pair[1])
        parameter = overload.parameters[min(index, len(overload.parameters) - 1)]
        text = T(
            "函数“{name}”的参数“{parameter}”应为{expected}，而不是{given}",
            name=self.name,
            parameter=parameter.name,
            expected=kind_text(sorted(parameter.kinds)[0]),
            given=describe(lift(arguments[index])),
        )
        return Undefined(text, "null_operand" if lift(arguments[index]) is None else "type")


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, signature: str) -> Callable[[F], F]:
    """Declare the decorated function as one way to call `name`."""
    parameters, variadic = _read(signature)

    def register(function: F) -> F:
        wants_run = next(iter(inspect.signature(function).parameters), "") == "run"
        overload = Overload(parameters, variadic, function, wants_run)
        BUILTINS.setdefault(name, Builtin(name)).overloads.append(overload)
        return function

    return register


def _read(signature: str) -> tuple[tuple[Parameter, ...], bool]:
    parts = [part.strip() for part in signature.split(",") if part.strip()]
    variadic = bool(parts) and parts[-1].endswith("...")
    return tuple(_parameter(part.removesuffix("...")) for part in parts), variadic


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.removesuffix("?").partition(":")
    return Parameter(name.strip(), frozenset(kind.strip() for kind in kinds.split("|")), text.endswith("?"))
