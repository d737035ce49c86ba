"""Trees as text again: parsing what is printed gives the tree that was printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.nodes import Node, Type
from engine.feel.numbers import plain
from engine.feel.parser import ADD, AND, COMPARE, MULTIPLY, NEGATE, OR, POWER
from engine.feel.tokens import quote
from engine.feel.writing import written_key

INSTANCE, POSTFIX, ATOM = NEGATE + 1, NEGATE + 2, NEGATE + 3

_LEVELS = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}


def print_expression(node: Node) -> str:
    """Return the text of an expression or of unary tests, with no more parentheses than it needs."""
    return _bare(node)


def _text(node: Node) -> str:
    return _PRINTERS[type(node)](node)


def _within(node: Node, level: int) -> str:
    """Return the text of an operand where only what binds at `level` or tighter may stand bare."""
    text = _text(node)
    return text if level_of(node) >= level else f"({text})"


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


def _bare(node: Node) -> str:
    """Return the text of an expression that stands by itself between commas or brackets."""
    text = _text(node)
    return f"({text})" if isinstance(node, nodes.Test) else text


# ── literals ────────────────────────────────────────────────────────────────────────────────────


def _number(node: nodes.NumberLiteral) -> str:
    value = node.value
    small = abs(value.adjusted()) < 40 and value.as_tuple().exponent <= 0  # type: ignore[operator]
    if not value:
        return "-0" if value.is_signed() and small else plain(value) if small else f"{value:e}"
    return plain(value) if small else f"{value:e}"


def _context(node: nodes.ContextLiteral) -> str:
    return "{" + ", ".join(f"{written_key(key)}: {_bare(value)}" for key, value in node.entries) + "}"


def _range(node: nodes.RangeLiteral) -> str:
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{_within(node.start, ADD)}..{_within(node.end, ADD)}{closing}"


def _function(node: nodes.FunctionLiteral) -> str:
    parameters = ", ".join(
        name if kind is None else f"{name}: {_type(kind)}" for name, kind in node.parameters
    )
    return f"function({parameters}) {'external ' if node.external else ''}{_bare(node.body)}"


# ── paths, filters, calls ───────────────────────────────────────────────────────────────────────


def _filter(node: nodes.Filter) -> str:
    return f"{_within(node.source, POSTFIX)}[{_bare(node.condition)}]"


def _call(node: nodes.Call) -> str:
    return f"{_within(node.function, POSTFIX)}({', '.join(map(_bare, node.arguments))})"


def _named_call(node: nodes.NamedCall) -> str:
    arguments = ", ".join(f"{name}: {_bare(value)}" for name, value in node.arguments)
    return f"{_within(node.function, POSTFIX)}({arguments})"


# ── operators ───────────────────────────────────────────────────────────────────────────────────


def _arithmetic(node: nodes.Arithmetic) -> str:
    level = _LEVELS[node.operator]
    return f"{_within(node.left, level)} {node.operator} {_within(node.right, level + 1)}"


def _comparison(node: nodes.Comparison) -> str:
    return f"{_within(node.left, COMPARE)} {node.operator} {_within(node.right, ADD)}"


def _between(node: nodes.Between) -> str:
    value = _within(node.value, COMPARE)
    return f"{value} between {_within(node.low, ADD)} and {_within(node.high, ADD)}"


def _in(node: nodes.In) -> str:
    value = _within(node.value, COMPARE)
    if len(node.tests) == 1 and level_of(node.tests[0]) == ATOM and not isinstance(node.tests[0], nodes.Test):
        return f"{value} in {_text(node.tests[0])}"
    return f"{value} in ({', '.join(map(_text, node.tests))})"


def _chain(word: str, level: int) -> Callable[[Any], str]:
    return lambda node: f" {word} ".join(_within(operand, level + 1) for operand in node.operands)


def _negation(node: nodes.Negation) -> str:
    operand = _within(node.operand, NEGATE)
    bare_number = operand[0].isdigit() or operand[0] == "."
    return f"-({operand})" if bare_number else f"-{operand}"


def _unary_tests(node: nodes.UnaryTests) -> str:
    tests = ", ".join(map(_text, node.tests)) or "-"
    return f"not({tests})" if node.negated else tests


# ── choice and repetition ───────────────────────────────────────────────────────────────────────


def _if(node: nodes.If) -> str:
    return f"if {_bare(node.condition)} then {_bare(node.then)} else {_bare(node.otherwise)}"


def _iterators(iterators: tuple[tuple[str, Node], ...]) -> str:
    return ", ".join(f"{name} in {_domain(domain)}" for name, domain in iterators)


def _domain(node: Node) -> str:
    if isinstance(node, nodes.IterationRange):
        return f"{_within(node.start, ADD)}..{_within(node.end, ADD)}"
    return _within(node, OR)


def _for(node: nodes.For) -> str:
    return f"for {_iterators(node.iterators)} return {_bare(node.result)}"


def _quantified(node: nodes.Quantified) -> str:
    return f"{node.kind} {_iterators(node.iterators)} satisfies {_bare(node.condition)}"


# ── types ───────────────────────────────────────────────────────────────────────────────────────


def _type(kind: Type) -> str:
    if isinstance(kind, nodes.ListType):
        return f"list<{_type(kind.of)}>"
    if isinstance(kind, nodes.RangeType):
        return f"range<{_type(kind.of)}>"
    if isinstance(kind, nodes.ContextType):
        return "context<" + ", ".join(f"{name}: {_type(entry)}" for name, entry in kind.entries) + ">"
    if isinstance(kind, nodes.FunctionType):
        return "function<" + ", ".join(map(_type, kind.parameters)) + f"> -> {_type(kind.result)}"
    return kind.name if isinstance(kind, nodes.NamedType) else "Any"


_PRINTERS: dict[type[Node], Callable[[Any], str]] = {
    nodes.NumberLiteral: _number,
    nodes.StringLiteral: lambda node: quote(node.value),
    nodes.BooleanLiteral: lambda node: "true" if node.value else "false",
    nodes.NullLiteral: lambda node: "null",
    nodes.AtLiteral: lambda node: "@" + quote(node.text),
    nodes.ListLiteral: lambda node: "[" + ", ".join(map(_bare, node.items)) + "]",
    nodes.ContextLiteral: _context,
    nodes.RangeLiteral: _range,
    nodes.FunctionLiteral: _function,
    nodes.Name: lambda node: node.name,
    nodes.Input: lambda node: "?",
    nodes.Path: lambda node: f"{_within(node.source, POSTFIX)}.{node.name}",
    nodes.Filter: _filter,
    nodes.Call: _call,
    nodes.NamedCall: _named_call,
    nodes.Descendants: lambda node: f"{_within(node.source, POSTFIX)}...{node.name}",
    nodes.Negation: _negation,
    nodes.Arithmetic: _arithmetic,
    nodes.Comparison: _comparison,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.Conjunction: _chain("and", AND),
    nodes.Disjunction: _chain("or", OR),
    nodes.InstanceOf: lambda node: f"{_within(node.value, INSTANCE)} instance of {_type(node.type)}",
    nodes.If: _if,
    nodes.For: _for,
    nodes.Quantified: _quantified,
    nodes.Test: lambda node: f"{node.operator} {_within(node.operand, ADD)}",
    nodes.UnaryTests: _unary_tests,
}
