"""The tables of examples: every construct and every built-in function of the standard."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel.builtins import BUILTINS
from tests.feel.examples import HERE, examples, json_of


@pytest.mark.parametrize(("group", "text", "expected"), examples("language.yaml"))
def test_construct_has_the_value_of_the_standard(group: str, text: str, expected: Any) -> None:
    assert json_of(text) == expected


@pytest.mark.parametrize(("group", "text", "expected"), examples("builtins.yaml"))
def test_function_has_the_value_of_the_standard(group: str, text: str, expected: Any) -> None:
    assert json_of(text) == expected


def test_every_builtin_function_has_an_example() -> None:
    table = (HERE / "builtins.yaml").read_text(encoding="utf-8")
    assert not [name for name in BUILTINS if f"{name}(" not in table]
