"""From boxed expressions to trees of FEEL: each stands for one (DMN 1.5 §10.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import singledispatchmethod

from engine.dmn import model
from engine.dmn.model import Element, Expression, TypeRef, Variable
from engine.dmn.namespaces import FEEL
from engine.dmn.nodes import Broken, Condition, Placed, Row, Typed
from engine.dmn.places import Place
from engine.dmn.tables import Column, OutputColumn, TableNode, TableRule
from engine.dmn.type_table import TypeTable
from engine.dmn.types import parameters_of, results_of
from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.names import odd_names
from engine.feel.nodes import Node
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.resolving import with_types
from engine.feel.types import ANY, FeelType
from engine.text import T

Names = tuple[str, ...]

RESULT = ""
"""The name of the entry that is the result of a context: no other entry can have it."""


class Translator:
    """Translates the logic of one element of a model."""

    def __init__(self, types: TypeTable, element: model.GraphElement, language: str = "") -> None:
        self._types = types
        self._element = element
        self._language = language

    def typed(self, node: Node, ref: TypeRef | None, place: Place) -> Node:
        """Return a tree whose value is made to fit the type that is named."""
        return self._fitted(node, self._types.kind_of(ref), place)

    def _fitted(self, node: Node, kind: FeelType, place: Place) -> Node:
        return node if kind is ANY else Typed(node, kind, place)

    def place(self, part: Element, what: T) -> Place:
        """Return where a part of the element is."""
        element = self._element
        return Place(element.id, element.name, part.id, part.line, what, element.tag)

    def expression(self, box: Expression | None, names: Names, what: T) -> Node:
        """Return the tree of an expression in a scope with `names`; `what` is what people call it."""
        if box is None:
            return Broken("missing", T("这里没有表达式"), self.place(self._element, what))
        if isinstance(box, model.FunctionDefinition):
            return self.function(box, names, what)
        node = self._tree(box, names, what)
        return self.typed(node, box.type, self.place(box, what))

    def function(
        self, box: model.FunctionDefinition, names: Names, what: T, result: TypeRef | None = None
    ) -> nodes.FunctionLiteral:
        """Return the tree of a function; only those in FEEL can be called.

        `result` is the type of the function, or, as models before DMN 1.4 have it, that of its results.
        """
        asked = parameters_of(self._types.kind_of(result), len(box.parameters))
        pairs = zip(box.parameters, asked, strict=True)
        parameters = tuple((each.name, self._feel_type(each, kind)) for each, kind in pairs)
        if box.kind != "FEEL":
            return nodes.FunctionLiteral(parameters, nodes.NullLiteral(), external=True)
        inner = (*names, *(name for name, _ in parameters))
        place = self.place(box, what)
        body = self.expression(box.body, inner, what)
        for ref in (box.type, result):
            body = self._fitted(body, results_of(self._types.kind_of(ref)), place)
        return nodes.FunctionLiteral(parameters, body)

    def tests(self, box: model.UnaryTests | None, names: Names, what: T) -> Node:
        """Return the tree of unary tests; none at all are passed by everything."""
        if box is None or not box.text.strip():
            return nodes.UnaryTests(())
        return self._parsed(box, names, what, parse_unary_tests)

    def _feel_type(self, parameter: Variable, asked: FeelType) -> nodes.Type | None:
        """Return the type of a parameter: its own, or else what the type of the function asks of it."""
        own = self._types.kind_of(parameter.type)
        kind = asked if own is ANY else own
        return None if kind is ANY else nodes.DefinedType(str(kind), kind)

    # ── text ────────────────────────────────────────────────────────────────────────────────────

    def _parsed(
        self,
        box: model.LiteralExpression | model.UnaryTests,
        names: Names,
        what: T,
        parse: Callable[..., Node],
    ) -> Node:
        place = self.place(box, what)
        language = box.language or self._language
        if language and language not in FEEL:
            return Broken("language", T("表达式的语言“{language}”不是 FEEL", language=language), place)
        if not box.text.strip():
            return Broken("missing", T("这里没有表达式"), place)
        try:
            tree = parse(box.text, odd_names(names), members=self._types.members)
        except FeelSyntaxError as error:
            spot = (error.line, error.column)
            return Broken("syntax", error.text, place, spot, position=error.position)
        return Placed(with_types(tree, self._types.defined), place, box.text)

    # ── every kind of expression ────────────────────────────────────────────────────────────────

    @singledispatchmethod
    def _tree(self, box: Expression, names: Names, what: T) -> Node:
        raise TypeError(f"no translation for {type(box).__name__}")

    @_tree.register
    def _literal(self, box: model.LiteralExpression, names: Names, what: T) -> Node:
        return self._parsed(box, names, what, parse_expression)

    @_tree.register
    def _context(self, box: model.Context, names: Names, what: T) -> Node:
        entries: list[tuple[str, Node]] = []
        for entry in box.entries:
            name = RESULT if entry.variable is None else entry.variable.name
            called = T("条目“{name}”", name=name) if name else T("上下文的结果")
            own = (name,) if isinstance(entry.value, model.FunctionDefinition) else ()
            node = self.expression(entry.value, (*names, *own), called)
            if entry.variable is not None:
                node = self._entry(node, entry.variable.type, self.place(entry, called))
            entries.append((name, node))
            names = (*names, name)
        tree = nodes.ContextLiteral(tuple(entries))
        return nodes.Path(tree, RESULT) if any(name == RESULT for name, _ in entries) else tree

    def _entry(self, node: Node, ref: TypeRef | None, place: Place) -> Node:
        """Make an entry fit its type; the type of a function may be given as that of its results."""
        inner = node.node if isinstance(node, Placed) else node
        if not isinstance(inner, nodes.FunctionLiteral):
            return self.typed(node, ref, place)
        body = self._fitted(inner.body, results_of(self._types.kind_of(ref)), place)
        return replace(inner, body=body)

    @_tree.register
    def _relation(self, box: model.Relation, names: Names, what: T) -> Node:
        return nodes.ListLiteral(tuple(self._row(box, row, names, what) for row in box.rows))

    def _row(self, box: model.Relation, row: tuple[Expression, ...], names: Names, what: T) -> Node:
        cells = []
        for column, cell in zip(box.columns, row, strict=False):
            called = T("列“{name}”", name=column.name)
            node = self.expression(cell, names, called)
            cells.append((column.name, self.typed(node, column.type, self.place(cell, called))))
        return Row(tuple(cells))

    @_tree.register
    def _list(self, box: model.ListOf, names: Names, what: T) -> Node:
        return nodes.ListLiteral(tuple(self.expression(item, names, what) for item in box.items))

    @_tree.register
    def _invocation(self, box: model.Invocation, names: Names, what: T) -> Node:
        function = self.expression(box.function, names, T("调用的函数"))
        arguments = []
        for binding in box.bindings:
            called = T("参数“{name}”", name=binding.parameter.name)
            node = self.expression(binding.value, names, called)
            node = self.typed(node, binding.parameter.type, self.place(binding, called))
            arguments.append((binding.parameter.name, node))
        callee = function.node if isinstance(function, Placed) else function
        return Placed(nodes.NamedCall(callee, tuple(arguments)), self.place(box, what))

    @_tree.register
    def _conditional(self, box: model.Conditional, names: Names, what: T) -> Node:
        parts = (
            Condition(self.expression(box.condition, names, T("“如果”的条件"))),
            self.expression(box.then, names, T("“那么”的表达式")),
            self.expression(box.otherwise, names, T("“否则”的表达式")),
        )
        return Placed(nodes.If(*parts), self.place(box, what))

    @_tree.register
    def _filter(self, box: model.Filter, names: Names, what: T) -> Node:
        source = self.expression(box.source, names, T("筛选的列表"))
        match = self.expression(box.match, (*names, "item"), T("筛选的条件"))
        return Placed(nodes.Filter(source, Condition(match)), self.place(box, what))

    @_tree.register
    def _iterator(self, box: model.Iterator, names: Names, what: T) -> Node:
        domain = self.expression(box.source, names, T("遍历的列表"))
        inner = (*names, box.variable, *(("partial",) if box.kind == "for" else ()))
        body = self.expression(box.body, inner, T("每一项的表达式"))
        iterators = ((box.variable, domain),)
        if box.kind == "for":
            return Placed(nodes.For(iterators, body), self.place(box, what))
        return Placed(nodes.Quantified(box.kind, iterators, Condition(body)), self.place(box, what))

    # ── tables ──────────────────────────────────────────────────────────────────────────────────

    @_tree.register
    def _table(self, box: model.DecisionTable, names: Names, what: T) -> Node:
        columns = tuple(self._column(each, i, names) for i, each in enumerate(box.inputs, 1))
        outputs = tuple(self._output(each, i, names, box) for i, each in enumerate(box.outputs, 1))
        rules = tuple(self._rule(each, i, names, box) for i, each in enumerate(box.rules, 1))
        return TableNode(columns, outputs, rules, box.hit_policy, box.aggregation, self.place(box, what))

    def _column(self, clause: model.InputClause, number: int, names: Names) -> Column:
        about = clause.expression
        label = clause.label or (about.text.strip() if about else "") or str(number)
        what = T("输入“{label}”", label=label)
        place = self.place(clause, what)
        node = self.expression(about, names, what)
        values = self._each_test(clause.values, names, what)
        typed = self._types.allowed(about.type) if about else None
        domain = values or self._each_test(typed, names, what)
        return Column(node, values, domain, label, place)

    def _output(
        self, clause: model.OutputClause, number: int, names: Names, box: model.DecisionTable
    ) -> OutputColumn:
        label = clause.name or clause.label or box.label or self._element.name
        what = T("输出“{label}”", label=label)
        default = None
        if clause.default is not None:
            default = self.expression(clause.default, names, T("输出“{label}”的默认值", label=label))
            default = self.typed(default, clause.type, self.place(clause.default, what))
        values = self._each_test(clause.values or self._types.allowed(clause.type), names, what)
        return OutputColumn(clause.name or str(number), label, values, default, self.place(clause, what))

    def _each_test(self, box: model.UnaryTests | None, names: Names, what: T) -> tuple[Node, ...]:
        """Return the tests one by one: their order is the order of priorities (§8.3.3)."""
        if box is None or not box.text.strip():
            return ()
        tree = self.tests(box, names, what)
        if isinstance(tree, Placed) and isinstance(tree.node, nodes.UnaryTests) and not tree.node.negated:
            return tuple(Placed(nodes.UnaryTests((test,)), tree.place) for test in tree.node.tests)
        return (tree,)

    def _rule(self, rule: model.Rule, number: int, names: Names, box: model.DecisionTable) -> TableRule:
        what = T("规则 {number}", number=number)
        tests = tuple(
            self.tests(entry, names, T("规则 {number} 的第 {column} 个输入", number=number, column=column))
            for column, entry in enumerate(rule.inputs, 1)
        )
        results = []
        for column, (clause, entry) in enumerate(zip(box.outputs, rule.outputs, strict=False), 1):
            called = T("规则 {number} 的第 {column} 个输出", number=number, column=column)
            node = self.expression(entry, names, called)
            results.append(self.typed(node, clause.type, self.place(entry, called)))
        annotations = dict(zip(box.annotations, rule.annotations, strict=False))
        return TableRule(tests, tuple(results), rule.id, annotations, self.place(rule, what))


def visible(names: Iterable[str]) -> Names:
    """Return names in a fixed order, each once."""
    return tuple(sorted(set(names)))
