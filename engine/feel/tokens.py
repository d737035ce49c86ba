"""From text to tokens with positions; words are put together to names by the parser.

DMN 1.5 §10.3.1.2, grammar rules 25-30 (names), 33-37 (literals), 61, 62 and 64 (space, escapes).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import DEFAULT, Limits
from engine.text import T

# Rule 28, without "?" (a token of its own, the input of a unary test) and without the full-width
# punctuation of Chinese keyboards, which is far more often a slip than part of a name.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3004-\u3007\u3012-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    "\uff66-\uffef\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u180e\u200b\ufeff"

_TOKEN = re.compile(
    rf"""(?P<space>(?:[{_SPACE}]+|//[^\n]*|/\*.*?\*/)+)
    |(?P<name>[{_START}][{_PART}]*)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![{_START}]))
    |(?P<string>"(?:[^"\\\n\r]|\\[^\n\r])*")
    |(?P<symbol>\.\.\.(?=[{_SPACE}]*[{_START}])|\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},.:?@])
    |(?P<digits>[0-9]+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)

#: Words that end a name, unless the name is known as a whole.
KEYWORDS = frozenset(
    {
        *("if", "then", "else", "for", "return", "some", "every", "satisfies"),
        *("and", "or", "in", "between", "function", "external", "true", "false", "null"),
    }
)

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """A piece of text: `kind` is name, number, string, symbol, other or end; `gap` = space before it."""

    kind: str
    text: str
    start: int
    end: int
    gap: bool


def tokenize(source: str, limits: Limits = DEFAULT) -> list[Token]:
    """Return the tokens of `source`, an end token last; raise FeelSyntaxError when the text is too long."""
    if len(source) > limits.text:
        raise FeelSyntaxError(
            T("表达式过长（上限 {limit} 个字符）", limit=limits.text), limits.text, "", source
        )
    tokens: list[Token] = []
    gap = False
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup or "other"
        if kind == "space":
            gap = True
            continue
        kind = "number" if kind == "digits" else kind
        tokens.append(Token(kind, match.group(), match.start(), match.end(), gap))
        gap = False
    tokens.append(Token("end", "", len(source), len(source), gap))
    return tokens


def string_value(token: Token, source: str = "") -> str:
    """Return what a string token means (rule 64); unknown escapes stay, as patterns like `\\d` need them."""
    value = _ESCAPE.sub(_unescape, token.text[1:-1])
    if not any("\ud800" <= character <= "\udfff" for character in value):
        return value
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError(T("文本中的 \\u 转义不完整"), token.start, "\\u", source) from None


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code is not None:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else match.group()
    return _PLAIN_ESCAPES.get(match.group(3), match.group())


def quote(value: str) -> str:
    """Return the string literal that means `value`."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def is_plain_name(name: str) -> bool:
    """Say whether the parser finds `name` without being told of it: words, none of them a keyword."""
    tokens = tokenize(name)[:-1]
    words = all(token.kind == "name" or token.text.isdigit() for token in tokens)
    if not words or not tokens or tokens[0].kind != "name":
        return False
    return not any(t.text in KEYWORDS for t in tokens) and " ".join(t.text for t in tokens) == name
