"""List functions (DMN 1.5 §10.3.4.4, 10.3.4.9); positions count from 1, from the end if negative."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import compare, equal
from engine.feel.logic import conjunction, disjunction
from engine.feel.numbers import Number, cut
from engine.feel.run import Run
from engine.feel.temporal import NANOS
from engine.feel.values import MOMENTS, ORDERED, Function, Undefined, kind_of, lift
from engine.text import T

List = list[Any]


def _place(position: Number, length: int) -> int:
    place = cut(position)
    if not 1 <= abs(place) <= length:
        raise Undefined(T("列表没有第 {index} 项", index=position), "out_of_range")
    return place - 1 if place > 0 else length + place


@builtin("list contains", "list:list, element:any")
def list_contains(run: Run, list: List, element: Any) -> bool:
    """Say whether an element equals the value."""
    return any(equal(item, element, run) is True for item in list)


@builtin("count", "list:list")
def count(list: List) -> int:
    """Count elements."""
    return len(list)


@builtin("min", "list:list")
@builtin("min", "c1:any, c2:any...")
def minimum(run: Run, *arguments: Any) -> Any:
    """Return the least element, of one list or of several arguments; null of an empty list."""
    return _extreme(run, arguments, -1)


@builtin("max", "list:list")
@builtin("max", "c1:any, c2:any...")
def maximum(run: Run, *arguments: Any) -> Any:
    """Return the greatest element, of one list or of several arguments; null of an empty list."""
    return _extreme(run, arguments, 1)


def _extreme(run: Run, arguments: tuple[Any, ...], wanted: int) -> Any:
    items = gathered(arguments)
    ordered(items)
    best = items[0] if items else None
    for item in items[1:]:
        if compare(item, best, run) == wanted:
            best = item
    return best


def gathered(arguments: tuple[Any, ...]) -> List:
    """Return the elements of a single list, or the arguments themselves."""
    return arguments[0] if len(arguments) == 1 and type(arguments[0]) is list else [*arguments]


def ordered(items: List) -> None:
    """Raise Undefined unless all elements are of one kind that has an order."""
    kinds = {kind_of(item) for item in items}
    if len(kinds) > 1 or not kinds <= ORDERED:
        raise Undefined(T("列表的各项不能互相比较"), "type")


@builtin("all", "list:list")
@builtin("all", "b1:any, b2:any...")
def every(*arguments: Any) -> bool | None:
    """False when one is false, true when all are true, else null; true of an empty list."""
    return conjunction(gathered(arguments))


@builtin("any", "list:list")
@builtin("any", "b1:any, b2:any...")
def some(*arguments: Any) -> bool | None:
    """True when one is true, false when all are false, else null; false of an empty list."""
    return disjunction(gathered(arguments))


@builtin("sublist", "list:list, start position:number, length:number?")
def sublist(list: List, start_position: Number, length: Number | None = None) -> List:
    """Return `length` elements from a position on, or all of the rest."""
    start = _place(start_position, len(list))
    if length is None:
        return list[start:]
    if length < 1 or start + cut(length) > len(list):
        raise Undefined(T("长度 {length} 超出列表", length=length), "out_of_range")
    return list[start : start + cut(length)]


@builtin("append", "list:list, item:any...")
def append(run: Run, list: List, *items: Any) -> List:
    """Return the list with the items after it."""
    run.items(len(list) + len(items))
    return [*list, *items]


@builtin("concatenate", "list:list...")
def concatenate(run: Run, *lists: List) -> List:
    """Return all lists one after the other."""
    run.items(sum(map(len, lists)))
    return [item for part in lists for item in part]


@builtin("insert before", "list:list, position:number, newItem:any")
def insert_before(run: Run, list: List, position: Number, new_item: Any) -> List:
    """Return the list with the item put in at a position."""
    place = _place(position, len(list))
    run.items(len(list) + 1)
    return [*list[:place], new_item, *list[place:]]


@builtin("remove", "list:list, position:number")
def remove(list: List, position: Number) -> List:
    """Return the list without the element at a position."""
    place = _place(position, len(list))
    return [*list[:place], *list[place + 1 :]]


@builtin("list replace", "list:list, position:number, newItem:any")
def replace_at(list: List, position: Number, new_item: Any) -> List:
    """Return the list with another element at a position."""
    place = _place(position, len(list))
    return [*list[:place], new_item, *list[place + 1 :]]


@builtin("list replace", "list:list, match:function, newItem:any")
def replace_matching(run: Run, list: List, match: Function, new_item: Any) -> List:
    """Return the list with another element wherever `match(element, new element)` is true."""
    return [new_item if _verdict(match.call(run, [item, new_item])) else item for item in list]


def _verdict(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Undefined(T("比较函数应得出真或假"), "type")
    return value


@builtin("reverse", "list:list")
def reverse(list: List) -> List:
    """Return the list from its end to its beginning."""
    return list[::-1]


@builtin("index of", "list:list, match:any")
def index_of(run: Run, list: List, match: Any) -> List:
    """Return the positions of all elements that equal the value."""
    return [index for index, item in enumerate(list, 1) if equal(item, match, run) is True]


@builtin("union", "list:list...")
def union(run: Run, *lists: List) -> List:
    """Return all lists one after the other, without repetitions."""
    return distinct_values(run, concatenate(run, *lists))


@builtin("distinct values", "list:list")
def distinct_values(run: Run, list: List) -> List:
    """Return the elements without repetitions, in their order."""
    seen: set[tuple[str, Any]] = set()
    kept: List = []
    for item in list:
        key = _key(item)
        if key is None:
            run.spend(2 * len(kept))
            if any(equal(item, other, run) is True for other in kept):
                continue
        elif key in seen:
            continue
        else:
            seen.add(key)
        kept.append(item)
    return kept


def _key(item: Any) -> tuple[str, Any] | None:
    """Return something hashable that is equal exactly when simple values are equal."""
    kind = kind_of(item)
    if kind in MOMENTS:
        return (kind, (item.value // NANOS, item.zone is None))
    return (kind, item) if kind in ORDERED or kind in ("Null", "boolean") else None


@builtin("flatten", "list:list")
def flatten(run: Run, list: List) -> List:
    """Return the elements of lists within lists as one list."""
    flat: List = []
    pending = [iter(list)]
    while pending:
        for item in pending[-1]:
            value = lift(item)
            if type(value) is _LIST:
                run.spend(1)
                pending.append(iter(value))
                break
            flat.append(value)
            run.items(1)
        else:
            pending.pop()
    return flat


_LIST = list


@builtin("sort", "list:list, precedes:function?")
def sort(run: Run, list: List, precedes: Function | None = None) -> List:
    """Return the elements in the order a function gives, else in their natural one."""
    if precedes is None:
        return _in_order(run, list)
    function = precedes

    def order(a: Any, b: Any) -> int:
        if _verdict(function.call(run, [a, b])):
            return -1
        return 1 if _verdict(function.call(run, [b, a])) else 0

    return sorted(list, key=cmp_to_key(order))


def _in_order(run: Run, list: List) -> List:
    ordered(list)
    run.spend(2 * len(list) * len(list).bit_length())
    if list and kind_of(list[0]) == "number":
        return sorted(list)
    return sorted(list, key=cmp_to_key(lambda a, b: compare(a, b, run) or 0))


def numbers(items: Iterable[Any]) -> List:
    """Return the items when all are numbers; raise Undefined otherwise."""
    found = [*items]
    if any(kind_of(item) != "number" for item in found):
        raise Undefined(T("列表的各项应为数字"), "type")
    return found
