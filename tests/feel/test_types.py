"""Types of models beside the language's own: `instance of`, parameters, and the implicit conversions."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel import Function, parse
from engine.feel.limits import Limits
from engine.feel.programs import build
from engine.feel.resolving import with_types
from engine.feel.run import Frame, Run
from engine.feel.temporal import UTC, Date, DateTime, Time
from engine.feel.types import (
    ANY,
    SIMPLE,
    ContextOf,
    FeelType,
    FunctionOf,
    ListOf,
    Named,
    RangeOf,
    Restricted,
    coerced,
)
from engine.feel.values import Undefined

NUMBER, STRING, MOMENT = SIMPLE["number"], SIMPLE["string"], SIMPLE["date and time"]
PERSON = ContextOf((("name", STRING), ("age", NUMBER)))
BYTE = Named("tByte", Restricted(NUMBER, lambda value, run: 0 <= value <= 255))
TYPES: dict[str, FeelType] = {
    "tPerson": PERSON,
    "tPeople": ListOf(PERSON),
    "tByte": BYTE,
    "tCheck": FunctionOf((NUMBER,), SIMPLE["boolean"]),
    "t with space": STRING,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{name: "a", age: 1} instance of tPerson', True),
        ('{name: "a", age: 1, more: 2} instance of tPerson', True),
        ('{name: "a"} instance of tPerson', False),
        ('{name: "a", age: null} instance of tPerson', True),
        ('[{name: "a", age: 1}] instance of tPeople', True),
        ('[{name: "a", age: 1}] instance of list<tPerson>', True),
        ("256 instance of tByte", True),
        ('"x" instance of tByte', False),
        ('"x" instance of t with space', True),
        ("5 instance of tUnknown", None),
        ("5 instance of context<a: tUnknown>", False),
        ("(function(a: number) a > 1) instance of tCheck", True),
        ("(function(a: string) true) instance of tCheck", False),
        ("(function(a: Any) true) instance of tCheck", True),
        ("(function() true) instance of tCheck", False),
        ("abs instance of tCheck", True),
        ("(function(p: tPerson) p.age)({age: 1})", None),
        ('(function(p: tPerson) p.age)({age: 1, name: "a"})', 1),
        ("(function(p: list<number>) count(p))(7)", 1),
        ("(function(p: tByte) p)(256)", None),
        ("(function(p: date and time) p.hour)(date(2026, 9, 25))", 0),
    ],
)
def test_types_of_a_model_are_known_to_expressions(text: str, expected: Any) -> None:
    tree = with_types(parse(text, TYPES).node, TYPES.get)
    assert build(tree)(Frame({}, None, Run())) == expected


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("a", ListOf(STRING), ["a"]),
        (["a"], STRING, "a"),
        (["a"], ListOf(STRING), ["a"]),
        ([["a"]], ListOf(STRING), ["a"]),
        ({"@": "2026-09-25"}, MOMENT, DateTime(Date(2026, 9, 25), Time(0, UTC))),
        (None, STRING, None),
        ([], ListOf(STRING), []),
        (255, BYTE, 255),
        ([255], BYTE, 255),
        (5, ANY, 5),
        ([1], RangeOf(NUMBER), Undefined),
        (256, BYTE, Undefined),
        ([256], ListOf(BYTE), Undefined),
        (["a", "b"], STRING, Undefined),
        ([], STRING, Undefined),
        ("a", NUMBER, Undefined),
        ({"name": "a"}, PERSON, Undefined),
    ],
)
def test_value_is_converted_to_the_type_or_refused(value: Any, kind: FeelType, expected: Any) -> None:
    run = Run()
    if expected is Undefined:
        with pytest.raises(Undefined):
            coerced(value, kind, run)
    else:
        assert coerced(value, kind, run) == expected


def test_functions_conform_by_what_they_take_and_give() -> None:
    any_to_number, number_to_any = FunctionOf((ANY,), NUMBER), FunctionOf((NUMBER,), ANY)
    assert number_to_any.covers(any_to_number)
    assert not any_to_number.covers(number_to_any)
    assert not number_to_any.covers(FunctionOf((), ANY))
    assert ListOf(ANY).covers(ListOf(NUMBER))
    assert not ListOf(NUMBER).covers(ListOf(ANY))
    assert ContextOf((("name", ANY),)).covers(PERSON)
    assert not PERSON.covers(ContextOf((("name", STRING),)))
    assert RangeOf(NUMBER).covers(RangeOf(BYTE))
    assert NUMBER.covers(NUMBER)
    assert BYTE.covers(NUMBER)


def test_types_are_named_as_they_are_written() -> None:
    kind = FunctionOf((ListOf(NUMBER), RangeOf(MOMENT)), PERSON)
    assert str(kind) == ("function<list<number>, range<date and time>> -> context<name: string, age: number>")
    assert str(BYTE) == "tByte"


class Twice(Function):
    """A knowledge model: its body is evaluated within the run of the caller."""

    body = staticmethod(parse("n * 2").program)

    def call(self, run: Run, arguments: list[Any]) -> Any:
        return self.body(Frame({"n": coerced(arguments[0], NUMBER, run)}, None, run))


def test_functions_of_a_model_share_the_run_of_their_caller() -> None:
    run = Run(limits=Limits(steps=100))
    frame = Frame({"twice": Twice("twice", ("n",), (NUMBER,)), "xs": [1, 2]}, None, run)
    assert parse("for x in xs return twice(x)").program(frame) == [2, 4]
    assert parse('twice("a")').program(frame) is None
    assert run.problems[-1].code == "type"
    assert parse("twice instance of function<number> -> number").program(frame) is True
    assert run.steps < 100
