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
_CALLED = {"date": "date and time", "years": "years and months duration"}


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


class _Branch:
    """A place in the tree of names: what may follow, and the names that end here, innermost scope last."""

    __slots__ = ("ending", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Branch] = {}
        self.ending: list[str] = []


class KnownNames:
    """The odd names in scope, as a tree of their tokens."""

    def __init__(self, names: Iterable[str]) -> None:
        self._scopes: list[list[_Branch]] = [[]]
        self._root = _Branch()
        self.add(names)

    def enter(self, names: Iterable[str] = ()) -> None:
        """Open a scope with `names`."""
        self._scopes.append([])
        self.add(names)

    def add(self, names: Iterable[str]) -> None:
        """Make `names` known in the innermost scope."""
        for name in filter(is_odd, names):
            branch = self._root
            for text in _pattern(name):
                branch = branch.following.setdefault(text, _Branch())
            branch.ending.append(name)
            self._scopes[-1].append(branch)

    def leave(self) -> None:
        """Close the innermost scope."""
        for branch in self._scopes.pop():
            branch.ending.pop()

    def match(self, tokens: Sequence[Token], at: int) -> Found | None:
        """Return the longest known name beginning at `at`; None when there is none."""
        found = _called(tokens, at)
        branch = self._root
        for index in range(at, len(tokens) - 1):
            following = branch.following.get(tokens[index].text)
            if following is None:
                break
            branch = following
            if branch.ending:
                found = Found(index + 1 - at, branch.ending[-1])
        return found


def _called(tokens: Sequence[Token], at: int) -> Found | None:
    """Return the built-in function with a keyword in its name that is called here."""
    name = _CALLED.get(tokens[at].text)
    if name is None:
        return None
    pattern = _pattern(name)
    end = at + len(pattern)
    texts = tuple(token.text for token in tokens[at : end + 1])
    return Found(len(pattern), name) if texts == (*pattern, "(") else None


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
