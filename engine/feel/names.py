"""Names the parser must be told of: those with operators, keywords or foreign signs in them.

Words without such signs are joined to one name by the parser itself, since two words can never
follow each other otherwise; among known names the longest wins (DMN 1.5 §10.3.1.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from engine.feel.tokens import KEYWORDS, Token, is_plain_name, tokenize

Pattern = tuple[tuple[str, bool], ...]

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
    tokens = tokenize(name)[:-1]
    return tuple((token.text, token.gap and index > 0) for index, token in enumerate(tokens))


class KnownNames:
    """The odd names in scope, innermost scope last."""

    def __init__(self, names: Iterable[str]) -> None:
        self._called = [_pattern(name) for name in CALLED_NAMES]
        self._scopes: list[list[Pattern]] = [[]]
        self.add(names)

    def enter(self, names: Iterable[str] = ()) -> None:
        """Open a scope with `names`."""
        self._scopes.append([])
        self.add(names)

    def add(self, names: Iterable[str]) -> None:
        """Make `names` known in the innermost scope."""
        self._scopes[-1].extend(_pattern(name) for name in odd_names(names))

    def leave(self) -> None:
        """Close the innermost scope."""
        self._scopes.pop()

    def match(self, tokens: Sequence[Token], at: int) -> int:
        """Return how many tokens the longest known name beginning at `at` takes; 0 when there is none."""
        lengths = [len(p) for scope in self._scopes for p in scope if _fits(p, tokens, at)]
        for pattern in self._called:
            if _fits(pattern, tokens, at) and tokens[at + len(pattern)].text == "(":
                lengths.append(len(pattern))
        return max(lengths, default=0)


def _fits(pattern: Pattern, tokens: Sequence[Token], at: int) -> bool:
    if not pattern or at + len(pattern) >= len(tokens):
        return False
    found = tokens[at : at + len(pattern)]
    if any(token.text != text for token, (text, _) in zip(found, pattern, strict=True)):
        return False
    return all(t.gap == gap for t, (_, gap) in zip(found[1:], pattern[1:], strict=True))


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
