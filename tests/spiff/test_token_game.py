"""Random diagrams, run and played: what ran, how often, and whether anything is left must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from engine.spiff.port import Element
from tests.spiff import token_game
from tests.spiff.hosts import ScriptedHost
from tests.spiff.lived import lived

BATCH = 50


class BackHost(ScriptedHost):
    """Answers `back(node)` as often with true as the diagram says, then with false."""

    def __init__(self, diagram: token_game.Diagram) -> None:
        super().__init__()
        self.left = {node: times for node, (_, times) in diagram.back.items()}

    def condition(self, expression: str, names: Mapping[str, Any], *, element: Element, flow: str) -> bool:
        if not expression.startswith("back"):
            return super().condition(expression, names, element=element, flow=flow)
        node = int(expression[5:-1])
        self.left[node] -= 1
        return self.left[node] >= 0


def compare(diagram: token_game.Diagram, expected: tuple[Counter[str], bool]) -> None:
    ran, ended = expected
    live = lived(token_game.bpmn(diagram), host=lambda: BackHost(diagram))
    counted = token_game.counted(diagram)
    assert Counter(element for element in live.trace.split() if element in counted) == ran
    assert (live.outcome == "completed") == ended


@pytest.mark.parametrize("batch", range(6))
def test_diagrams_without_loops(batch):
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        diagram = token_game.forward(seed, inclusive=False)
        expected = token_game.play(diagram)
        assert expected is not None
        compare(diagram, expected)


@pytest.mark.parametrize("batch", range(6))
def test_diagrams_with_inclusive_gateways(batch):
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        diagram = token_game.forward(10_000 + seed, inclusive=True)
        expected = token_game.play(diagram)
        assert expected is not None
        compare(diagram, expected)


@pytest.mark.parametrize("batch", range(6))
def test_diagrams_with_loops(batch):
    played = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        diagram = token_game.looping(seed)
        expected = token_game.play(diagram)
        if diagram.back and expected is not None:
            compare(diagram, expected)
            played += 1
    assert played > BATCH // 4
