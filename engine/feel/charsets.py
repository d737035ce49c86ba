"""Sets of characters in patterns (XML Schema Part 2, Appendix G)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable


class CharSet:
    """The characters from `low` to `high`; the other kinds of sets have no bounds."""

    low: str | None
    high: str

    def __init__(self, low: str | None = None, high: str = "") -> None:
        self.low = low
        self.high = high

    def has(self, character: str) -> bool:
        """Say whether the character belongs to the set."""
        return self.low is not None and self.low <= character <= self.high


class AnyOf(CharSet):
    """What is in one of several sets, or in none of them, without what is in a last one."""

    def __init__(
        self, parts: tuple[CharSet, ...], *, negated: bool = False, without: CharSet | None = None
    ) -> None:
        super().__init__()
        self._parts = parts
        self._negated = negated
        self._without = without

    def has(self, character: str) -> bool:
        """Say whether the character belongs to the set."""
        if any(part.has(character) for part in self._parts) is self._negated:
            return False
        return self._without is None or not self._without.has(character)


class Caseless(CharSet):
    """A character or range of characters whose case does not matter (flag i)."""

    def __init__(self, of: CharSet) -> None:
        super().__init__(of.low, of.high)
        self._of = of

    def has(self, character: str) -> bool:
        """Say whether the character belongs to the set in one of its cases."""
        variants = (character, character.lower(), character.upper())
        return any(len(variant) == 1 and self._of.has(variant) for variant in variants)


class _Where(CharSet):
    def __init__(self, holds: Callable[[str], bool]) -> None:
        super().__init__()
        self._holds = holds

    def has(self, character: str) -> bool:
        return self._holds(character)


def single(character: str) -> CharSet:
    """Return the set of one character."""
    return CharSet(character, character)


def _is_name_start(character: str) -> bool:
    return character in "_:" or character.isidentifier()


def _is_name_part(character: str) -> bool:
    return character in "-.:·" or ("a" + character).isidentifier()


_CLASSES: dict[str, Callable[[str], bool]] = {
    "s": lambda c: c in " \t\n\r",
    "d": lambda c: unicodedata.category(c) == "Nd",
    "w": lambda c: unicodedata.category(c)[0] not in "PZC",
    "i": _is_name_start,
    "c": _is_name_part,
}

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


def class_escape(sign: str, name: str) -> CharSet | None:
    """Return the set of `\\d`, `\\W`, `\\p{Lu}` or `\\P{IsGreek}`; None when there is no such set."""
    found = _property(name) if sign in "pP" else _class(sign.lower())
    return AnyOf((found,), negated=True) if found is not None and sign.isupper() else found


def _class(sign: str) -> CharSet | None:
    holds = _CLASSES.get(sign)
    return None if holds is None else _Where(holds)


def _property(name: str) -> CharSet | None:
    if name in _BLOCKS:
        return CharSet(*_BLOCKS[name])
    if not _CATEGORY.fullmatch(name):
        return None
    return _Where(lambda character: unicodedata.category(character).startswith(name))
