"""Where the options of persons, departments and references come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from engine.errors import WuxingError
from engine.text import T

PERSONS = "persons"
DEPARTMENTS = "departments"

Filters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: the stored value, how it reads, a remark and the group it stands in.

    `group` is a value to filter by (a person's department); `heading` is how the group reads.
    """

    value: Any
    label: str
    hint: str = ""
    group: str = ""
    heading: str = ""


Source = Callable[[Filters], Sequence[Option]]


class UnknownSource(WuxingError):
    """A form asks for options that nobody supplies."""

    code: ClassVar[str] = "unknown_option_source"


class Options(Protocol):
    """What a form asks for its options."""

    def choose(self, source: str, filters: Filters) -> Sequence[Option]:
        """Return what may be chosen; a filter without a value (`None`, empty) does not narrow."""

    def known(self, source: str) -> Sequence[Option]:
        """Return everything that has a label, chosen now or once."""


class OptionTable:
    """Options by source name; each question is asked once and remembered for the life of the table.

    Two filters work for every source: `group` keeps the options of one group or several, `not` leaves
    values out. All others are handed to the source, which returns its options in the order to show.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = dict(sources)
        self._answers: dict[tuple[str, str], Sequence[Option]] = {}

    def choose(self, source: str, filters: Filters) -> Sequence[Option]:
        """Return the options of `source` narrowed by `filters`; raises `UnknownSource`."""
        narrowing = {name: value for name, value in filters.items() if value not in (None, "", [])}
        question = (source, repr(sorted(narrowing.items())))
        if question not in self._answers:
            own = {name: value for name, value in narrowing.items() if name not in ("group", "not")}
            offered = self._source(source)(own)
            self._answers[question] = tuple(_narrow(offered, narrowing.get("group"), narrowing.get("not")))
        return self._answers[question]

    def known(self, source: str) -> Sequence[Option]:
        """Return all options of `source`, unfiltered; raises `UnknownSource`."""
        return self.choose(source, {})

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            raise UnknownSource(T("没有名为 {source} 的选项来源", source=name), source=name)
        return self._sources[name]


def fixed(options: Sequence[Option]) -> Source:
    """Return a source over a list."""
    return lambda filters: options


def _narrow(options: Sequence[Option], group: Any, unwanted: Any) -> Iterator[Option]:
    groups, left_out = set(_several(group)), set(map(str, _several(unwanted)))
    for option in options:
        if (not groups or option.group in groups) and str(option.value) not in left_out:
            yield option


def find(options: Sequence[Option], value: Any) -> Option | None:
    """Return the option with this value; `7` and `"7"` are one, since a page knows only text."""
    return next((option for option in options if str(option.value) == str(value)), None)


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
