"""Calling functions by position and by name (DMN 1.5 §10.3.2.13.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.functions import function_named
from engine.feel.programs.access import ABSENT, found_outside
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.feel.values import Function, Undefined, lift
from engine.text import T


@compiles(nodes.Call)
def call(node: nodes.Call) -> Program:
    """Arguments are evaluated from left to right, then the function is applied."""
    find = _callee(node.function)
    arguments = [build(argument) for argument in node.arguments]
    position = node.position

    def apply(frame: Frame) -> Any:
        function = find(frame)
        values = [argument(frame) for argument in arguments]
        if function is None:
            return None
        try:
            return function.call(frame.run, values)
        except Undefined as reason:
            return frame.run.note_undefined(reason, position)

    return apply


@compiles(nodes.NamedCall)
def named_call(node: nodes.NamedCall) -> Program:
    """Arguments by name fill the parameters of that name; those left out are null."""
    find = _callee(node.function)
    arguments = {name: build(argument) for name, argument in node.arguments}
    position = node.position

    def apply(frame: Frame) -> Any:
        function = find(frame)
        values = {name: argument(frame) for name, argument in arguments.items()}
        if function is None:
            return None
        try:
            return function.call_named(frame.run, values)
        except Undefined as reason:
            return frame.run.note_undefined(reason, position)

    return apply


def _callee(node: nodes.Node) -> Callable[[Frame], Function | None]:
    """Return what finds the function to call; it records why there is none."""
    lookup = _named(node.name) if isinstance(node, nodes.Name) else build(node)
    shown = node.name if isinstance(node, nodes.Name) else "…"
    position = node.position

    def find(frame: Frame) -> Function | None:
        function = lookup(frame)
        if isinstance(function, Function):
            return function
        frame.run.note("unknown_function", T("没有名为“{name}”的函数", name=shown), position)
        return None

    return find


def _named(key: str) -> Program:
    def lookup(frame: Frame) -> Any:
        value = frame.names.get(key, ABSENT)
        if value is ABSENT:
            value = found_outside(frame, key)
        return function_named(frame.run, key) if value is ABSENT else lift(value)

    return lookup
