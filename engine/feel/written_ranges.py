"""Ranges written as text: `range("[1..5]")` (DMN 1.5 §10.3.4.1, rules 66 and 67)."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.nodes import Node, children
from engine.feel.parser import parse_expression
from engine.feel.programs import build
from engine.feel.run import Frame, Run
from engine.feel.values import Range, Undefined
from engine.text import T

_LITERALS = (nodes.NullLiteral, nodes.NumberLiteral, nodes.StringLiteral, nodes.AtLiteral, nodes.Negation)
_LONGEST = 500
_CONVERSIONS = frozenset({"date", "time", "date and time", "duration"})


def read_range(run: Run, text: str) -> Range:
    """Return the range `text` writes; raise Undefined when it writes something else."""
    wrong = Undefined(T("“{text}”不是区间", text=text[:60]))
    if len(text) > _LONGEST:
        raise wrong
    run.spend(100 + 10 * len(text))
    try:
        node = _parsed(text.strip())
    except FeelSyntaxError:
        raise wrong from None
    if node is None or not all(_is_constant(end) for end in children(node)):
        raise wrong
    value = build(node)(Frame({}, None, run))
    if not isinstance(value, Range):
        raise wrong
    return value


def _parsed(text: str) -> Node | None:
    """Return the tree of a range; an end may be left away where it is open."""
    opening, closing = text[:1], text[-1:]
    low, dots, high = (part.strip() for part in text[1:-1].partition(".."))
    if dots and not low and high and opening in ("(", "]"):
        return nodes.RangeLiteral(nodes.NullLiteral(), parse_expression(high), False, closing == "]")
    if dots and low and not high and closing in (")", "["):
        return nodes.RangeLiteral(parse_expression(low), nodes.NullLiteral(), opening == "[", False)
    node = parse_expression(text)
    return node if isinstance(node, nodes.RangeLiteral) else None


def _is_constant(node: Node) -> bool:
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
        named = node.function.name in _CONVERSIONS
        return named and all(_is_constant(argument) for argument in node.arguments)
    return isinstance(node, _LITERALS) and all(_is_constant(child) for child in children(node))
