"""Scripts: lines of `name = expression`, as script tasks have them.

An expression goes on over the end of a line while a bracket is open, when the line ends with an
operator or a word like `then`, and when the next line begins with one; `//` begins a comment. A
name may have several words, and is known to the lines below. A line that begins with
`throw error(` or `if` may stand without a name: it is there for the error it throws.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine.feel.api import Expression, parse
from engine.feel.errors import FeelSyntaxError, line_and_column
from engine.feel.limits import DEFAULT, Limits
from engine.feel.names import spelled, word_run
from engine.feel.tokens import Token, tokenize
from engine.text import T

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_CONTINUES = frozenset(
    {
        *("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", ",", ".", ":", ".."),
        *("and", "or", "in", "between", "then", "else", "return", "satisfies"),
    }
)


class Assignment(NamedTuple):
    """One line of a script: the variable, what it becomes, and the number of the line, from 1.

    The variable is empty where nothing is assigned.
    """

    name: str
    expression: Expression
    line: int


def parse_script(script: str, names: Iterable[str] = (), limits: Limits = DEFAULT) -> list[Assignment]:
    """Return the assignments of a script in order; raise FeelSyntaxError, positioned in the script."""
    known = set(names)
    found: list[Assignment] = []
    for tokens in _statements(script, tokenize(script, limits)[:-1]):
        assignment = _assignment(script, tokens, known, limits)
        known.update(filter(None, [assignment.name]))
        found.append(assignment)
    return found


def _statements(script: str, tokens: list[Token]) -> list[list[Token]]:
    statements: list[list[Token]] = []
    depth = 0
    for index, token in enumerate(tokens):
        if index == 0 or (depth <= 0 and _begins(script, tokens[index - 1], token)):
            statements.append([])
            depth = 0
        statements[-1].append(token)
        if token.kind == "symbol":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
    return statements


def _begins(script: str, before: Token, token: Token) -> bool:
    if "\n" not in script[before.end : token.start]:
        return False
    return not _continues(before) and not _continues(token)


def _continues(token: Token) -> bool:
    return token.kind in ("symbol", "name") and token.text in _CONTINUES


def _assignment(script: str, tokens: list[Token], known: set[str], limits: Limits) -> Assignment:
    start = tokens[0].start
    line, _ = line_and_column(script, start)
    end = Token("end", "", tokens[-1].end, tokens[-1].end, False)
    if _throws(tokens):
        return Assignment("", _expression(script, start, tokens[-1].end, known, limits), line)
    words = word_run([*tokens, end], 0)
    if not words or len(tokens) < words + 1 or tokens[words].text != "=":
        place = tokens[min(words, len(tokens) - 1)].start
        raise FeelSyntaxError(T("第 {line} 行应写成“名称 = 表达式”", line=line), place, "=", script)
    expression = _expression(script, tokens[words].end, tokens[-1].end, known, limits)
    return Assignment(spelled(tokens[:words]), expression, line)


def _throws(tokens: list[Token]) -> bool:
    first = [token.text for token in tokens[:3]]
    return first == ["throw", "error", "("] or (first[0] == "if" and first[1:2] != ["="])


def _expression(script: str, start: int, end: int, known: set[str], limits: Limits) -> Expression:
    """Parse a part of the script, with spaces before it, so that columns are those of its line."""
    line, column = line_and_column(script, start)
    begin = start - column + 1
    try:
        return parse(" " * (column - 1) + script[start:end], known, limits)
    except FeelSyntaxError as error:
        text = T("第 {line} 行：{problem}", line=line, problem=error.text)
        raise FeelSyntaxError(text, begin + error.position, error.expected, script) from None
