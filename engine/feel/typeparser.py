"""Types as they are written after `instance of` and in parameter lists (DMN 1.5 rule 52)."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import nodes
from engine.feel.reader import Reader
from engine.text import T

_LONG_NAMES = (
    ("date", "and", "time"),
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
)


def parse_type(reader: Reader) -> nodes.Type:
    """Read a type; raise FeelSyntaxError where none is."""
    start = reader.here
    reader.enter()
    kind = _type(reader, start)
    reader.leave()
    return kind


def _type(reader: Reader, start: int) -> nodes.Type:
    for word, rule in _RULES:
        if reader.at(word) and reader.ahead(1).text == "<":
            reader.advance(2)
            return rule(reader, start)
    return reader.made(nodes.NamedType(_type_name(reader), position=start))


def _list(reader: Reader, start: int) -> nodes.Type:
    of = parse_type(reader)
    reader.expect(">")
    return reader.made(nodes.ListType(of, position=start))


def _range(reader: Reader, start: int) -> nodes.Type:
    of = parse_type(reader)
    reader.expect(">")
    return reader.made(nodes.RangeType(of, position=start))


def _context(reader: Reader, start: int) -> nodes.Type:
    entries = tuple(reader.separated(lambda: _context_entry(reader), ">"))
    return reader.made(nodes.ContextType(entries, position=start))


def _context_entry(reader: Reader) -> tuple[str, nodes.Type]:
    name = reader.label((":",))
    reader.expect(":")
    return name, parse_type(reader)


def _function(reader: Reader, start: int) -> nodes.Type:
    parameters = tuple(reader.separated(lambda: parse_type(reader), ">"))
    reader.expect("->")
    return reader.made(nodes.FunctionType(parameters, parse_type(reader), position=start))


def _type_name(reader: Reader) -> str:
    for words in _LONG_NAMES:
        if all(reader.ahead(index).text == word for index, word in enumerate(words)):
            return reader.take_name(len(words))
    if reader.at("function") or reader.at("null"):
        return reader.take_name(1)
    with reader.names_of(*reader.members):
        found = reader.find_name()
    if found is None:
        raise reader.unexpected(T("一个类型"))
    reader.advance(found.length)
    name = found.name
    while reader.accept("."):
        name += "." + reader.member_name()
    return name


_RULES: tuple[tuple[str, Callable[[Reader, int], nodes.Type]], ...] = (
    ("list", _list),
    ("range", _range),
    ("context", _context),
    ("function", _function),
)
