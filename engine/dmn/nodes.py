"""What boxed expressions add to the trees of FEEL: places, types, tables and text that is none.

Every boxed expression stands for an expression of FEEL (DMN 1.5 §10.2.2); so it becomes a tree of FEEL,
with these nodes in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.dmn.functions import as_typed
from engine.dmn.places import Place
from engine.dmn.run import evaluating
from engine.feel.nodes import Node
from engine.feel.numbers import NUMBERS
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.feel.types import FeelType, coerced
from engine.feel.values import Undefined, describe
from engine.text import T


@dataclass(frozen=True, slots=True)
class Placed(Node):
    """A part of the model: what is recorded within it names its place; `text` is what it was parsed from."""

    node: Node
    place: Place
    text: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Condition(Node):
    """What a boxed expression asks of a value: anything but true, false, null or an index has no answer."""

    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Typed(Node):
    """An expression whose value is made to fit a type."""

    node: Node
    kind: FeelType
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Broken(Node):
    """Something that has no value, for a reason that is known when the model is read.

    `spot` is the line and the column of the fault within the text.
    """

    code: str
    reason: T
    place: Place
    spot: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Row(Node):
    """A row of a relation: a context whose entries do not see each other (§10.5.3)."""

    cells: tuple[tuple[str, Node], ...]


@compiles(Row)
def row(node: Row) -> Program:
    """Every cell is evaluated in the scope around the relation."""
    cells = [(name, build(cell)) for name, cell in node.cells]
    return lambda frame: {name: cell(frame) for name, cell in cells}


@compiles(Placed)
def placed(node: Placed) -> Program:
    """The place is known to the evaluation for as long as the text is evaluated."""
    program, place = build(node.node), node.place

    def evaluate(frame: Frame) -> Any:
        run = evaluating(frame)
        before, run.place = run.place, place
        try:
            return program(frame)
        except Undefined as reason:
            return run.note_undefined(reason, 0)
        finally:
            run.place = before

    return evaluate


@compiles(Condition)
def condition(node: Condition) -> Program:
    """The boxed expression around it has no value where the condition is none (§10.5.5-7).

    A filter tries its condition as an index first, quietly; that is no question to be answered.
    """
    program = build(node.node)

    def ask(frame: Frame) -> Any:
        value = program(frame)
        if value is None or isinstance(value, bool) or type(value) in NUMBERS:
            return value
        if frame.run.quiet:
            return None
        raise Undefined(T("此处应为真或假，而不是{kind}", kind=describe(value)), "type")

    return ask


@compiles(Typed)
def typed(node: Typed) -> Program:
    """A value that does not fit is null, and the reason is recorded."""
    program, kind, place = build(node.node), node.kind, node.place

    def convert(frame: Frame) -> Any:
        value = program(frame)
        try:
            return as_typed(coerced(value, kind, frame.run), kind)
        except Undefined as reason:
            run = evaluating(frame)
            run.note_at(place, reason.code, reason.text)
            return None

    return convert


@compiles(Broken)
def broken(node: Broken) -> Program:
    """Each evaluation records the reason again."""

    def note(frame: Frame) -> Any:
        run = evaluating(frame)
        run.note_at(node.place, node.code, node.reason, node.position)

    return note
