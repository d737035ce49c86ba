"""Three-valued `and` and `or`, and the choice between two ways (DMN 1.5 §10.3.2.4, rules 45, 47, 48)."""

from __future__ import annotations

from typing import Any

from engine.feel import nodes
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.feel.values import describe
from engine.text import T


@compiles(nodes.Conjunction)
def conjunction(node: nodes.Conjunction) -> Program:
    """False as soon as one operand is false; null when one is neither true nor false."""
    return _chain(node.operands, decides=False)


@compiles(nodes.Disjunction)
def disjunction(node: nodes.Disjunction) -> Program:
    """True as soon as one operand is true; null when one is neither true nor false."""
    return _chain(node.operands, decides=True)


def _chain(operands: tuple[nodes.Node, ...], *, decides: bool) -> Program:
    programs = [(build(operand), operand.position) for operand in operands]
    otherwise = not decides

    def test(frame: Frame) -> bool | None:
        result: bool | None = otherwise
        for program, position in programs:
            value = program(frame)
            if value is decides:
                return bool(decides)
            if value is not otherwise:
                result = None
                _note_not_boolean(value, frame, position)
        return result

    return test


def _note_not_boolean(value: Any, frame: Frame, position: int) -> None:
    if value is not None:
        text = T("此处应为真或假，而不是{kind}", kind=describe(value))
        frame.run.note("type", text, position)


@compiles(nodes.If)
def choice(node: nodes.If) -> Program:
    """Anything but true takes the second way."""
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)

    def choose(frame: Frame) -> Any:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is not False:
            _note_not_boolean(value, frame, node.condition.position)
        return otherwise(frame)

    return choose
