"""Text typed by anyone stays cheap: whatever it says, it costs little time and little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, evaluate, parse, to_json
from tests.feel.hostile import EXPENSIVE, outcome

MILLISECONDS, MEGABYTES = 50, 50
PACE = 20
"""A slower machine than the usual one is given as much more time as a known loop takes longer there."""


Measured = dict[str, Any]


@pytest.fixture(scope="module")
def measured() -> Measured:
    """Measure in a process of its own, where nothing else runs or holds memory."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.feel.hostile"]
    answer: Measured = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True).stdout)
    return answer


@pytest.mark.parametrize("name", EXPENSIVE)
def test_hostile_text_ends_soon_and_small(name: str, measured: Measured) -> None:
    slower = max(1.0, measured["pace"] / PACE)
    assert measured["costs"][name]["ms"] <= MILLISECONDS * slower
    assert measured["costs"][name]["mb"] <= MEGABYTES


def test_loops_cost_the_same_at_every_depth_of_the_stack(measured: Measured) -> None:
    assert measured["unevenness"] < 5


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
