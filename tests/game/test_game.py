"""Random nets: what waits after every act of a person, what ran how often, and the end must agree."""

from __future__ import annotations

import os
import re

import pytest

from engine.clock import FrozenClock
from engine.store.database import Database
from tests.engine.build import World
from tests.game.compare import agree
from tests.game.draw import Draw, Recipe
from tests.game.text import bpmn

SOAK = int(os.environ.get("WUXING_SOAK_NETS", "1000000"))
"""How many nets `make soak` compares."""

BATCHES = 200

RECIPES = {
    "everything": Recipe(),
    "flat": Recipe(depth=0, largest=14),
    "forward": Recipe(loops=False, depth=1),
    "small": Recipe(largest=7, quantities=False, instances=False),
}


def compare(recipe: Recipe, first: int, count: int) -> None:
    agreed = sum(agree(seed, recipe) for seed in range(first, first + count))
    assert agreed >= count * 0.9 - 3, "too many nets go on for too long to be compared"


@pytest.mark.bpmn(
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "start and completion quantity",
    "loops, multiple instances",
    "subProcess",
    "task",
    "userTask",
)
@pytest.mark.parametrize("batch", range(5))
@pytest.mark.parametrize("name", RECIPES)
def test_engine_and_token_game_agree(name: str, batch: int) -> None:
    compare(RECIPES[name], batch * 120, 120)


def test_the_gate_refuses_none_of_them(sqlite: Database, at: FrozenClock) -> None:
    world = World.over(sqlite)
    for seed in range(60):
        text = bpmn(Draw(seed, Recipe()).net()).replace(b"<userTask ", b'<userTask wuxing:assignee="1" ')
        world.publish(re.sub(rb"(?<=<conditionExpression>)[^<]*", b"= 1 &lt; 2", text))


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(BATCHES))
def test_engine_and_token_game_agree_on_a_million_nets(batch: int) -> None:
    count = SOAK // BATCHES // len(RECIPES)
    for recipe in RECIPES.values():
        compare(recipe, 1_000_000 + batch * count, count)
