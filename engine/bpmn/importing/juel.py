"""Expressions of Java's unified expression language, JavaScript and Groovy, rewritten as FEEL.

Source of what they mean: Jakarta Expression Language 3.0 §1 (operators, coercion), for scripts
ECMA-262. A translation gives the same value, or none: where FEEL has no value (texts compared with
numbers, arithmetic on null) the process stops with an incident instead of going on differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from engine.bpmn.importing import methods, terms
from engine.bpmn.importing.terms import DEEPEST, FALSE, NULL, TRUE, NotExact, Term
from engine.bpmn.importing.tokens import Word, words
from engine.text import T

Dialect = Literal["juel", "javascript", "groovy"]

_RELATIONS = {"<": "<", "lt": "<", ">": ">", "gt": ">", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">="}
_EQUALITIES = {"==": "=", "eq": "=", "===": "=", "!=": "!=", "ne": "!=", "!==": "!="}
_WORDS = {"and", "or", "not", "eq", "ne", "lt", "gt", "le", "ge", "div", "mod", "empty", "instanceof"}
_SCRIPT_ONLY = {"===", "!=="}


def to_feel(text: str, dialect: Dialect = "juel", known: Mapping[str, Term] | None = None) -> Term:
    """Return an expression (without `${…}`) as FEEL; raises `NotExact` for what has no exact equal."""
    parser = Parser(words(text), dialect, known or {})
    found = parser.expression()
    parser.expect_end()
    terms.checked(found.text)
    return found


class Parser:
    """Reads one expression and writes FEEL while it reads."""

    def __init__(self, tokens: list[Word], dialect: Dialect, known: Mapping[str, Term]) -> None:
        self.tokens, self.dialect, self.known = tokens, dialect, known
        self.at, self.depth = 0, 0

    @property
    def word(self) -> Word:
        """Return the token that comes next."""
        return self.tokens[self.at]

    def accept(self, *texts: str) -> str | None:
        """Pass one of these symbols or words and return it; None when something else comes."""
        word = self.word
        spelled = word.sort == "symbol" or (word.sort == "name" and word.text in _WORDS)
        if not spelled or word.text not in texts:
            return None
        if word.text in _SCRIPT_ONLY and self.dialect != "javascript":
            raise NotExact(T("读不懂“{text}”", text=word.text))
        if word.sort == "name" and self.dialect != "juel":
            return None
        self.at += 1
        return word.text

    def expect(self, text: str) -> None:
        """Pass this symbol."""
        if self.accept(text) is None:
            raise NotExact(T("读不懂“{text}”", text=self.word.text or "…"))

    def expect_end(self) -> None:
        """Refuse what is left over."""
        if self.word.sort != "end":
            raise NotExact(T("读不懂“{text}”", text=self.word.text))

    def expression(self) -> Term:
        """Read a whole expression."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotExact(T("嵌套太深"))
        found = self._or()
        if self.accept("?"):
            then = self.expression()
            self.expect(":")
            found = terms.choice(self._truth(found), then, self.expression())
        self.depth -= 1
        return found

    def _truth(self, term: Term) -> Term:
        """Return a term where a truth value is needed; what certainly is none is refused."""
        if term.kind in ("number", "string", "list", "null"):
            raise NotExact(T("“{text}”不是是非值", text=term.text))
        return term

    def _or(self) -> Term:
        left = self._and()
        while self.accept("||", "or"):
            right = self._and()
            left = terms.logical(
                self._truth(left), "or", self._truth(right), boolean=self.dialect != "javascript"
            )
        return left

    def _and(self) -> Term:
        left = self._equality()
        while self.accept("&&", "and"):
            right = self._equality()
            left = terms.logical(
                self._truth(left), "and", self._truth(right), boolean=self.dialect != "javascript"
            )
        return left

    def _equality(self) -> Term:
        left = self._relation()
        while operator := self.accept(*_EQUALITIES):
            right = self._relation()
            by_identity = self.dialect == "javascript" and "any" == left.kind == right.kind
            if by_identity and left.literal is None and right.literal is None:
                raise NotExact(T("JavaScript 按对象是否同一来比较“{text}”", text=left.text))
            left = terms.equal(left, _EQUALITIES[operator], right)
        return left

    def _relation(self) -> Term:
        left = self._sum()
        while operator := self.accept(*_RELATIONS):
            left = terms.compare(left, _RELATIONS[operator], self._sum())
        return left

    def _sum(self) -> Term:
        left = self._product()
        while operator := self.accept("+", "-"):
            left = self._added(left, operator, self._product())
        return left

    def _added(self, left: Term, operator: str, right: Term) -> Term:
        if self.dialect == "juel" and operator == "+":
            # Here `+` adds numbers even when both are texts; FEEL would join them.
            if "string" in (left.kind, right.kind):
                raise NotExact(T("“+”在这里不连接文字：{text}", text=f"{left.text} + {right.text}"))
            if "number" not in (left.kind, right.kind):
                left = terms.binary(terms.number("0"), "+", left, terms.ADD, "number")
        kind: terms.Kind = "number" if "number" in (left.kind, right.kind) else "any"
        return terms.binary(left, operator, right, terms.ADD, kind)

    def _product(self) -> Term:
        left = self._unary()
        while operator := self.accept("*", "/", "div", "%", "mod"):
            right = self._unary()
            if operator in ("%", "mod"):
                raise NotExact(T("余数“{text}”对负数的结果与 FEEL 不同", text=f"{left.text} % {right.text}"))
            sign = "*" if operator == "*" else "/"
            left = terms.binary(left, sign, right, terms.MULTIPLY, "number")
        return left

    def _unary(self) -> Term:
        if operator := self.accept("!", "not", "-", "empty"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise NotExact(T("嵌套太深"))
            inner = self._unary()
            self.depth -= 1
            if operator == "empty":
                return terms.is_empty(inner)
            if operator == "-":
                return Term(f"-{inner.within(terms.POSTFIX)}", terms.UNARY, "number", risky=True)
            return terms.negated(self._truth(inner))
        return self._postfix()

    def _postfix(self) -> Term:
        found = self._primary()
        while True:
            if self.accept("."):
                name = self._name()
                arguments = self._arguments() if self.accept("(") else None
                found = methods.member(found, name, arguments, self.dialect)
            elif self.accept("["):
                index = self.expression()
                self.expect("]")
                found = methods.indexed(found, index)
            else:
                methods.refuse_host_object(found)
                return found

    def _name(self) -> str:
        word = self.word
        if word.sort != "name":
            raise NotExact(T("读不懂“{text}”", text=word.text or "…"))
        self.at += 1
        return word.text

    def _arguments(self) -> list[Term]:
        found: list[Term] = []
        while not self.accept(")"):
            if found:
                self.expect(",")
            found.append(self.expression())
        return found

    def _primary(self) -> Term:
        word = self.word
        self.at += 1 if word.sort != "end" else 0
        if word.sort == "string":
            if self.dialect == "groovy" and "$" in word.text:
                raise NotExact(T("读不懂“{text}”", text=word.text))
            return terms.string(word.text)
        if word.sort == "number":
            return terms.number(word.text)
        if word.sort == "symbol" and word.text == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        if word.sort == "symbol" and word.text == "[" and self.dialect != "juel":
            return self._list()
        if word.sort != "name" or (self.dialect == "juel" and word.text in _WORDS):
            raise NotExact(T("读不懂“{text}”", text=word.text or "…"))
        return self._named(word.text)

    def _list(self) -> Term:
        found: list[str] = []
        while not self.accept("]"):
            if found:
                self.expect(",")
            found.append(terms.part(self.expression()).text)
        return Term(f"[{', '.join(found)}]", kind="list")

    def _named(self, name: str) -> Term:
        constants = {"true": TRUE, "false": FALSE, "null": NULL}
        if name in constants:
            return constants[name]
        if self.dialect == "juel" and self.tokens[self.at][1] == ":" and self._calls_prefixed():
            self.at += 1
            function = self._name()
            self.expect("(")
            return methods.prefixed(name, function, self._arguments())
        if self.accept("("):
            return methods.function(name, self._arguments())
        if name in self.known:
            return self.known[name]
        return methods.named(name)

    def _calls_prefixed(self) -> bool:
        ahead = self.tokens[self.at + 1 : self.at + 3]
        return [word.sort for word in ahead] == ["name", "symbol"] and ahead[1].text == "("
