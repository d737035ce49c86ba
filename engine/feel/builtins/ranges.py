"""Relations of points and ranges after Allen (DMN 1.5 §10.3.4.7), and ranges from text.

Both ends become edges: a value and 0 where it is included, else one hair inside (+1 at a start, -1
at an end). A point is a range from itself to itself. Comparing edges then gives every line of the
standard's table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import compare
from engine.feel.run import Run
from engine.feel.values import ORDERED, Range, Undefined
from engine.text import T

Edge = tuple[Any, int]

_POINT = "|".join(sorted(ORDERED))
_EITHER = "range|" + _POINT


def _start(value: Any) -> Edge:
    return (value.start, 0 if value.start_included else 1) if isinstance(value, Range) else (value, 0)


def _end(value: Any) -> Edge:
    return (value.end, 0 if value.end_included else -1) if isinstance(value, Range) else (value, 0)


def _order(left: Edge, right: Edge) -> int:
    order = compare(left[0], right[0])
    if order is None:
        raise Undefined(T("两个区间不能比较"), "type")
    return order or left[1] - right[1]


def _before(a: Any, b: Any) -> bool:
    return _order(_end(a), _start(b)) < 0


def _meets(a: Any, b: Any) -> bool:
    return _order(_end(a), _start(b)) == 0


def _overlaps(a: Any, b: Any) -> bool:
    return _order(_start(b), _end(a)) <= 0 and _order(_start(a), _end(b)) <= 0


def _overlaps_before(a: Any, b: Any) -> bool:
    reaches = _order(_start(b), _end(a)) <= 0 and _order(_end(a), _end(b)) <= 0
    return reaches and _order(_start(a), _start(b)) < 0


def _overlaps_after(a: Any, b: Any) -> bool:
    reaches = _order(_start(a), _end(b)) <= 0 and _order(_end(b), _end(a)) <= 0
    return reaches and _order(_start(b), _start(a)) < 0


def _finishes(a: Any, b: Any) -> bool:
    return _order(_end(a), _end(b)) == 0 and _order(_start(b), _start(a)) <= 0


def _includes(a: Any, b: Any) -> bool:
    return _order(_start(a), _start(b)) <= 0 and _order(_end(b), _end(a)) <= 0


def _starts(a: Any, b: Any) -> bool:
    return _order(_start(a), _start(b)) == 0 and _order(_end(a), _end(b)) <= 0


def _coincides(a: Any, b: Any) -> bool:
    return _order(_start(a), _start(b)) == 0 and _order(_end(a), _end(b)) == 0


Relation = Callable[[Any, Any], bool]

#: Name, kinds and names of the parameters, relation, and whether it is read from right to left.
_RELATIONS: tuple[tuple[str, str, str, Relation, bool], ...] = (
    ("before", _EITHER, _EITHER, _before, False),
    ("after", _EITHER, _EITHER, _before, True),
    ("meets", "range", "range", _meets, False),
    ("met by", "range", "range", _meets, True),
    ("overlaps", "range", "range", _overlaps, False),
    ("overlaps before", "range", "range", _overlaps_before, False),
    ("overlaps after", "range", "range", _overlaps_after, False),
    ("finishes", _EITHER, "range", _finishes, False),
    ("finished by", "range", _EITHER, _finishes, True),
    ("includes", "range", _EITHER, _includes, False),
    ("during", _EITHER, "range", _includes, True),
    ("starts", _EITHER, "range", _starts, False),
    ("started by", "range", _EITHER, _starts, True),
    ("coincides", _EITHER, _EITHER, _coincides, False),
)


def _reversed(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _parameter_names(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """Return the names the standard gives the parameters: by what they are, numbered where both are alike."""
    names = []
    for left in ("point", "range"):
        for right in ("point", "range"):
            if (left == "range" or first != "range") and (right == "range" or second != "range"):
                names.append((left + "1", right + "2") if left == right else (left, right))
    return tuple(names)


def _declare() -> None:
    for name, first, second, relation, backwards in _RELATIONS:
        apply = _reversed(relation) if backwards else relation
        for left, right in _parameter_names(first, second):
            kinds = [_POINT if title.startswith("point") else "range" for title in (left, right)]
            builtin(name, f"{left}:{kinds[0]}, {right}:{kinds[1]}")(apply)


_declare()


@builtin("range", "from:string")
def range_from(run: Run, text: str) -> Range:
    """Return the range a text writes, its ends literals or conversions of literals."""
    # The evaluator is built on these functions, so it can only be reached once both are loaded.
    from engine.feel.written_ranges import read_range

    return read_range(run, text)
