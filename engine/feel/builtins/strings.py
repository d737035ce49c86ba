"""String functions (DMN 1.5 §10.3.4.3); positions count from 1, from the end if negative."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.numbers import Number, cut
from engine.feel.regex import Pattern, compiled
from engine.feel.run import Run
from engine.feel.values import Undefined, lift
from engine.text import T


def _start(position: Number, length: int) -> int:
    place = cut(position)
    if not 1 <= abs(place) <= length:
        raise Undefined(T("位置 {position} 不在文本之内", position=position), "out_of_range")
    return place - 1 if place > 0 else length + place


@builtin("substring", "string:string, start position:number, length:number?")
def substring(string: str, start_position: Number, length: Number | None = None) -> str:
    """Return `length` characters from a position on, or all of the rest."""
    start = _start(start_position, len(string))
    if length is None:
        return string[start:]
    if length < 1:
        raise Undefined(T("长度 {length} 不是正数", length=length), "out_of_range")
    return string[start : start + cut(length)]


@builtin("string length", "string:string")
def string_length(string: str) -> int:
    """Count characters."""
    return len(string)


@builtin("upper case", "string:string")
def upper_case(string: str) -> str:
    """Return the string in capitals."""
    return string.upper()


@builtin("lower case", "string:string")
def lower_case(string: str) -> str:
    """Return the string in small letters."""
    return string.lower()


@builtin("substring before", "string:string, match:string")
def substring_before(string: str, match: str) -> str:
    """Return what stands before the first `match`, the empty string when there is none."""
    return string.partition(match)[0] if match and match in string else ""


@builtin("substring after", "string:string, match:string")
def substring_after(string: str, match: str) -> str:
    """Return what stands after the first `match`, the empty string when there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains", "string:string, match:string")
def contains(string: str, match: str) -> bool:
    """Say whether `match` occurs."""
    return match in string


@builtin("starts with", "string:string, match:string")
def starts_with(string: str, match: str) -> bool:
    """Say whether the string begins with `match`."""
    return string.startswith(match)


@builtin("ends with", "string:string, match:string")
def ends_with(string: str, match: str) -> bool:
    """Say whether the string ends with `match`."""
    return string.endswith(match)


@builtin("matches", "input:string, pattern:string, flags:string?")
def matches(run: Run, input: str, pattern: str, flags: str | None = None) -> bool:
    """Say whether the pattern occurs in the input (XPath `fn:matches`)."""
    return compiled(pattern, flags or "", run).search(input, 0, run) is not None


@builtin("replace", "input:string, pattern:string, replacement:string, flags:string?")
def replace(run: Run, input: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Return the input with every match replaced; `$1` stands for the first group (XPath `fn:replace`)."""
    expression = compiled(pattern, flags or "", run)
    template = [replacement] if "q" in (flags or "") else _template(replacement)
    parts: list[str] = []
    place, size = 0, 0
    for groups in _matches(expression, input, run):
        filled = "".join(p if isinstance(p, str) else _group(p, groups, input) for p in template)
        parts += [input[place : groups[0]], filled]
        size += len(parts[-1]) + len(parts[-2])
        run.characters(size)
        place = groups[1]
    return "".join([*parts, input[place:]])


Groups = list[int]


def _matches(expression: Pattern, text: str, run: Run) -> list[Groups]:
    """Return the places of all matches in order; a pattern that fits the empty text is refused."""
    if expression.search("", 0, run) is not None:
        raise Undefined(T("正则表达式不能匹配空文本"), "pattern")
    found: list[Groups] = []
    place = 0
    while (groups := expression.search(text, place, run)) is not None:
        found.append(groups)
        place = groups[1] if groups[1] > groups[0] else groups[1] + 1
    return found


def _group(number: int, groups: Groups, text: str) -> str:
    start, end = groups[2 * number : 2 * number + 2] if 2 * number < len(groups) else (-1, -1)
    return text[start:end] if start >= 0 else ""


def _template(replacement: str) -> list[str | int]:
    parts: list[str | int] = []
    index = 0
    while index < len(replacement):
        sign, following = replacement[index], replacement[index + 1 : index + 2]
        if sign == "\\" and following in ("\\", "$"):
            parts.append(following)
        elif sign == "$" and following.isdigit():
            parts.append(int(following))
        elif sign in "\\$":
            raise Undefined(T("替换文本中的“{sign}”后面不完整", sign=sign), "pattern")
        else:
            parts.append(sign)
            index -= 1
        index += 2
    return parts


@builtin("split", "string:string, delimiter:string")
def split(run: Run, string: str, delimiter: str) -> list[str]:
    """Cut the string at every match of a pattern (XPath `fn:tokenize`)."""
    parts, place = [], 0
    for groups in _matches(compiled(delimiter, "", run), string, run):
        parts.append(string[place : groups[0]])
        place = groups[1]
    run.items(len(parts) + 1)
    return [*parts, string[place:]]


@builtin("string join", "list:list, delimiter:string?")
def string_join(run: Run, list: list[object], delimiter: str | None = None) -> str:
    """Join strings with a delimiter between them; null counts as absent."""
    strings = [item for item in map(lift, list) if item is not None]
    if not all(isinstance(item, str) for item in strings):
        raise Undefined(T("只有文本才能连接"), "type")
    texts = [str(item) for item in strings]
    run.characters(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return (delimiter or "").join(texts)
