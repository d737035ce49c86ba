"""Types of a model, and values made to fit them (DMN 1.5 §7.3.2, §10.3.2.9).

Null fits every type. What does not fit is converted where the standard knows how (§10.3.2.9.4), and is null
with a recorded reason elsewhere.
"""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import Builtin
from engine.feel.nodes import NamedType
from engine.feel.nodes import Type as FeelType
from engine.feel.run import Frame, Program, Run
from engine.feel.temporal import Date, DateTime, Time, Zone
from engine.feel.types import belongs, standard_name
from engine.feel.values import Function, Undefined, describe, lift
from engine.text import T


class Kind:
    """A type: `name` is what people call it."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Say whether a value that is not null is one of this type; `strictly` looks at constraints too.

        `instance of` asks for the type alone.
        """
        raise NotImplementedError

    def admits(self, value: Any, run: Run, strictly: bool = True) -> bool:
        """Say whether a value may stand where this type is asked for: null always may."""
        value = lift(value)
        return value is None or self.fits(value, run, strictly)

    def convert(self, value: Any, run: Run) -> Any:
        """Return `value` as this type, by the conversions of §10.3.2.9.4; raise Undefined where none applies.

        A list of one becomes its element and a value a list of one where the other is asked for; a date
        becomes its midnight in UTC.
        """
        value = lift(value)
        if self.admits(value, run):
            return value
        if isinstance(value, list) and len(value) == 1 and self.admits(value[0], run):
            return lift(value[0])
        other = _other_form(value, self)
        if other is not None and self.fits(other, run, strictly=True):
            return other
        text = T("值应为类型“{expected}”，给的是{kind}", expected=self.name, kind=describe(value))
        raise Undefined(text, "type")


class Anything(Kind):
    """`Any`, and types nobody defines."""

    __slots__ = ()

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Everything fits."""
        return True


class Native(Kind):
    """A type of FEEL itself."""

    __slots__ = ("_type",)

    def __init__(self, name: str, kind: FeelType) -> None:
        super().__init__(name)
        self._type = kind

    @property
    def standard(self) -> str:
        """The name of the kind of its values, empty for a type that is written out."""
        return standard_name(self._type.name) if isinstance(self._type, NamedType) else ""

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Ask FEEL."""
        return belongs(value, self._type, run)


class AnyList(Kind):
    """A list of whatever."""

    __slots__ = ()

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Any list fits."""
        return isinstance(value, list)


class Collection(Kind):
    """A list whose elements are all of one type."""

    __slots__ = ("of",)

    def __init__(self, name: str, of: Kind) -> None:
        super().__init__(name)
        self.of = of

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Look at every element."""
        if not isinstance(value, list):
            return False
        run.spend(len(value))
        return all(self.of.admits(element, run, strictly) for element in value)


class Structure(Kind):
    """A context that has at least the components."""

    __slots__ = ("components",)

    def __init__(self, name: str, components: dict[str, Kind]) -> None:
        super().__init__(name)
        self.components = components

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Look at every component; further entries do no harm."""
        if not isinstance(value, dict):
            return False
        run.spend(len(self.components))
        return all(
            name in value and kind.admits(value[name], run, strictly)
            for name, kind in self.components.items()
        )


class Signature(Kind):
    """A function with so many parameters, the result of which is of a type."""

    __slots__ = ("parameters", "result")

    def __init__(self, name: str, parameters: tuple[Kind, ...], result: Kind) -> None:
        super().__init__(name)
        self.parameters = parameters
        self.result = result

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Count the parameters; what the function answers is seen when it is called."""
        if isinstance(value, Builtin):
            return any(overload.accepts(len(self.parameters)) for overload in value.overloads)
        return isinstance(value, Function) and len(value.parameters) == len(self.parameters)


class Constrained(Kind):
    """A type whose values must also pass unary tests."""

    __slots__ = ("kind", "tests")

    def __init__(self, name: str, kind: Kind, tests: Program) -> None:
        super().__init__(name)
        self.kind = kind
        self.tests = tests

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Ask for the type first, then for the tests."""
        if not self.kind.fits(value, run, strictly):
            return False
        return not strictly or self.tests(Frame({"?": value}, None, run)) is True


class Named(Kind):
    """A type by the name its model gives it; what it stands for is known once all types are read."""

    __slots__ = ("kind",)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.kind: Kind = ANY

    def fits(self, value: Any, run: Run, strictly: bool = False) -> bool:
        """Ask what the name stands for."""
        return self.kind.fits(value, run, strictly)


ANY = Anything("Any")


def bare(kind: Kind) -> Kind:
    """Return what a type is under its names and constraints."""
    while isinstance(kind, Named | Constrained):
        kind = kind.kind
    return kind


def results_of(kind: Kind) -> Kind:
    """Return the type of what functions of a type answer; a type that is none of functions is that itself."""
    plain = bare(kind)
    if isinstance(plain, Signature):
        return plain.result
    return ANY if plain.name == "function" else kind


def _other_form(value: Any, kind: Kind) -> Any:
    """Return what a value becomes before it is looked at once more; None when it becomes nothing else."""
    plain = bare(kind)
    if isinstance(plain, AnyList | Collection) and not isinstance(value, list):
        return [value]
    if isinstance(plain, Native) and plain.standard == "date and time" and isinstance(value, Date):
        return DateTime(value, Time(0, Zone(offset=0)))
    return None
