"""What the parser stands on: a place in the tokens, names, nesting and errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import DEFAULT, Limits
from engine.feel.names import Found, KnownNames, spelled, word_run
from engine.feel.nodes import Node, children
from engine.feel.numbers import number_from
from engine.feel.tokens import KEYWORDS, Token, tokenize
from engine.text import T

N = TypeVar("N", bound=Node)
R = TypeVar("R")

_LABEL_SIGNS = frozenset({"-", "+", "*", "/", ".", "'", "**", ".."})
_BEGINS = frozenset({"(", "[", "]", "{", "-", "@", "?"})
_ENDS_OPERAND = KEYWORDS - {"if", "for", "some", "every", "function", "true", "false", "null"}


class Reader:
    """A place in the tokens of one text."""

    def __init__(
        self, source: str, odd: Iterable[str] = (), limits: Limits = DEFAULT, members: Iterable[str] = ()
    ) -> None:
        self.source = source
        self.members = tuple(members)
        self.limits = limits
        self.tokens = tokenize(source, limits)
        self.known = KnownNames(odd)
        self._index = 0
        self.token = self.tokens[0]
        """The token to read next."""
        self._depth = 0
        self._in_interval = False
        self._count = 0
        self._heights: dict[int, int] = {}
        self._intervals: frozenset[int] | None = None

    # ── tokens ──────────────────────────────────────────────────────────────────────────────────

    @property
    def here(self) -> int:
        """The position of the token to read next."""
        return self.token.start

    def ahead(self, count: int) -> Token:
        """Return the token `count` after the next one."""
        return self.tokens[min(self._index + count, len(self.tokens) - 1)]

    def advance(self, count: int = 1) -> None:
        """Go past `count` tokens."""
        self._go_to(min(self._index + count, len(self.tokens) - 1))

    def _go_to(self, index: int) -> None:
        self._index = index
        self.token = self.tokens[index]

    def at(self, text: str) -> bool:
        """Say whether the next token is the symbol or word `text`."""
        token = self.token
        return token.text == text and token.kind in ("symbol", "name")

    def accept(self, text: str) -> bool:
        """Go past `text` if it comes next, and say whether it did."""
        token = self.token
        if token.text != text or token.kind not in ("symbol", "name"):
            return False
        self.advance()
        return True

    def expect(self, text: str) -> None:
        """Go past `text`, or raise FeelSyntaxError."""
        if not self.accept(text):
            raise self.unexpected(text)

    def expect_end(self) -> None:
        """Raise FeelSyntaxError unless everything has been read."""
        if self.token.kind != "end":
            raise self.unexpected(T("运算符或结尾"))

    def separated(self, rule: Callable[[], R], closing: str) -> list[R]:
        """Return what `rule` reads, again after each comma, up to and including `closing`."""
        found: list[R] = []
        if self.accept(closing):
            return found
        found.append(rule())
        while self.accept(","):
            found.append(rule())
        self.expect(closing)
        return found

    def attempt(self, rule: Callable[[], R]) -> R | None:
        """Return what `rule` reads; when it does not fit, go back and return None."""
        index, depth = self._index, self._depth
        try:
            return rule()
        except FeelSyntaxError:
            self._go_to(index)
            self._depth = depth
            return None

    # ── names ───────────────────────────────────────────────────────────────────────────────────

    def find_name(self) -> Found | None:
        """Return the name at this place, the longest known one or else the words; None when there is none."""
        known = self.known.match(self.tokens, self._index)
        words = word_run(self.tokens, self._index)
        if known is not None and known.length >= words:
            return known
        if not words:
            return None
        return Found(words, spelled(self.tokens[self._index : self._index + words]))

    def take_name(self, length: int) -> str:
        """Go past `length` tokens and return them as a name."""
        name = spelled(self.tokens[self._index : self._index + length])
        self.advance(length)
        return name

    def member_name(self) -> str:
        """Read the name after the dot of a path; names that only entries have are known here."""
        with self.names_of(*self.members):
            found = self.find_name()
        if found is not None:
            self.advance(found.length)
            return found.name
        if self.token.kind != "name":
            raise self.unexpected(T("一个名称"))
        return self.take_name(1)

    def label(self, stops: tuple[str, ...]) -> str:
        """Read the name of an entry, a parameter or an iterator: everything up to one of `stops`."""
        length = 0
        while self.ahead(length).text not in stops and self._in_label(self.ahead(length), length):
            length += 1
        if not length or self.ahead(length).text not in stops:
            words = [self.ahead(index).text for index in range(length)]
            self.advance(next((i for i, word in enumerate(words) if i and word in KEYWORDS), length))
            raise self.unexpected(T("一个名称") if not length else stops[0])
        return self.take_name(length)

    def label_ahead(self) -> bool:
        """Say whether a name and a colon come next, as in a call with named arguments."""
        length = 0
        while self._in_label(self.ahead(length), length):
            length += 1
        return length > 0 and self.ahead(length).text == ":"

    def _in_label(self, token: Token, index: int) -> bool:
        if token.kind == "name":
            return True
        return index > 0 and (token.kind in ("number", "other") or token.text in _LABEL_SIGNS)

    @contextmanager
    def names_of(self, *names: str) -> Iterator[None]:
        """Know `names` within the block."""
        self.known.enter(names)
        try:
            yield
        finally:
            self.known.leave()

    # ── nesting ─────────────────────────────────────────────────────────────────────────────────

    def enter(self) -> None:
        """Go one level deeper; raise FeelSyntaxError when that is too deep."""
        self._depth += 1
        if self._depth > self.limits.depth * 2:
            raise self._too_deep(self.here)

    def leave(self) -> None:
        """Come one level up."""
        self._depth -= 1

    @contextmanager
    def bracketed(self) -> Iterator[None]:
        """Read what stands in brackets: one level deeper, and out of any interval."""
        self.enter()
        with self.interval(False):
            yield
        self.leave()

    @contextmanager
    def interval(self, inside: bool = True) -> Iterator[None]:
        """Read the end of an interval, where `[` may close it."""
        before, self._in_interval = self._in_interval, inside
        try:
            yield
        finally:
            self._in_interval = before

    def closes_interval(self) -> bool:
        """Say whether the `[` that comes next ends an interval instead of beginning a filter."""
        if not self._in_interval:
            return False
        following = self.ahead(1)
        if following.kind == "name":
            return following.text in _ENDS_OPERAND
        return (
            following.kind in ("end", "other")
            or (following.kind == "symbol" and following.text not in _BEGINS)
            or following.text == "]"
        )

    def interval_ahead(self) -> bool:
        """Say whether the `(` here begins an interval, by the `..` it holds."""
        if self._intervals is None:
            self._intervals = _interval_starts(self.tokens)
        return self._index in self._intervals

    def made(self, node: N) -> N:
        """Count a node and its height; raise FeelSyntaxError when the tree grows too large."""
        self._count += 1
        if self._count > self.limits.nodes:
            limit = self.limits.nodes
            raise self.wrong(T("表达式过大（上限 {limit} 个部分）", limit=limit), node.position)
        height = 1
        for child in children(node):
            height = max(height, 1 + self._heights.get(id(child), 1))
        if height > self.limits.depth * 2:
            raise self._too_deep(node.position)
        self._heights[id(node)] = height
        return node

    # ── values and errors ───────────────────────────────────────────────────────────────────────

    def number_value(self, token: Token) -> Decimal:
        """Return the number a token stands for, rounded to 34 digits."""
        value = number_from(token.text)
        if value is None:
            raise self.wrong(T("数字“{text}”超出范围", text=token.text[:40]), token.start)
        return value

    def unexpected(self, expected: T | str) -> FeelSyntaxError:
        """Return the error that says what was found here and what would have fitted."""
        token = self.token
        if token.kind == "end":
            text = T("表达式不完整：结尾处应为 {expected}", expected=expected)
        elif token.kind == "other":
            text = T("第 {column} 个字符“{found}”不是表达式的符号", column=token.start + 1, found=token.text)
        else:
            text = T(
                "第 {column} 个字符处应为 {expected}，而不是“{found}”",
                column=token.start + 1,
                expected=expected,
                found=token.text[:40],
            )
        return FeelSyntaxError(text, token.start, str(expected), self.source)

    def wrong(self, text: T, position: int) -> FeelSyntaxError:
        """Return the error `text` at `position`."""
        return FeelSyntaxError(text, position, "", self.source)

    def _too_deep(self, position: int) -> FeelSyntaxError:
        return self.wrong(T("表达式嵌套过深（上限 {limit} 层）", limit=self.limits.depth), position)


def _interval_starts(tokens: list[Token]) -> frozenset[int]:
    """Return which brackets hold a `..` of their own that does not follow an `in`, as loops have it."""
    found: set[int] = set()
    open_brackets: list[int | None] = []
    for index, token in enumerate(tokens):
        if token.kind == "symbol" and token.text in "([{":
            open_brackets.append(index)
        elif token.kind == "symbol" and token.text in ")]}":
            del open_brackets[-1:]
        elif open_brackets and token.kind in ("symbol", "name"):
            if token.text == ".." and open_brackets[-1] is not None:
                found.add(open_brackets[-1])
            if token.text in ("..", "in"):
                open_brackets[-1] = None
    return frozenset(found)
