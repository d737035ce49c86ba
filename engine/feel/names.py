"""Names the parser must be told of: those with operators, keywords or foreign signs in them.

Words without such signs are joined to one name by the parser itself, since two words can never
follow each other otherwise; among known names the longest wins (DMN 1.5 §10.3.1.4, 10.3.1.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.feel.tokens import KEYWORDS, Token, is_plain_name, tokenize

Pattern = tuple[str, ...]
"""The tokens of a name; the space between them says nothing."""

#: Built-in functions whose names hold a keyword; they count as names only where they are called.
CALLED_NAMES = ("date and time", "years and months duration")


@lru_cache(maxsize=4096)
def is_odd(name: str) -> bool:
    """Say whether the parser must be told of `name` to find it."""
    return len(name) <= 200 and not is_plain_name(name)


def odd_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of `names` that the parser must be told of, in a fixed order."""
    return tuple(sorted(name for name in names if is_odd(name)))


@lru_cache(maxsize=4096)
def _pattern(name: str) -> Pattern:
    return tuple(token.text for token in tokenize(name)[:-1])


class Found(NamedTuple):
    """A name in the text: how many tokens it takes, and how it is spelled where it was made known."""

    length: int
    name: str


class KnownNames:
    """The odd names in scope, innermost scope last."""

    def __init__(self, names: Iterable[str]) -> None:
        self._scopes: list[list[str]] = [[]]
        self.add(names)

    def enter(self, names: Iterable[str] = ()) -> None:
        """Open a scope with `names`."""
        self._scopes.append([])
        self.add(names)

    def add(self, names: Iterable[str]) -> None:
        """Make `names` known in the innermost scope."""
        self._scopes[-1].extend(odd_names(names))

    def leave(self) -> None:
        """Close the innermost scope."""
        self._scopes.pop()

    def match(self, tokens: Sequence[Token], at: int) -> Found | None:
        """Return the longest known name beginning at `at`; None when there is none."""
        known = [name for scope in reversed(self._scopes) for name in scope]
        found = [Found(len(_pattern(name)), name) for name in known if _fits(_pattern(name), tokens, at)]
        for name in CALLED_NAMES:
            length = len(_pattern(name))
            if _fits(_pattern(name), tokens, at) and tokens[at + length].text == "(":
                found.append(Found(length, name))
        return max(found, key=lambda one: one.length, default=None)


def _fits(pattern: Pattern, tokens: Sequence[Token], at: int) -> bool:
    if not pattern or at + len(pattern) >= len(tokens):
        return False
    return all(tokens[at + index].text == text for index, text in enumerate(pattern))


def word_run(tokens: Sequence[Token], at: int) -> int:
    """Return how many tokens from `at` on are words of one plain name."""
    if tokens[at].kind != "name" or tokens[at].text in KEYWORDS:
        return 0
    end = at + 1
    while _continues(tokens, end):
        end += 1
    return end - at


def _continues(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind == "number":
        return token.text.isdigit()
    if token.kind != "name" or token.text in KEYWORDS:
        return False
    return not (token.text == "instance" and tokens[at + 1].text == "of")


def spelled(tokens: Sequence[Token]) -> str:
    """Return the name made of `tokens`, any space within it as one space."""
    return "".join((" " if token.gap and index else "") + token.text for index, token in enumerate(tokens))
