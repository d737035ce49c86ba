"""From the elements of boxed expressions to values (DMN 1.5 §7.3, §8.3, §10.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from lxml import etree

from engine.dmn import model
from engine.dmn.model import Expression
from engine.dmn.xml import child, children, identifier, line_of, local, named, text_of, type_of


def head(xml: etree._Element) -> dict[str, Any]:
    """Return what every element has."""
    return {"id": identifier(xml), "line": line_of(xml)}


def typed_head(xml: etree._Element) -> dict[str, Any]:
    """Return what every expression has."""
    return {**head(xml), "type": type_of(xml)}


def expression_in(xml: etree._Element | None) -> Expression | None:
    """Return the first expression among the children of an element, or None."""
    if xml is None:
        return None
    return next((_read(part) for part in xml if local(part) in _READERS), None)


def expressions_in(xml: etree._Element) -> tuple[Expression, ...]:
    """Return all expressions among the children of an element."""
    return tuple(_read(part) for part in xml if local(part) in _READERS)


def _read(xml: etree._Element) -> Expression:
    return _READERS[local(xml)](xml)


def variable(xml: etree._Element) -> model.Variable:
    """Return a name with its type."""
    return model.Variable(name=named(xml), **typed_head(xml))


def tests(xml: etree._Element | None) -> model.UnaryTests | None:
    """Return the unary tests an element holds."""
    if xml is None:
        return None
    language = xml.get("expressionLanguage", "").strip()
    return model.UnaryTests(text=text_of(xml), language=language, **head(xml))


def literal(xml: etree._Element) -> model.LiteralExpression:
    """Return text in FEEL."""
    language = xml.get("expressionLanguage", "").strip()
    return model.LiteralExpression(text=text_of(xml), language=language, **typed_head(xml))


def function(xml: etree._Element) -> model.FunctionDefinition:
    """Return a function; what has no kind is FEEL."""
    return model.FunctionDefinition(
        parameters=tuple(map(variable, children(xml, "formalParameter"))),
        body=expression_in(xml),
        kind=xml.get("kind", "FEEL").strip() or "FEEL",
        **typed_head(xml),
    )


def _context(xml: etree._Element) -> model.Context:
    entries = tuple(_entry(part) for part in children(xml, "contextEntry"))
    return model.Context(entries=entries, **typed_head(xml))


def _entry(xml: etree._Element) -> model.ContextEntry:
    name = child(xml, "variable")
    return model.ContextEntry(
        variable=None if name is None else variable(name), value=expression_in(xml), **head(xml)
    )


def _relation(xml: etree._Element) -> model.Relation:
    return model.Relation(
        columns=tuple(map(variable, children(xml, "column"))),
        rows=tuple(expressions_in(row) for row in children(xml, "row")),
        **typed_head(xml),
    )


def _list(xml: etree._Element) -> model.ListOf:
    return model.ListOf(items=expressions_in(xml), **typed_head(xml))


def _invocation(xml: etree._Element) -> model.Invocation:
    return model.Invocation(
        function=expression_in(xml),
        bindings=tuple(filter(None, map(_binding, children(xml, "binding")))),
        **typed_head(xml),
    )


def _binding(xml: etree._Element) -> model.Binding | None:
    parameter = child(xml, "parameter")
    if parameter is None:
        return None
    return model.Binding(parameter=variable(parameter), value=expression_in(xml), **head(xml))


def _conditional(xml: etree._Element) -> model.Conditional:
    return model.Conditional(
        condition=expression_in(child(xml, "if")),
        then=expression_in(child(xml, "then")),
        otherwise=expression_in(child(xml, "else")),
        **typed_head(xml),
    )


def _filter(xml: etree._Element) -> model.Filter:
    return model.Filter(
        source=expression_in(child(xml, "in")), match=expression_in(child(xml, "match")), **typed_head(xml)
    )


def _iterator(xml: etree._Element) -> model.Iterator:
    kind = cast('Literal["for", "some", "every"]', local(xml))
    body = child(xml, "return" if kind == "for" else "satisfies")
    return model.Iterator(
        kind=kind,
        variable=named(xml, "iteratorVariable"),
        source=expression_in(child(xml, "in")),
        body=expression_in(body),
        **typed_head(xml),
    )


# ── decision tables ─────────────────────────────────────────────────────────────────────────────


def _table(xml: etree._Element) -> model.DecisionTable:
    return model.DecisionTable(
        inputs=tuple(map(_input, children(xml, "input"))),
        outputs=tuple(map(_output, children(xml, "output"))),
        rules=tuple(map(_rule, children(xml, "rule"))),
        hit_policy=xml.get("hitPolicy", "UNIQUE").strip(),
        aggregation=xml.get("aggregation", "").strip(),
        annotations=tuple(map(named, children(xml, "annotation"))),
        orientation=xml.get("preferredOrientation", "Rule-as-Row").strip(),
        label=xml.get("outputLabel", "").strip(),
        **typed_head(xml),
    )


def _input(xml: etree._Element) -> model.InputClause:
    about = child(xml, "inputExpression")
    return model.InputClause(
        expression=None if about is None else literal(about),
        values=tests(child(xml, "inputValues")),
        label=xml.get("label", "").strip(),
        **head(xml),
    )


def _output(xml: etree._Element) -> model.OutputClause:
    default = child(xml, "defaultOutputEntry")
    return model.OutputClause(
        name=named(xml),
        values=tests(child(xml, "outputValues")),
        default=None if default is None else literal(default),
        label=xml.get("label", "").strip(),
        **typed_head(xml),
    )


def _rule(xml: etree._Element) -> model.Rule:
    return model.Rule(
        inputs=tuple(filter(None, map(tests, children(xml, "inputEntry")))),
        outputs=tuple(map(literal, children(xml, "outputEntry"))),
        annotations=tuple(text_of(part).strip() for part in children(xml, "annotationEntry")),
        **head(xml),
    )


_READERS: dict[str, Callable[[etree._Element], Expression]] = {
    "literalExpression": literal,
    "decisionTable": _table,
    "context": _context,
    "relation": _relation,
    "list": _list,
    "invocation": _invocation,
    "functionDefinition": function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
