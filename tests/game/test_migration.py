"""Random nets whose instances migrate at every waiting point run as those that stay."""

from __future__ import annotations

import pytest

from tests.game.compare import agree
from tests.game.draw import Recipe
from tests.game.inserting import goes_on
from tests.spiff import lived
from tests.spiff.migrating import Migrating


@pytest.mark.parametrize("batch", range(4))
def test_a_random_net_survives_migrations(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lived, "BESIDE", [Migrating])
    agreed = sum(agree(seed, Recipe()) for seed in range(batch * 50, batch * 50 + 50))
    assert agreed >= 40


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(50))
def test_many_random_nets_survive_migrations(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lived, "BESIDE", [Migrating])
    first = 2_000_000 + batch * 400
    for recipe in (Recipe(), Recipe(depth=0, largest=14)):
        agreed = sum(agree(seed, recipe) for seed in range(first, first + 400))
        assert agreed >= 350


@pytest.mark.parametrize("batch", range(3))
def test_steps_inserted_behind_change_nothing_else(batch: int) -> None:
    outcomes = [goes_on(seed) for seed in range(batch * 100, batch * 100 + 100)]
    assert outcomes.count(True) > 15
