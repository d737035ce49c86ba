"""Sets of characters in patterns (XML Schema Part 2, Appendix G)."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache

Bounds = tuple[str, str]
"""The first and the last character of a range."""
Holds = Callable[[str], bool]


class CharSet:
    """Characters within ranges, of categories, or for which a function holds; or all others, less a last set.

    With `caseless` a character is within a range when one of its cases is (flag i).
    """

    def __init__(
        self,
        ranges: Iterable[Bounds] = (),
        functions: Iterable[Holds] = (),
        categories: Iterable[str] = (),
        *,
        negated: bool = False,
        caseless: bool = False,
        without: CharSet | None = None,
    ) -> None:
        self.ranges = _merged(ranges)
        self._starts = [low for low, _ in self.ranges]
        self.categories = frozenset(categories)
        self._functions = tuple(dict.fromkeys(functions))
        self._negated = negated
        self._caseless = caseless
        self._without = without
        self.weight: int = 2 + len(self._functions) + (0 if without is None else without.weight)
        """What asking costs, in steps."""

    def has(self, character: str) -> bool:
        """Say whether the character belongs to the set."""
        if self._holds(character) is self._negated:
            return False
        return self._without is None or not self._without.has(character)

    @property
    def is_plain(self) -> bool:
        """Say whether the set is what its ranges and categories say and nothing else."""
        return not (self._functions or self._negated or self._without)

    def _holds(self, character: str) -> bool:
        if self._in_range(character):
            return True
        if self._caseless and any(map(self._in_range, _cases(character))):
            return True
        if self.categories and _category_of(character) & self.categories:
            return True
        return any(holds(character) for holds in self._functions)

    def _in_range(self, character: str) -> bool:
        at = bisect_right(self._starts, character)
        return at > 0 and character <= self.ranges[at - 1][1]


@cache
def _letters(category: str) -> frozenset[str]:
    return frozenset({category, category[0]})


def _category_of(character: str) -> frozenset[str]:
    """Return the category of a character and the one around it, as `Lu` and `L`."""
    return _letters(unicodedata.category(character))


def _merged(ranges: Iterable[Bounds]) -> list[Bounds]:
    merged: list[Bounds] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _cases(character: str) -> list[str]:
    return [case for case in (character.lower(), character.upper()) if len(case) == 1]


def union(parts: Iterable[CharSet], *, negated: bool, caseless: bool, without: CharSet | None) -> CharSet:
    """Return the set of what is in one of `parts`, or in none of them, without what is in the last one."""
    sets = [*parts]
    ranges = [bounds for part in sets if part.is_plain for bounds in part.ranges]
    categories = frozenset().union(*(part.categories for part in sets if part.is_plain))
    functions = [part.has for part in sets if not part.is_plain]
    return CharSet(ranges, functions, categories, negated=negated, caseless=caseless, without=without)


def single(character: str, *, caseless: bool = False) -> CharSet:
    """Return the set of one character."""
    return CharSet(((character, character),), caseless=caseless)


def _is_name_start(character: str) -> bool:
    return character in "_:" or character.isidentifier()


def _is_name_part(character: str) -> bool:
    return character in "-.:·" or ("a" + character).isidentifier()


_FUNCTIONS: dict[str, Holds] = {"i": _is_name_start, "c": _is_name_part}
_CLASSES: dict[str, tuple[str, ...]] = {"d": ("Nd",), "w": ("L", "M", "N", "S")}
_SPACES = tuple((space, space) for space in " \t\n\r")

_BLOCKS = {
    "IsBasicLatin": ("\u0000", "\u007f"),
    "IsLatin-1Supplement": ("\u0080", "\u00ff"),
    "IsLatinExtended-A": ("\u0100", "\u017f"),
    "IsGreek": ("\u0370", "\u03ff"),
    "IsCyrillic": ("\u0400", "\u04ff"),
    "IsHebrew": ("\u0590", "\u05ff"),
    "IsArabic": ("\u0600", "\u06ff"),
    "IsCJKSymbolsandPunctuation": ("\u3000", "\u303f"),
    "IsHiragana": ("\u3040", "\u309f"),
    "IsKatakana": ("\u30a0", "\u30ff"),
    "IsCJKUnifiedIdeographsExtensionA": ("\u3400", "\u4dbf"),
    "IsCJKUnifiedIdeographs": ("\u4e00", "\u9fff"),
    "IsHangulSyllables": ("\uac00", "\ud7a3"),
}

_CATEGORY = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")


@cache
def class_escape(sign: str, name: str) -> CharSet | None:
    """Return the set of `\\d`, `\\W`, `\\p{Lu}` or `\\P{IsGreek}`; None when there is no such set."""
    negated, kind = sign.isupper(), sign.lower()
    if kind == "p" and name in _BLOCKS:
        return CharSet((_BLOCKS[name],), negated=negated)
    if kind == "p":
        return CharSet(categories=(name,), negated=negated) if _CATEGORY.fullmatch(name) else None
    if kind == "s":
        return CharSet(_SPACES, negated=negated)
    if kind in _CLASSES:
        return CharSet(categories=_CLASSES[kind], negated=negated)
    return CharSet(functions=(_FUNCTIONS[kind],), negated=negated) if kind in _FUNCTIONS else None
