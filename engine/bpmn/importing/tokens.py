"""Words of expressions as Java's expression language, JavaScript and Groovy write them."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from engine.bpmn.importing.terms import LONGEST, NotExact
from engine.text import T

Sort = Literal["number", "string", "name", "symbol", "line", "end"]


class Word(NamedTuple):
    """One token; `text` of a string is its value."""

    sort: Sort
    text: str


_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<line>\n)"""
    r"""|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<name>[^\W\d]\w*)"""
    r"""|(?P<symbol>===|!==|&&|\|\||[=!<>]=|\+\+|--|[+\-*/]=|->|=>|[-+*/%!<>=?:.,;()\[\]{}$#|&])""",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\", "/": "/"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def words(text: str, *, lines: bool = False) -> list[Word]:
    """Return the tokens, with an end; line ends only when asked for."""
    if len(text) > LONGEST:
        raise NotExact(T("太长，超过 {limit} 个字符", limit=LONGEST))
    found: list[Word] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotExact(T("读不懂“{text}”", text=text[position : position + 20]))
        position = match.end()
        word = _word(match)
        if word is not None and (lines or word.sort != "line"):
            found.append(word)
    return [*found, Word("end", "")]


def _word(match: re.Match[str]) -> Word | None:
    sort, text = match.lastgroup, match.group()
    if sort == "string":
        return Word("string", _ESCAPED.sub(_unescaped, text[1:-1]))
    if sort == "number":
        return Word("number", text)
    if sort == "name":
        return Word("name", text)
    if sort == "line":
        return Word("line", text)
    return Word("symbol", text) if sort == "symbol" else None


def _unescaped(match: re.Match[str]) -> str:
    if match.group(1) not in _ESCAPES:
        raise NotExact(T("读不懂“{text}”", text=match.group()))
    return _ESCAPES[match.group(1)]
