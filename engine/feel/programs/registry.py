"""Which function compiles which node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.feel.nodes import Node
from engine.feel.run import Program

Compiler = Callable[[Any], Program]
C = TypeVar("C", bound=Compiler)

_COMPILERS: dict[type[Node], Compiler] = {}


def compiles(kind: type[Node]) -> Callable[[C], C]:
    """Register the function that compiles nodes of `kind`."""

    def register(compiler: C) -> C:
        _COMPILERS[kind] = compiler
        return compiler

    return register


def build(node: Node) -> Program:
    """Return the program of a node: a function from a scope to a value."""
    return _COMPILERS[type(node)](node)
