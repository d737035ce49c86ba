"""What an expression may cost, so that text typed by anyone stays cheap."""

from __future__ import annotations

from dataclasses import dataclass

from engine.text import T


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one expression and of one evaluation of it."""

    text: int = 20_000
    """Characters of source text."""
    nodes: int = 3_000
    """Nodes of the tree."""
    depth: int = 60
    """Brackets within brackets, and operators within operators."""
    steps: int = 100_000
    """Evaluated nodes and visited elements, counted where something repeats."""
    items: int = 50_000
    """Elements of a list that is made; values within values of a result."""
    nesting: int = 100
    """Lists and contexts within each other in a result."""
    characters: int = 200_000
    """Characters of a string that is made."""
    calls: int = 40
    """Functions that wait for each other."""
    problems: int = 20
    """Recorded reasons; later ones are dropped."""


DEFAULT = Limits()


class LimitExceeded(Exception):
    """An evaluation ran over one of its limits; it ends with null and this sentence."""

    def __init__(self, text: T) -> None:
        super().__init__(str(text))
        self.text = text


class Budget:
    """Counts what an evaluation has spent and ends it when a limit is passed."""

    __slots__ = ("calls", "limits", "steps")

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.calls = 0

    def spend(self, steps: int) -> None:
        """Take `steps` from what is left; raise LimitExceeded when nothing is."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(T("表达式的计算量过大（上限 {limit} 步）", limit=self.limits.steps))

    def items(self, count: int) -> None:
        """Pay for a list of `count` elements."""
        if count > self.limits.items:
            raise LimitExceeded(T("列表过长（上限 {limit} 项）", limit=self.limits.items))
        self.spend(count)

    def characters(self, count: int) -> None:
        """Pay for a string of `count` characters; sixteen characters cost a step."""
        if count > self.limits.characters:
            raise LimitExceeded(T("文本过长（上限 {limit} 个字符）", limit=self.limits.characters))
        self.spend(count >> 4)

    def enter(self) -> None:
        """Count a function that is called."""
        self.calls += 1
        if self.calls > self.limits.calls:
            raise LimitExceeded(T("函数嵌套调用过深（上限 {limit} 层）", limit=self.limits.calls))

    def leave(self) -> None:
        """Count a function that has answered."""
        self.calls -= 1
