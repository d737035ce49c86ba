"""The tree of an expression: one class per construct of the standard's grammar (DMN 1.5 §10.3.1.2).

`position` is the character a node begins at; it takes no part in comparing trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.feel.measuring import Measures
    from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """A construct of the language; `measures` keeps what `engine.feel.measuring` finds out about it."""

    position: int = field(compare=False, kw_only=True, default=0)
    measures: Measures | None = field(compare=False, repr=False, init=False, default=None)


# ── literals ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    """`1.5`, `.5`, `2e3` (rule 35)."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    """`"text"` (rule 33)."""

    value: str


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Node):
    """`true` or `false` (rule 34)."""

    value: bool


@dataclass(frozen=True, slots=True)
class NullLiteral(Node):
    """`null` (rule 31)."""


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2026-09-25"`: a date, time, date and time or duration (rule 65)."""

    text: str


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[1, 2]` (rule 54)."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{name: "x", total: 2}`; later entries see earlier ones (rule 57)."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[1..5]`, `(1..5)`, `]1..5[` (rule 8)."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(a: number, b) a + b`; `external` ones are known but refused when called (rule 55)."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False


# ── names and what hangs on them ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or a function, by name (rule 25)."""

    name: str


@dataclass(frozen=True, slots=True)
class Input(Node):
    """`?`, the value a unary test is about."""


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`a.b` (rule 43)."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Descendants(Node):
    """`a...b`: every entry of that name, however deep (an operator of the conformance kit)."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`list[condition]` or `list[index]` (rule 50)."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`f(1, 2)` (rules 38, 39, 42)."""

    function: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NamedCall(Node):
    """`f(a: 1, b: 2)` (rules 38-41)."""

    function: Node
    arguments: tuple[tuple[str, Node], ...]


# ── operators ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-a` (rule 24)."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`a + b` and `- * / **` (rules 19-23)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a < b` and `<= > >= = !=` (rule 49.a)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`a between b and c` (rule 49.b)."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`a in test` and `a in (test, test)` (rules 49.c, 49.d)."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """`a and b and c` (rule 48)."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """`a or b or c` (rule 47)."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`a instance of number` (rule 51)."""

    value: Node
    type: Type


# ── choice and repetition ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if a then b else c` (rule 45)."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class IterationRange(Node):
    """`1..5` after `in` (rule 63)."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for a in list, b in 1..5 return a * b` (rule 44)."""

    iterators: tuple[tuple[str, Node], ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some a in list satisfies condition`; `kind` is some or every (rule 46)."""

    kind: str
    iterators: tuple[tuple[str, Node], ...]
    condition: Node


# ── unary tests ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Test(Node):
    """`< 5` and `<= > >= = !=`: a comparison that waits for its left side (rule 7)."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """`-`, `< 5, [7..9]` or `not("a", "b")`; no tests at all stand for `-` (rule 15)."""

    tests: tuple[Node, ...]
    negated: bool = False


# ── types ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Type(Node):
    """What follows `instance of` (rule 52)."""


@dataclass(frozen=True, slots=True)
class NamedType(Type):
    """`number`, `date and time`, `Any`, or a type the model defines."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """`list<number>`."""

    of: Type


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    """`range<number>`."""

    of: Type


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    """`context<name: string>`."""

    entries: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """`function<number> -> string`."""

    parameters: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class DefinedType(Type):
    """A type a decision model defines, put in the place of its name."""

    name: str
    definition: FeelType = field(compare=False)


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly below `node`, in the order they are written."""
    kind = type(node)
    spots = _SPOTS.get(kind)
    if spots is None:
        spots = _SPOTS[kind] = tuple(spot.name for spot in fields(node) if spot.name not in _OWN)
    for spot in spots:
        yield from _nodes_in(getattr(node, spot))


_OWN = ("position", "measures")
_SPOTS: dict[type[Node], tuple[str, ...]] = {}


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif type(value) is tuple:
        for part in value:
            yield from _nodes_in(part)
