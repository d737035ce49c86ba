"""From tokens to the tree, with the precedence of the standard's grammar (DMN 1.5 §10.3.1.2).

From loosest to tightest: `or`, `and`, comparison, `+ -`, `* /`, `**`, negation, `instance of`, and
path, filter and call. `if`, `for`, `some`, `every` and `function` reach as far to the right as they
can. Operators of one level are read from left to right.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import nodes
from engine.feel.limits import DEFAULT, Limits
from engine.feel.nodes import Node
from engine.feel.reader import Reader
from engine.feel.tokens import string_value
from engine.feel.typeparser import parse_type
from engine.text import T

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE = range(1, 8)

_ORDERS = ("<", "<=", ">", ">=")
_COMPARISONS = ("=", "!=", *_ORDERS)
_ARITHMETIC = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}


class Parser(Reader):
    """One reading of one text."""

    # ── entries ─────────────────────────────────────────────────────────────────────────────────

    def whole_expression(self) -> Node:
        """Rule 1: an expression and nothing after it."""
        node = self.expression()
        self.expect_end()
        return node

    def whole_unary_tests(self) -> nodes.UnaryTests:
        """Rule 15: `-`, positive tests, or `not(…)`, and nothing after it."""
        start = self.here
        if self.at("-") and self.ahead(1).kind == "end":
            self.advance()
            return self.made(nodes.UnaryTests((), position=start))
        negated = self.attempt(self._negated_tests)
        if negated is not None:
            return self.made(nodes.UnaryTests(negated, negated=True, position=start))
        tests = self._positive_tests()
        self.expect_end()
        return self.made(nodes.UnaryTests(tests, position=start))

    def _negated_tests(self) -> tuple[Node, ...]:
        self.expect("not")
        self.expect("(")
        tests = self._positive_tests()
        self.expect(")")
        self.expect_end()
        return tests

    def _positive_tests(self) -> tuple[Node, ...]:
        tests = [self._test(OR)]
        while self.accept(","):
            tests.append(self._test(OR))
        return tuple(tests)

    def _test(self, level: int) -> Node:
        """Rule 7: a comparison without its left side, an interval, or any expression."""
        operator = self.token
        if operator.text not in _COMPARISONS:
            return self.expression(level)
        self.advance()
        return self.made(nodes.Test(operator.text, self.expression(ADD), position=operator.start))

    # ── operators ───────────────────────────────────────────────────────────────────────────────

    def expression(self, level: int = OR) -> Node:
        """Rules 2, 19-24, 47-49: an operand and every operator after it that binds at `level` or tighter.

        A comparison without its left side (rule 7) is a range, and no operand of anything.
        """
        self.enter()
        if level == OR and self.token.text in _ORDERS:
            left = self._test(OR)
        else:
            left = self._operand()
            while (following := self._operation(left, level)) is not None:
                left = following
        self.leave()
        return left

    def _operation(self, left: Node, level: int) -> Node | None:
        token = self.token
        word = token.text
        if token.kind == "symbol" and word in _ARITHMETIC and level <= _ARITHMETIC[word]:
            self.advance()
            right = self.expression(_ARITHMETIC[word] + 1)
            return self.made(nodes.Arithmetic(word, left, right, position=token.start))
        if level <= COMPARE and token.kind in ("symbol", "name"):
            compared = self._comparison(left)
            if compared is not None:
                return compared
        if token.kind == "name" and word == "and" and level <= AND:
            return self.made(nodes.Conjunction(self._chain(left, "and", AND), position=left.position))
        if token.kind == "name" and word == "or" and level <= OR:
            return self.made(nodes.Disjunction(self._chain(left, "or", OR), position=left.position))
        return None

    def _chain(self, first: Node, word: str, level: int) -> tuple[Node, ...]:
        operands = [first]
        while self.accept(word):
            operands.append(self.expression(level + 1))
        return tuple(operands)

    def _comparison(self, left: Node) -> Node | None:
        """Rule 49."""
        token = self.token
        if token.text in _COMPARISONS:
            self.advance()
            right = self.expression(ADD)
            return self.made(nodes.Comparison(token.text, left, right, position=token.start))
        if self.accept("between"):
            low = self.expression(ADD)
            self.expect("and")
            return self.made(nodes.Between(left, low, self.expression(ADD), position=token.start))
        if self.accept("in"):
            return self.made(nodes.In(left, self._in_tests(), position=token.start))
        return None

    def _in_tests(self) -> tuple[Node, ...]:
        """Rules 49.c and 49.d: one test, or several in parentheses; `(1..5)` is one interval."""
        if not self.at("("):
            return (self._test(ADD),)
        if self.interval_ahead():
            return (self._open_interval(),)
        self.expect("(")
        with self.bracketed():
            tests = self._positive_tests()
        self.expect(")")
        return tests

    def _operand(self) -> Node:
        """Rule 24 (negation), then rule 51 (`instance of`), which binds tighter."""
        token = self.token
        if not self.accept("-"):
            return self._instance_of(self._postfix(self._primary()))
        if self.token.kind == "number":
            value = self.number_value(self.token)
            self.advance()
            return self._instance_of(self.made(nodes.NumberLiteral(-value, position=token.start)))
        return self.made(nodes.Negation(self.expression(NEGATE), position=token.start))

    def _instance_of(self, value: Node) -> Node:
        while self.at("instance") and self.ahead(1).text == "of":
            start = self.here
            self.advance(2)
            value = self.made(nodes.InstanceOf(value, parse_type(self), position=start))
        return value

    # ── path, filter, call ──────────────────────────────────────────────────────────────────────

    def _postfix(self, node: Node) -> Node:
        """Rules 38, 43 and 50, any number of them after each other."""
        while True:
            token = self.token
            if self.accept("."):
                node = self.made(nodes.Path(node, self.member_name(), position=token.start))
            elif self.accept("..."):
                node = self.made(nodes.Descendants(node, self.member_name(), position=token.start))
            elif self.at("[") and not self.closes_interval():
                node = self._filter(node)
            elif self.at("("):
                node = self._call(node)
            else:
                return node

    def _filter(self, source: Node) -> Node:
        start = self.here
        self.expect("[")
        with self.bracketed(), self.names_of("item", *self.members):
            condition = self.expression()
        self.expect("]")
        return self.made(nodes.Filter(source, condition, position=start))

    def _call(self, function: Node) -> Node:
        start = function.position
        self.expect("(")
        with self.bracketed():
            if self.label_ahead():
                named = tuple(self.separated(self._named_argument, ")"))
                return self.made(nodes.NamedCall(function, named, position=start))
            arguments = tuple(self.separated(self.expression, ")"))
        return self.made(nodes.Call(function, arguments, position=start))

    def _named_argument(self) -> tuple[str, Node]:
        name = self.label((":",))
        self.expect(":")
        return name, self.expression()

    # ── the innermost things ────────────────────────────────────────────────────────────────────

    def _primary(self) -> Node:
        """Rules 2.h, 31-36 and 53: a literal, a name, or something in brackets."""
        token = self.token
        if token.kind == "number":
            return self._number()
        if token.kind == "string":
            self.advance()
            return self.made(nodes.StringLiteral(string_value(token, self.source), position=token.start))
        name = self.find_name()
        if name is None or name.length == 1:
            rule = _PRIMARY.get(token.text)
            if rule is not None and token.kind in ("name", "symbol"):
                return rule(self)
        if name is None:
            raise self.unexpected(T("一个表达式"))
        self.advance(name.length)
        return self.made(nodes.Name(name.name, position=token.start))

    def _number(self) -> Node:
        token = self.token
        value = self.number_value(token)
        self.advance()
        return self.made(nodes.NumberLiteral(value, position=token.start))

    def _constant(self) -> Node:
        token = self.token
        self.advance()
        if token.text == "null":
            return self.made(nodes.NullLiteral(position=token.start))
        return self.made(nodes.BooleanLiteral(token.text == "true", position=token.start))

    def _input(self) -> Node:
        start = self.here
        self.expect("?")
        return self.made(nodes.Input(position=start))

    def _at_literal(self) -> Node:
        start = self.here
        self.expect("@")
        if self.token.kind != "string":
            raise self.unexpected(T("带引号的日期、时间或时长"))
        text = string_value(self.token, self.source)
        self.advance()
        return self.made(nodes.AtLiteral(text, position=start))

    def _parentheses(self) -> Node:
        """An expression, an interval open at its start, or a test as a range: `(a)`, `(1..5]`, `(< 5)`."""
        if self.interval_ahead():
            return self._open_interval()
        self.expect("(")
        with self.bracketed():
            inner = self._test(OR)
        self.expect(")")
        return inner

    def _open_interval(self) -> Node:
        start = self.here
        self.advance()
        with self.bracketed():
            low = self.expression(ADD)
        return self._interval_end(low, start, included=False)

    def _brackets(self) -> Node:
        """A list, or an interval closed at its start: `[1, 2]`, `[1..5]`."""
        start = self.here
        self.expect("[")
        with self.bracketed():
            if self.accept("]"):
                return self.made(nodes.ListLiteral((), position=start))
            first = self.expression()
            if not self.at(".."):
                rest = self.separated(self.expression, "]") if self.accept(",") else self._close_list()
                return self.made(nodes.ListLiteral((first, *rest), position=start))
        return self._interval_end(first, start, included=True)

    def _close_list(self) -> list[Node]:
        self.expect("]")
        return []

    def _interval_end(self, low: Node, start: int, *, included: bool) -> Node:
        self.expect("..")
        with self.interval():
            high = self.expression(ADD)
        closing = self.token.text
        if not (self.accept("]") or self.accept(")") or self.accept("[")):
            raise self.unexpected("] )")
        return self.made(nodes.RangeLiteral(low, high, included, closing == "]", position=start))

    def _context(self) -> Node:
        """Rule 57; an entry may use the entries before it."""
        start = self.here
        self.expect("{")
        with self.bracketed(), self.names_of():
            entries = tuple(self.separated(self._entry, "}"))
        keys = [key for key, _ in entries]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise self.wrong(T("上下文中“{name}”出现了两次", name=twice), start)
        return self.made(nodes.ContextLiteral(entries, position=start))

    def _entry(self) -> tuple[str, Node]:
        if self.token.kind == "string":
            key = string_value(self.token, self.source)
            self.advance()
        else:
            key = self.label((":",))
        self.expect(":")
        value = self.expression()
        self.known.add([key])
        return key, value

    def _function(self) -> Node:
        """Rule 55."""
        start = self.here
        self.expect("function")
        self.expect("(")
        parameters = tuple(self.separated(self._parameter, ")"))
        external = self.accept("external")
        with self.names_of(*(name for name, _ in parameters)):
            body = self.expression()
        return self.made(nodes.FunctionLiteral(parameters, body, external, position=start))

    def _parameter(self) -> tuple[str, nodes.Type | None]:
        name = self.label((":", ",", ")"))
        return name, parse_type(self) if self.accept(":") else None

    # ── choice and repetition ───────────────────────────────────────────────────────────────────

    def _if(self) -> Node:
        """Rule 45."""
        start = self.here
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return self.made(nodes.If(condition, then, self.expression(), position=start))

    def _for(self) -> Node:
        """Rule 44; the result may use `partial`, the results so far."""
        start = self.here
        self.expect("for")
        with self.names_of():
            iterators = self._iterators()
            self.expect("return")
            return self.made(nodes.For(iterators, self.expression(), position=start))

    def _quantified(self) -> Node:
        """Rule 46."""
        token = self.token
        self.advance()
        with self.names_of():
            iterators = self._iterators()
            self.expect("satisfies")
            return self.made(nodes.Quantified(token.text, iterators, self.expression(), position=token.start))

    def _iterators(self) -> tuple[tuple[str, Node], ...]:
        """Each iterator is a loop within the one before it, and as deep."""
        iterators = [self._iterator()]
        while self.accept(","):
            self.enter()
            iterators.append(self._iterator())
        for _ in iterators[1:]:
            self.leave()
        return tuple(iterators)

    def _iterator(self) -> tuple[str, Node]:
        name = self.label(("in",))
        self.expect("in")
        domain = self.expression()
        if self.accept(".."):
            domain = self.made(nodes.IterationRange(domain, self.expression(), position=domain.position))
        self.known.add([name])
        return name, domain


_PRIMARY: dict[str, Callable[[Parser], Node]] = {
    "null": Parser._constant,
    "true": Parser._constant,
    "false": Parser._constant,
    "?": Parser._input,
    "@": Parser._at_literal,
    "(": Parser._parentheses,
    "]": Parser._open_interval,
    "[": Parser._brackets,
    "{": Parser._context,
    "function": Parser._function,
    "if": Parser._if,
    "for": Parser._for,
    "some": Parser._quantified,
    "every": Parser._quantified,
}


def parse_expression(
    source: str, odd: tuple[str, ...] = (), limits: Limits = DEFAULT, members: tuple[str, ...] = ()
) -> Node:
    """Return the tree of an expression.

    `odd` are the names in scope that the parser must be told of, `members` those that only entries of
    contexts have: they are looked for after the dot of a path and within filters.
    """
    return Parser(source, odd, limits, members).whole_expression()


def parse_unary_tests(
    source: str, odd: tuple[str, ...] = (), limits: Limits = DEFAULT, members: tuple[str, ...] = ()
) -> nodes.UnaryTests:
    """Return the tree of unary tests, as in a cell of a decision table."""
    return Parser(source, odd, limits, members).whole_unary_tests()
