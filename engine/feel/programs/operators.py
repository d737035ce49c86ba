"""Arithmetic and `instance of` (DMN 1.5 rules 19-24 and 51, §10.3.2.15)."""

from __future__ import annotations

from decimal import DecimalException
from typing import Any

from engine.feel import nodes
from engine.feel.numbers import NUMBERS, whole
from engine.feel.operators import arithmetic, negative, numeric, numeric_failure
from engine.feel.programs.registry import build, compiles
from engine.feel.resolving import resolved
from engine.feel.run import Frame, Program
from engine.feel.types import belongs
from engine.feel.values import Undefined


@compiles(nodes.Arithmetic)
def calculation(node: nodes.Arithmetic) -> Program:
    """Two numbers are calculated at once; other kinds look their rule up."""
    left, right = build(node.left), build(node.right)
    operator, position, fast = node.operator, node.position, numeric(node.operator)
    is_power = operator == "**"

    def calculate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        try:
            if type(a) in NUMBERS and type(b) in NUMBERS:
                if is_power:
                    frame.run.spend(8 if whole(b) is not None else 80)
                return fast(a, b)
            if type(a) is str and type(b) is str:
                frame.run.characters(len(a) + len(b))
            else:
                frame.run.spend(10)
            return arithmetic(operator, a, b)
        except DecimalException as failure:
            return frame.run.note_undefined(numeric_failure(operator, failure), position)
        except Undefined as reason:
            return frame.run.note_undefined(reason, position)

    return calculate


@compiles(nodes.Negation)
def opposite(node: nodes.Negation) -> Program:
    """The opposite of a number or a duration."""
    operand, position = build(node.operand), node.position

    def negate(frame: Frame) -> Any:
        try:
            return negative(operand(frame))
        except Undefined as reason:
            return frame.run.note_undefined(reason, position)

    return negate


@compiles(nodes.InstanceOf)
def instance_of(node: nodes.InstanceOf) -> Program:
    """Ask for the type of a value."""
    value, kind = build(node.value), resolved(node.type)

    def test(frame: Frame) -> bool | None:
        try:
            return belongs(value(frame), kind, frame.run)
        except Undefined as reason:
            frame.run.note_undefined(reason, node.position)
            return None

    return test
