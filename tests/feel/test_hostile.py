"""Text typed by anyone stays cheap: whatever it says, it costs little time and little memory."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, evaluate, parse, to_json

# The aim is 50 ms; tracing memory makes everything some ten times slower, and machines differ.
SECONDS = 4
MEGABYTES = 50

SIGNS = "x" * 1000
GROWING = ", ".join(f"s{n}: s{n - 1} + s{n - 1}" for n in range(1, 30))
LISTS = ", ".join(f"a{n}: concatenate(a{n - 1}, a{n - 1})" for n in range(1, 40))
NESTING = ", ".join(f'c{n}: context put(c{n - 1}, "k", c{n - 1})' for n in range(1, 300))
LIST_TYPE = "list<" * 39 + "number" + ">" * 39
DOUBLING = ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 40))
TWICE = ", ".join(f"b{n}: [b{n - 1}, b{n - 1}]" for n in range(1, 40))

EXPENSIVE = {
    "deep brackets": "[" * 5000,
    "deep parentheses": "(" * 3000 + "1" + ")" * 3000,
    "deep intervals": "(" * 50 + "1" + "..2 z)" * 50,
    "deep negation": "-" * 10_000 + "1",
    "deep not": "not(" * 2000 + "true" + ")" * 2000,
    "deep if": "if true then " * 2000 + "1",
    "deep types": "1 instance of " + "list<" * 3000,
    "deep functions": "function(a) " * 2000 + "a",
    "long sum": " + ".join(["1"] * 4900),
    "long path": "a" + ".a" * 9000,
    "long filter": "a" + "[1]" * 6000,
    "long conjunction": " and ".join(["true"] * 3000),
    "long text": '"' + "x" * 30_000 + '"',
    "long list": "[" + "1," * 9000 + "1]",
    "many names": "a " * 9000,
    "huge power": "9 ** 9 ** 9 ** 9",
    "huge number": "1" * 19_000,
    "huge exponent": "1e" + "9" * 1000,
    "endless range": "for i in 1..1000000000 return i",
    "nested loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
    "nested quantifiers": "every a in 1..300 satisfies " * 5 + "true",
    "dates for ever": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "quadratic partial": "for i in 1..5000 return partial",
    "recursion": "{f: function(n) f(n + 1), r: f(0)}.r",
    "branching recursion": "{f: function(n) f(n + 1) + f(n + 1), r: f(0)}.r",
    "mutual recursion": "{f: function(g, n) g(g, n), r: f(f, 0)}.r",
    "growing string": "{s0: \"xxxxxxxx\", " + GROWING + "}.s29",
    "many strings": f'for i in 1..5000 return string join(for j in 1..20 return "{SIGNS}")',
    "growing list": "{a0: [1], " + LISTS + "}.a39",
    "shared lists written out": "{a0: [1, 1], " + DOUBLING + "}.a39",
    "shared lists compared": "{a0: [1], b0: [1], " + DOUBLING + ", " + TWICE + ", r: a39 = b39}.r",
    "shared lists as text": "{a0: [1], " + DOUBLING + ", r: string(a39)}.r",
    "shared lists flattened": "{a0: [1], " + DOUBLING + ", r: flatten(a39)}.r",
    "shared lists of a type": "{a0: [1], " + DOUBLING + ", r: a39 instance of " + LIST_TYPE + "}.r",
    "sorting": "sort(for i in 1..20000 return 20000 - i, function(a, b) a < b)",
    "distinct lists": "count(distinct values(for i in 1..3000 return [i]))",
    "replacing": 'replace("' + "a" * 9000 + '", "a", "' + "b" * 9000 + '")',
    "splitting": 'count(split("' + "a" * 15_000 + '", "a"))',
    "catastrophic pattern": 'matches("' + "a" * 5000 + '!", "^(a+)+$")',
    "alternating pattern": 'matches("' + "a" * 5000 + '!", "(a|a)*b")',
    "optional pattern": 'matches("' + "a" * 100 + '", "' + "a?" * 100 + "a" * 100 + '")',
    "counted pattern": 'matches("a", "((a{100}){100}){100}")',
    "deep pattern": 'matches("a", "' + "(" * 900 + "a" + ")" * 900 + '")',
    "deep class": 'matches("a", "' + "[a-" * 900 + '")',
    "context of contexts": "{c0: {}, " + NESTING + "}.c299",
    "way of keys": "context put({}, for i in 1..5000 return string(i), 1)",
    "far dates": '@"999999999-12-31" + @"P999999999Y" * 99999999999',
    "long duration": 'duration("P' + "9" * 10_000 + 'D")',
    "scales": "round up(1/3, 6176) + decimal(1e6000, 10)",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPENSIVE)
def test_hostile_text_ends_soon_and_small(name: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    try:
        outcome(EXPENSIVE[name])
        seconds = time.process_time() - started
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seconds < SECONDS
    assert peak < MEGABYTES * 1_000_000


def outcome(text: str) -> Any:
    try:
        return to_json(evaluate(text, {"a": [1]}).value)
    except FeelSyntaxError as error:
        return error


@pytest.mark.parametrize(
    "text",
    [
        "().__class__",
        '"".__class__.__mro__',
        "a.__class__",
        "count.__globals__",
        "function(x) x.__closure__",
        "host.__self__",
        "[1].append",
        "{}.keys",
        '@"2026-01-01".ordinal',
        '@"2026-01-01".to_python',
        "__import__",
        'get value(a, "__class__")',
        "1.real",
        "(1).real",
        "(1..2).contains",
    ],
)
def test_no_attribute_of_a_python_object_can_be_reached(text: str) -> None:
    try:
        value = evaluate(text, {"a": {"b": 1}}, {"host": print}).value
    except FeelSyntaxError:
        return
    assert to_json(value) in (None, [None])


class Secret:
    """A thing of the program that strayed into a context."""

    password = "x"


def test_foreign_objects_in_a_context_are_null() -> None:
    context = {"secret": Secret(), "inside": [Secret()], "kind": Secret, "module": pytest}
    for text in ("secret", "secret.password", "inside[1]", "kind", "module", "secret = secret and null"):
        assert to_json(evaluate(text, context).value) in (None, True)
    assert evaluate("[secret, kind]", context).value == [None, None]


def test_limit_is_reported_as_the_reason() -> None:
    evaluation = evaluate("for i in 1..1000000000 return i", {})
    assert evaluation.value is None
    assert evaluation.problems[0].code == "limit"


def test_too_long_text_is_a_syntax_error() -> None:
    with pytest.raises(FeelSyntaxError):
        parse("1" + " " * 30_000)


def test_deep_text_is_a_syntax_error_and_never_a_crash() -> None:
    for depth in (10, 40, 60, 90, 119, 121, 500):
        for opening, closing in (("(", ")"), ("[", "]"), ("-(", ")"), ("not(", ")"), ("{a: ", "}")):
            outcome(opening * depth + "1" + closing * depth)
