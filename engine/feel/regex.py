"""Regular expressions of XPath (DMN 1.5 §10.3.4.3; XQuery and XPath Functions 3.1 §5.6) that cannot blow up.

A pattern becomes a list of instructions that is walked with all its possibilities side by side
(after Pike), so a search costs at most pattern times text and is paid for as it goes. Back-references
need backtracking and are refused.
"""

from __future__ import annotations

from functools import lru_cache

from engine.feel.automaton import Instruction, Machine
from engine.feel.charsets import CharSet, class_escape, single, union
from engine.feel.limits import Budget
from engine.feel.values import Undefined
from engine.text import T

_LONGEST = 5_000
_LARGEST = 2_000
_GROUPS = 200
_QUANTIFIERS = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_DEPTH = 50

Code = list[Instruction]


class Pattern:
    """A compiled pattern."""

    def __init__(self, code: Code, groups: int) -> None:
        self._machine = Machine(code, 2 * (groups + 1))

    def search(self, text: str, start: int, budget: Budget) -> list[int] | None:
        """Return the ends of the first match from `start` on, then its groups' ends; -1 for unused ones."""
        return self._machine.search(text, start, budget)


def compiled(pattern: str, flags: str, budget: Budget) -> Pattern:
    """Return the pattern `pattern` writes; raise Undefined when it is none, or too large."""
    if len(pattern) > _LONGEST:
        raise _too_large()
    budget.spend(10 + 8 * len(pattern))
    return _compiled(pattern, flags)


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Pattern:
    if not set(flags) <= set("smixq"):
        raise Undefined(T("正则表达式的标志“{flags}”不正确", flags=flags), "pattern")
    if "x" in flags and "q" not in flags:
        pattern = _without_space(pattern)
    reader = _PatternReader(pattern, flags)
    code = reader.literal() if "q" in flags else reader.whole()
    return Pattern([("save", 0), *code, ("save", 1), ("match", 0)], reader.groups)


class _PatternReader:
    """Reads a pattern from left to right; every rule returns instructions with relative jumps."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._text = pattern
        self._at = 0
        self._depth = 0
        self._ignore_case = "i" in flags
        self._dot_all = "s" in flags
        self._multiline = "m" in flags
        self.groups = 0

    def whole(self) -> Code:
        """Read all of it."""
        code = self._alternatives()
        if self._at < len(self._text):
            raise self._wrong()
        return code

    def literal(self) -> Code:
        """Take every character for itself (flag q)."""
        return [_matching(self._sign(character)) for character in self._text]

    # ── rules of the grammar ────────────────────────────────────────────────────────────────────

    def _alternatives(self) -> Code:
        branches = [self._branch()]
        while self._accept("|"):
            branches.append(self._branch())
            self._check(sum(map(len, branches)) + 2 * len(branches))
        code = branches.pop()
        while branches:
            first = branches.pop()
            code = [("split", 1, len(first) + 2), *first, ("jump", len(code) + 1), *code]
        return code

    def _branch(self) -> Code:
        code: Code = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            code += self._piece()
            self._check(len(code))
        return code

    def _piece(self) -> Code:
        atom = self._atom()
        bounds = self._quantifier()
        if bounds is None:
            return atom
        lazy = self._accept("?")
        least, most = bounds
        self._check((len(atom) + 1) * max(least, most or 0, 1))
        return _repeated(atom, least, most, lazy)

    def _quantifier(self) -> tuple[int, int | None] | None:
        sign = self._peek()
        if sign in _QUANTIFIERS:
            self._at += 1
            return _QUANTIFIERS[sign]
        if sign != "{":
            return None
        closing = self._text.find("}", self._at)
        least, comma, most = self._text[self._at + 1 : closing].partition(",")
        if closing < 0 or not _is_count(least) or (most and not _is_count(most)):
            raise self._wrong()
        self._at = closing + 1
        upper = int(most) if most else None if comma else int(least)
        if upper is not None and upper < int(least):
            raise self._wrong()
        return int(least), upper

    def _atom(self) -> Code:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return [_matching(self._class())]
        if sign == ".":
            ends = () if self._dot_all else (("\n", "\n"), ("\r", "\r"))
            return [_matching(CharSet(ends, negated=True))]
        if sign in "^$":
            return [("assert", sign + ("m" if self._multiline else ""))]
        if sign == "\\":
            return [_matching(self._escape())]
        if sign in "?*+{}])":
            raise self._wrong()
        return [_matching(self._sign(sign))]

    def _group(self) -> Code:
        self._depth += 1
        self._check(0)
        number = 0
        if self._text.startswith("?:", self._at):
            self._at += 2
        else:
            self.groups += 1
            number = self.groups
        code = self._alternatives()
        if not self._accept(")"):
            raise self._wrong()
        self._depth -= 1
        return [("save", 2 * number), *code, ("save", 2 * number + 1)] if number else code

    def _escape(self) -> CharSet:
        sign = self._take()
        if sign in _CONTROLS:
            return self._sign(_CONTROLS[sign])
        if sign in "pP":
            closing = self._text.find("}", self._at)
            if self._peek() != "{" or closing < 0:
                raise self._wrong()
            name = self._text[self._at + 1 : closing]
            self._at = closing + 1
            return self._known(class_escape(sign, name))
        if sign.isalnum():
            return self._known(class_escape(sign, ""))
        return self._sign(sign)

    def _class(self) -> CharSet:
        """`[a-z]`, `[^a-z]`, `[a-z-[aeiou]]`."""
        self._depth += 1
        self._check(0)
        negated = self._accept("^")
        parts: list[CharSet] = []
        without: CharSet | None = None
        while not self._accept("]"):
            if parts and self._text.startswith("-[", self._at):
                self._at += 2
                without = self._class()
                if not self._accept("]"):
                    raise self._wrong()
                break
            parts.append(self._class_part())
        if not parts:
            raise self._wrong()
        self._depth -= 1
        return union(parts, negated=negated, caseless=self._ignore_case, without=without)

    def _class_part(self) -> CharSet:
        first = self._class_sign()
        following = self._text[self._at + 1 : self._at + 2]
        if self._peek() != "-" or following in ("]", "[", "") or not _is_single(first):
            return first
        self._at += 1
        last = self._class_sign()
        if not _is_single(last) or last.ranges[0] < first.ranges[0]:
            raise self._wrong()
        return CharSet(((first.ranges[0][0], last.ranges[0][1]),))

    def _class_sign(self) -> CharSet:
        sign = self._take()
        if sign == "[":
            raise self._wrong()
        return self._escape() if sign == "\\" else self._sign(sign)

    # ── small steps ─────────────────────────────────────────────────────────────────────────────

    def _sign(self, character: str) -> CharSet:
        return single(character, caseless=self._ignore_case)

    def _check(self, size: int) -> None:
        if size > _LARGEST or self._depth > _DEPTH or self.groups > _GROUPS:
            raise _too_large()

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise self._wrong()
        self._at += 1
        return self._text[self._at - 1]

    def _accept(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self._at += 1
        return True

    def _known(self, found: CharSet | None) -> CharSet:
        if found is None:
            raise self._wrong()
        return found

    def _wrong(self) -> Undefined:
        text = T(
            "正则表达式“{pattern}”第 {column} 个字符处有误", pattern=self._text[:60], column=self._at + 1
        )
        return Undefined(text, "pattern")


def _too_large() -> Undefined:
    return Undefined(T("正则表达式过大"), "limit")


def _is_single(wanted: CharSet) -> bool:
    bounds = wanted.ranges
    return wanted.is_plain and not wanted.categories and len(bounds) == 1 and bounds[0][0] == bounds[0][1]


def _matching(wanted: CharSet) -> Instruction:
    return ("char", wanted)


def _without_space(pattern: str) -> str:
    """Leave out white space as flag x does: everywhere but in classes of characters."""
    kept: list[str] = []
    depth, escaped = 0, False
    for sign in pattern:
        if sign.isspace() and not depth:
            continue
        kept.append(sign)
        if not escaped:
            depth += (sign == "[") - (sign == "]" and depth > 0)
        escaped = sign == "\\" and not escaped
    return "".join(kept)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _repeated(atom: Code, least: int, most: int | None, lazy: bool) -> Code:
    code = atom * least
    if most is None:
        return [*code, _fork(1, len(atom) + 2, lazy), *atom, ("jump", -len(atom) - 1)]
    for left in range(most - least, 0, -1):
        code.append(_fork(1, left * (len(atom) + 1), lazy))
        code += atom
    return code


def _fork(inside: int, outside: int, lazy: bool) -> Instruction:
    return ("split", outside, inside) if lazy else ("split", inside, outside)
