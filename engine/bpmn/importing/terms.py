"""Pieces of FEEL while an expression of another language is rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine import feel
from engine.errors import WuxingError
from engine.feel.tokens import is_plain_name, quote
from engine.text import T

Kind = Literal["bool", "truth", "number", "string", "list", "null", "any"]
LONGEST = 4_000
"""So many characters of a foreign expression are looked at; nobody writes longer ones by hand."""
DEEPEST = 40

IF, OR, AND, COMPARE, ADD, MULTIPLY, UNARY, POSTFIX, ATOM = range(9)


class NotExact(ValueError):
    """What was written has no exact equal in FEEL; `reason` says which part of it."""

    def __init__(self, reason: T) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of FEEL: its text, how tightly it binds, and what is certain of its value.

    `sure` is said of truth values that are never null; `name` is set for a bare variable and
    `literal` for a text or number that was written down. `risky` is what has no value and a problem
    where the other language has a value or an error: compared with null, the problem would be lost.
    The kind `truth` is only as true as the other language's value, which may be of any kind.
    """

    text: str
    level: int = ATOM
    kind: Kind = "any"
    sure: bool = False
    name: str = ""
    literal: str | None = None
    risky: bool = False

    def within(self, level: int) -> str:
        """Return the text, in parentheses unless it binds at least as tightly as `level`."""
        return self.text if self.level >= level else f"({self.text})"


STOP = "null + null"
"""No value and a problem, which stops a process."""
TRUE, FALSE = Term("true", kind="bool", sure=True), Term("false", kind="bool", sure=True)
NULL = Term("null", kind="null")


def variable(name: str) -> Term:
    """Return a variable; a name FEEL cannot read without being told of it is refused."""
    if not name.isidentifier() or not is_plain_name(name):
        raise NotExact(T("“{name}”在 FEEL 中不是可用的名称", name=name))
    return Term(name, name=name)


def string(value: str) -> Term:
    """Return a text that is written down."""
    return Term(quote(value), kind="string", literal=value)


def number(text: str) -> Term:
    """Return a number that is written down; FEEL has no exponents."""
    if not text.replace(".", "", 1).isdecimal():
        raise NotExact(T("读不懂“{text}”", text=text))
    return Term(text, kind="number", literal=text)


def path(base: Term, key: str) -> Term:
    """Return an entry of a context."""
    if key.isidentifier() and is_plain_name(key):
        return Term(f"{base.within(POSTFIX)}.{key}", POSTFIX, risky=base.risky)
    return call("get value", base, string(key))


def call(function: str, *args: Term, kind: Kind = "any", sure: bool = False) -> Term:
    """Return a call of a function of FEEL."""
    written = ", ".join(arg.text for arg in args)
    return Term(f"{function}({written})", POSTFIX, kind, sure, risky=not sure)


def binary(left: Term, operator: str, right: Term, level: int, kind: Kind) -> Term:
    """Return two operands and the operator between them, which groups from the left."""
    return Term(f"{left.within(level)} {operator} {right.within(level + 1)}", level, kind, risky=True)


def as_value(term: Term) -> Term:
    """Return a term where its value counts and not only whether it is true; null without problem stops."""
    if term.kind == "truth":
        raise NotExact(T("“{text}”的值不一定是是非值", text=term.text))
    if term.kind != "bool" or term.sure:
        return term
    tested = term.within(ADD)
    return Term(f"if {tested} = null then {STOP} else {term.text}", IF, "bool", risky=True)


def part(term: Term) -> Term:
    """Return a term that becomes a part of a value, where its problem would be lost."""
    found = as_value(term)
    if found.risky:
        raise NotExact(T("“{text}”没有值时不会停下", text=term.text))
    return found


def equal(left: Term, operator: str, right: Term) -> Term:
    """Return an equality; null for values of different kinds, which stops a process."""
    for one, other in ((left, right), (right, left)):
        if one.risky and (other.risky or other.kind in ("any", "null")):
            raise NotExact(T("“{text}”没有值时不会停下", text=one.text))
    found = binary(_operand(left), operator, _operand(right), COMPARE, "bool")
    sure = NULL.text in (left.text, right.text)
    return Term(found.text, COMPARE, "bool", sure)


def compare(left: Term, operator: str, right: Term) -> Term:
    """Return a comparison of size."""
    found = binary(_operand(left), operator, _operand(right), COMPARE, "bool")
    return Term(found.text, COMPARE, "bool")


def _operand(term: Term) -> Term:
    value = as_value(term)
    return Term(value.within(ADD), kind=value.kind)


def logical(left: Term, operator: Literal["and", "or"], right: Term, *, boolean: bool = True) -> Term:
    """Return a conjunction or disjunction; one that is not `boolean` has one of the operands as its value."""
    level = AND if operator == "and" else OR
    text = f"{left.within(level)} {operator} {right.within(level + 1)}"
    kind: Kind = "bool" if boolean or "bool" == left.kind == right.kind else "truth"
    return Term(text, level, kind, left.sure and right.sure)


def negated(term: Term) -> Term:
    """Return the opposite of a truth value."""
    return Term(f"not({term.text})", POSTFIX, "bool", term.sure)


def choice(condition: Term, then: Term, otherwise: Term) -> Term:
    """Return one of two values.

    FEEL takes the other branch when the condition is null, other languages do not: unless the
    condition is never null, its being null stops the process.
    """
    then, otherwise = as_value(then), as_value(otherwise)
    risky = then.risky or otherwise.risky or not condition.sure
    if condition.sure:
        text = f"if {condition.text} then {then.text} else {otherwise.text}"
    else:
        tested = condition.within(ADD)
        last = f"if {tested} = false then {otherwise.text} else {STOP}"
        text = f"if {tested} = true then {then.text} else {last}"
    kind = then.kind if then.kind == otherwise.kind else "any"
    return Term(text, IF, kind, condition.sure and then.sure and otherwise.sure, risky=risky)


def only_list(term: Term, found: str, kind: Kind = "any") -> Term:
    """Return `found` for a list, and nothing with a problem for what FEEL would take for a list of one."""
    if term.kind == "list":
        return Term(found, POSTFIX, kind, risky=True)
    text = f"if {term.text} instance of list<Any> then {found} else {STOP}"
    return Term(text, IF, kind, risky=True)


def is_empty(term: Term) -> Term:
    """Return whether a value is null, an empty text, list or context; never null."""
    return call("list contains", Term('[null, "", [], {}]'), part(term), kind="bool", sure=True)


def checked(text: str) -> str:
    """Return the text if it is FEEL."""
    try:
        feel.parse(text)
    except WuxingError as error:
        raise NotExact(error.text) from error
    return text
