"""The tables of examples: every construct and every built-in function of the standard."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from engine.feel.builtins import BUILTINS
from engine.feel.builtins.meanings import MEANINGS
from tests.feel.examples import examples, json_of


@pytest.mark.parametrize(("group", "text", "expected"), examples("language.yaml"))
def test_construct_has_the_value_of_the_standard(group: str, text: str, expected: Any) -> None:
    assert json_of(text) == expected


@pytest.mark.parametrize(("function", "text", "expected"), examples("functions.yaml"))
def test_function_has_the_value_of_the_standard(function: str, text: str, expected: Any) -> None:
    assert f"{function}(" in text
    assert json_of(text) == expected


def test_every_builtin_function_has_examples_and_a_meaning() -> None:
    shown = {function for function, _, _ in examples("functions.yaml")}
    assert shown == set(BUILTINS) == set(MEANINGS)


def test_examples_show_more_than_one_side_of_a_function() -> None:
    count = Counter(function for function, _, _ in examples("functions.yaml"))
    assert min(count.values()) >= 3
