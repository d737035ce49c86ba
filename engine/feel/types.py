"""Types and what belongs to them (DMN 1.5 §10.3.2.9).

A model's item definitions are types of the same kind as the language's own, so `instance of`, the
parameters of functions and the coercion of decisions all ask the same two questions: `belongs` and
`coerced`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.feel.temporal import UTC, Date, DateTime, Time
from engine.feel.values import Function, Range, Undefined, describe, kind_of, lift
from engine.text import T

if TYPE_CHECKING:
    from engine.feel.run import Run


class FeelType:
    """A type. `str()` gives its name as expressions write it."""

    __slots__ = ()

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Say whether `value`, which is not null, belongs to the type; `restricted` minds allowed values."""
        raise NotImplementedError

    def covers(self, other: FeelType) -> bool:
        """Say whether `other` conforms to this type (§10.3.2.9.2)."""
        return self == bare(other)


@dataclass(frozen=True, slots=True)
class Simple(FeelType):
    """A type without parts, by the standard's name; `Any` has every value but null."""

    name: str

    def __str__(self) -> str:
        return self.name

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Compare the kind of the value."""
        return self.name == "Any" or kind_of(value) == self.name

    def covers(self, other: FeelType) -> bool:
        """Any covers everything, `context` and `function` whatever is of their kind."""
        other = bare(other)
        if self.name == "context":
            return isinstance(other, ContextOf) or self == other
        if self.name == "function":
            return isinstance(other, FunctionOf) or self == other
        return self.name == "Any" or self == other


ANY = Simple("Any")


@dataclass(frozen=True, slots=True)
class ListOf(FeelType):
    """`list<number>`."""

    of: FeelType

    def __str__(self) -> str:
        return f"list<{self.of}>"

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Ask every element."""
        return type(value) is list and all(fits(item, self.of, run, restricted) for item in value)

    def covers(self, other: FeelType) -> bool:
        """Compare what the lists hold."""
        other = bare(other)
        return isinstance(other, ListOf) and self.of.covers(other.of)


@dataclass(frozen=True, slots=True)
class RangeOf(FeelType):
    """`range<number>`."""

    of: FeelType

    def __str__(self) -> str:
        return f"range<{self.of}>"

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Ask both ends; an open end fits."""
        if not isinstance(value, Range):
            return False
        return all(fits(end, self.of, run, restricted) for end in (value.start, value.end))

    def covers(self, other: FeelType) -> bool:
        """Compare what the ranges span."""
        other = bare(other)
        return isinstance(other, RangeOf) and self.of.covers(other.of)


@dataclass(frozen=True, slots=True)
class ContextOf(FeelType):
    """`context<name: string>`; a value may have further entries."""

    entries: tuple[tuple[str, FeelType], ...]

    def __str__(self) -> str:
        return "context<" + ", ".join(f"{name}: {entry}" for name, entry in self.entries) + ">"

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Ask every entry; none may be missing, though it may be null."""
        return type(value) is dict and all(
            name in value and fits(value[name], entry, run, restricted) for name, entry in self.entries
        )

    def covers(self, other: FeelType) -> bool:
        """Compare entry by entry; the other may have more."""
        other = bare(other)
        if not isinstance(other, ContextOf):
            return False
        theirs = dict(other.entries)
        return all(name in theirs and entry.covers(theirs[name]) for name, entry in self.entries)


@dataclass(frozen=True, slots=True)
class FunctionOf(FeelType):
    """`function<number> -> string`."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def __str__(self) -> str:
        return "function<" + ", ".join(map(str, self.parameters)) + f"> -> {self.result}"

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Ask the signature; a parameter or result of no declared type fits any."""
        if not isinstance(value, Function) or not value.accepts(len(self.parameters)):
            return False
        mine = value.types or (None,) * len(self.parameters)
        takes = all(
            own is None or own.covers(asked) for own, asked in zip(mine, self.parameters, strict=True)
        )
        answer = value.answers() if takes else None
        return takes and (answer is None or self.result.covers(answer))

    def covers(self, other: FeelType) -> bool:
        """A function conforms that takes at least as much and gives at most as much."""
        other = bare(other)
        if not isinstance(other, FunctionOf) or len(self.parameters) != len(other.parameters):
            return False
        pairs = zip(self.parameters, other.parameters, strict=True)
        return self.result.covers(other.result) and all(theirs.covers(mine) for mine, theirs in pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Restricted(FeelType):
    """A type with allowed values (§7.3.3); `instance of` does not mind them, coercion does."""

    base: FeelType
    allows: Callable[[Any, Run], bool | None]

    def __str__(self) -> str:
        return str(self.base)

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Ask the base, and the allowed values where they matter."""
        if not self.base.has(value, run, restricted=restricted):
            return False
        return not restricted or self.allows(value, run) is True

    def covers(self, other: FeelType) -> bool:
        """Compare what is restricted: allowed values take no part in conformance."""
        return self.base.covers(other)


@dataclass(slots=True, eq=False)
class Named(FeelType):
    """A type by the name a model gives it; what that is may be told later, so types may hold themselves."""

    name: str
    kind: FeelType = ANY

    def __str__(self) -> str:
        return self.name

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Ask what the name stands for."""
        return self.kind.has(value, run, restricted=restricted)

    def covers(self, other: FeelType) -> bool:
        """Compare what the name stands for."""
        return self is other or self.kind.covers(other)


def bare(kind: FeelType) -> FeelType:
    """Return what a type is under its names and allowed values."""
    while isinstance(kind, Named | Restricted):
        kind = kind.kind if isinstance(kind, Named) else kind.base
    return kind


@dataclass(frozen=True, slots=True)
class Unknown(FeelType):
    """A name that no type has."""

    name: str

    def __str__(self) -> str:
        return self.name

    def has(self, value: Any, run: Run, *, restricted: bool = False) -> bool:
        """Raise Undefined."""
        if self.name in ("list", "range"):
            text = T("类型“{name}”要写明元素的类型，例如 {name}<number>", name=self.name)
            raise Undefined(text, "unknown_type")
        raise Undefined(T("没有“{name}”这种类型", name=self.name), "unknown_type")


_NAMES = (
    *("Any", "Null", "boolean", "number", "string", "date", "time", "date and time"),
    *("days and time duration", "years and months duration", "context", "function"),
)
SIMPLE: Mapping[str, FeelType] = {
    **{name: Simple(name) for name in _NAMES},
    "null": Simple("Null"),
    "dateTime": Simple("date and time"),
    "day time duration": Simple("days and time duration"),
    "dayTimeDuration": Simple("days and time duration"),
    "year month duration": Simple("years and months duration"),
    "yearMonthDuration": Simple("years and months duration"),
}
"""The language's own types by every name they go by."""


def belongs(value: Any, kind: FeelType, run: Run) -> bool:
    """Say whether `value` is an instance of the type; null is only an instance of Null."""
    run.spend(1)
    return kind == SIMPLE["Null"] if value is None else kind.has(value, run)


def fits(value: Any, kind: FeelType, run: Run, restricted: bool = False) -> bool:
    """Say whether `value` may stand where the type is asked for: null may stand anywhere."""
    run.spend(1)
    value = lift(value)
    return value is None or kind.has(value, run, restricted=restricted)


def coerced(value: Any, kind: FeelType, run: Run) -> Any:
    """Return `value` as the type, by the implicit conversions of §10.3.2.9.4; raise Undefined else.

    A single value becomes a list of one, a list of one its element, and a date its midnight in
    UTC, where the other is asked for.
    """
    value = lift(value)
    if fits(value, kind, run, restricted=True):
        return value
    for other in _other_forms(value, bare(kind)):
        if fits(other, kind, run, restricted=True):
            return lift(other)
    text = T("值应为类型“{expected}”，给的是{kind}", expected=str(kind), kind=describe(value))
    raise Undefined(text, "type")


def _other_forms(value: Any, kind: FeelType) -> Iterator[Any]:
    """Give what a value may become before it is compared with the type once more."""
    if type(value) is list and len(value) == 1:
        yield value[0]
    if type(value) is not list and isinstance(kind, ListOf):
        yield [value]
    if isinstance(value, Date) and kind == SIMPLE["date and time"]:
        yield DateTime(value, Time(0, UTC))
