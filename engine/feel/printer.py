"""Trees as text again: parsing what is printed gives the tree that was printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.nodes import Node, Type
from engine.feel.numbers import plain
from engine.feel.parser import (
    ADD,
    AND,
    COMPARE,
    MULTIPLY,
    NEGATE,
    OR,
    POWER,
    parse_expression,
    parse_unary_tests,
)
from engine.feel.tokens import quote
from engine.feel.writing import written_key

INSTANCE, POSTFIX, ATOM = NEGATE + 1, NEGATE + 2, NEGATE + 3

_LEVELS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}


def print_expression(node: Node, names: tuple[str, ...] = ()) -> str:
    """Return the text of an expression or of unary tests, with no more parentheses than it needs.

    `names` are the odd ones in scope. Where a known name such as `a-b` or `date and time` would swallow
    its neighbours, every name stands in parentheses.
    """
    text = _Printer(careful=False).bare(node)
    return text if _means(text, node, names) else _Printer(careful=True).bare(node)


def _means(text: str, node: Node, names: tuple[str, ...]) -> bool:
    read = parse_unary_tests if isinstance(node, nodes.UnaryTests) else parse_expression
    try:
        return read(text, names) == node
    except FeelSyntaxError:
        return False


def level_of(node: Node) -> int:
    """Return how tightly the outermost operator of a tree binds."""
    if isinstance(node, nodes.Arithmetic):
        return _LEVELS[node.operator]
    if isinstance(node, nodes.NumberLiteral):
        return NEGATE if node.value.is_signed() else ATOM
    return _LEVEL_OF.get(type(node), ATOM)


_LEVEL_OF: dict[type[Node], int] = {
    nodes.If: 0,
    nodes.For: 0,
    nodes.Quantified: 0,
    nodes.FunctionLiteral: 0,
    nodes.Test: 0,
    nodes.Disjunction: OR,
    nodes.Conjunction: AND,
    nodes.Comparison: COMPARE,
    nodes.Between: COMPARE,
    nodes.In: COMPARE,
    nodes.Negation: NEGATE,
    nodes.InstanceOf: INSTANCE,
    nodes.Path: POSTFIX,
    nodes.Descendants: POSTFIX,
    nodes.Filter: POSTFIX,
    nodes.Call: POSTFIX,
    nodes.NamedCall: POSTFIX,
}


class _Printer:
    """One way of printing; a careful one puts names in parentheses wherever operators could join them."""

    def __init__(self, *, careful: bool) -> None:
        self._careful = careful

    def text(self, node: Node) -> str:
        return _PRINTERS[type(node)](self, node)

    def bare(self, node: Node) -> str:
        """Return the text of an expression that stands by itself between commas or brackets."""
        text = self.text(node)
        return f"({text})" if isinstance(node, nodes.Test) else text

    def within(self, node: Node, level: int) -> str:
        """Return the text of an operand where only what binds at `level` or tighter may stand bare."""
        text = self.text(node)
        return text if level_of(node) >= level else f"({text})"

    def all(self, parts: tuple[Node, ...]) -> str:
        return ", ".join(map(self.bare, parts))

    # ── literals and names ──────────────────────────────────────────────────────────────────────

    def name(self, node: nodes.Name) -> str:
        return f"({node.name})" if self._careful else node.name

    def number(self, node: nodes.NumberLiteral) -> str:
        value = node.value
        small = abs(value.adjusted()) < 40 and value.as_tuple().exponent <= 0  # type: ignore[operator]
        if not value:
            return "-0" if value.is_signed() and small else plain(value) if small else f"{value:e}"
        return plain(value) if small else f"{value:e}"

    def context(self, node: nodes.ContextLiteral) -> str:
        entries = (f"{written_key(key)}: {self.bare(value)}" for key, value in node.entries)
        return "{" + ", ".join(entries) + "}"

    def range(self, node: nodes.RangeLiteral) -> str:
        opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
        return f"{opening}{self.within(node.start, ADD)}..{self.within(node.end, ADD)}{closing}"

    def function(self, node: nodes.FunctionLiteral) -> str:
        parameters = ", ".join(
            name if kind is None else f"{name}: {_type(kind)}" for name, kind in node.parameters
        )
        return f"function({parameters}) {'external ' if node.external else ''}{self.bare(node.body)}"

    # ── paths, filters, calls ───────────────────────────────────────────────────────────────────

    def source(self, node: Node) -> str:
        """Return what a path, a filter or a call hangs on; a name that is called needs no parentheses."""
        return node.name if isinstance(node, nodes.Name) else self.within(node, POSTFIX)

    def path(self, node: nodes.Path) -> str:
        return f"{self.within(node.source, POSTFIX)}.{node.name}"

    def descendants(self, node: nodes.Descendants) -> str:
        return f"{self.within(node.source, POSTFIX)}...{node.name}"

    def filter(self, node: nodes.Filter) -> str:
        return f"{self.within(node.source, POSTFIX)}[{self.bare(node.condition)}]"

    def call(self, node: nodes.Call) -> str:
        return f"{self.source(node.function)}({self.all(node.arguments)})"

    def named_call(self, node: nodes.NamedCall) -> str:
        arguments = ", ".join(f"{name}: {self.bare(value)}" for name, value in node.arguments)
        return f"{self.source(node.function)}({arguments})"

    # ── operators ───────────────────────────────────────────────────────────────────────────────

    def arithmetic(self, node: nodes.Arithmetic) -> str:
        level = _LEVELS[node.operator]
        return f"{self.within(node.left, level)} {node.operator} {self.within(node.right, level + 1)}"

    def comparison(self, node: nodes.Comparison) -> str:
        return f"{self.within(node.left, COMPARE)} {node.operator} {self.within(node.right, ADD)}"

    def between(self, node: nodes.Between) -> str:
        value = self.within(node.value, COMPARE)
        return f"{value} between {self.within(node.low, ADD)} and {self.within(node.high, ADD)}"

    def in_tests(self, node: nodes.In) -> str:
        value, first = self.within(node.value, COMPARE), node.tests[0]
        if len(node.tests) == 1 and level_of(first) == ATOM and not isinstance(first, nodes.Test):
            return f"{value} in {self.text(first)}"
        return f"{value} in ({', '.join(map(self.text, node.tests))})"

    def conjunction(self, node: nodes.Conjunction) -> str:
        return " and ".join(self.within(operand, AND + 1) for operand in node.operands)

    def disjunction(self, node: nodes.Disjunction) -> str:
        return " or ".join(self.within(operand, OR + 1) for operand in node.operands)

    def instance_of(self, node: nodes.InstanceOf) -> str:
        return f"{self.within(node.value, INSTANCE)} instance of {_type(node.type)}"

    def negation(self, node: nodes.Negation) -> str:
        operand = self.within(node.operand, NEGATE)
        bare_number = operand[0].isdigit() or operand[0] == "."
        return f"-({operand})" if bare_number else f"-{operand}"

    def test(self, node: nodes.Test) -> str:
        return f"{node.operator} {self.within(node.operand, ADD)}"

    def unary_tests(self, node: nodes.UnaryTests) -> str:
        tests = ", ".join(map(self.text, node.tests)) or "-"
        return f"not({tests})" if node.negated else tests

    # ── choice and repetition ───────────────────────────────────────────────────────────────────

    def choice(self, node: nodes.If) -> str:
        return f"if {self.bare(node.condition)} then {self.bare(node.then)} else {self.bare(node.otherwise)}"

    def iterators(self, iterators: tuple[tuple[str, Node], ...]) -> str:
        return ", ".join(f"{name} in {self.domain(domain)}" for name, domain in iterators)

    def domain(self, node: Node) -> str:
        if isinstance(node, nodes.IterationRange):
            return f"{self.within(node.start, ADD)}..{self.within(node.end, ADD)}"
        return self.within(node, OR)

    def loop(self, node: nodes.For) -> str:
        return f"for {self.iterators(node.iterators)} return {self.bare(node.result)}"

    def quantified(self, node: nodes.Quantified) -> str:
        return f"{node.kind} {self.iterators(node.iterators)} satisfies {self.bare(node.condition)}"


def _type(kind: Type) -> str:
    if isinstance(kind, nodes.ListType):
        return f"list<{_type(kind.of)}>"
    if isinstance(kind, nodes.RangeType):
        return f"range<{_type(kind.of)}>"
    if isinstance(kind, nodes.ContextType):
        return "context<" + ", ".join(f"{name}: {_type(entry)}" for name, entry in kind.entries) + ">"
    if isinstance(kind, nodes.FunctionType):
        return "function<" + ", ".join(map(_type, kind.parameters)) + f"> -> {_type(kind.result)}"
    return kind.name if isinstance(kind, nodes.NamedType | nodes.DefinedType) else "Any"


_PRINTERS: dict[type[Node], Callable[[_Printer, Any], str]] = {
    nodes.NumberLiteral: _Printer.number,
    nodes.StringLiteral: lambda printer, node: quote(node.value),
    nodes.BooleanLiteral: lambda printer, node: "true" if node.value else "false",
    nodes.NullLiteral: lambda printer, node: "null",
    nodes.AtLiteral: lambda printer, node: "@" + quote(node.text),
    nodes.ListLiteral: lambda printer, node: f"[{printer.all(node.items)}]",
    nodes.ContextLiteral: _Printer.context,
    nodes.RangeLiteral: _Printer.range,
    nodes.FunctionLiteral: _Printer.function,
    nodes.Name: _Printer.name,
    nodes.Input: lambda printer, node: "?",
    nodes.Path: _Printer.path,
    nodes.Descendants: _Printer.descendants,
    nodes.Filter: _Printer.filter,
    nodes.Call: _Printer.call,
    nodes.NamedCall: _Printer.named_call,
    nodes.Negation: _Printer.negation,
    nodes.Arithmetic: _Printer.arithmetic,
    nodes.Comparison: _Printer.comparison,
    nodes.Between: _Printer.between,
    nodes.In: _Printer.in_tests,
    nodes.Conjunction: _Printer.conjunction,
    nodes.Disjunction: _Printer.disjunction,
    nodes.InstanceOf: _Printer.instance_of,
    nodes.If: _Printer.choice,
    nodes.For: _Printer.loop,
    nodes.Quantified: _Printer.quantified,
    nodes.Test: _Printer.test,
    nodes.UnaryTests: _Printer.unary_tests,
}
