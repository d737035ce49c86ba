"""One tree, drawn, run by the token layer and told by the model: what waits must agree after every event."""

from __future__ import annotations

import random
from collections import Counter

from engine.spiff.instance import LiveInstance
from engine.spiff.port import Wait
from tests.blocks.draw import Draw
from tests.blocks.model import Model
from tests.blocks.text import Text
from tests.spiff.lived import Lived, lived
from tests.watch import ends

ACTS = 40


def agree(seed: int) -> int:
    """Compare one tree; return how many things have happened in it."""
    with ends(f"tree {seed}"):
        return _agree(seed)


def _agree(seed: int) -> int:
    tree = Draw(seed).process()
    text = Text(tree, "p")
    model, live = Model(tree), lived(text.xml, called=text.called, **text.variables)
    chance = random.Random(seed)
    done: list[str] = []
    for act in range(ACTS):
        waits = Counter((wait.kind, wait.element) for wait in live.stored.waits.values())
        assert not live.stored.failures, f"tree {seed} after {done}: {live.stored.failures}"
        assert (waits, live.outcome) == (model.waiting(), model.outcome), f"tree {seed} after {done}"
        if not waits:
            return act
        wait = choose(chance, [live.stored.waits[key] for key in sorted(live.stored.waits)])
        done.append(wait.element)
        happen(live, wait)
        model.happen((wait.kind, wait.element))
    return ACTS


def choose(chance: random.Random, waits: list[Wait]) -> Wait:
    """Choose people's work more often than what interrupts it, so that diagrams are run to their depth."""
    (wait,) = chance.choices(waits, [5 if each.kind == "work" else 1 for each in waits])
    return wait


def happen(live: Lived, wait: Wait) -> None:
    """Let the thing happen that a token waits for."""

    def command(half: LiveInstance) -> None:
        if wait.kind == "work":
            half.complete(wait.token, {})
        elif wait.kind == "timer":
            half.fire(wait.token, wait.slot, wait.detail)
        else:
            half.deliver(wait.token, {}, wait.slot)

    live.do(command)
