"""One net, drawn, run by the engine and played: after everything a person does, both must agree."""

from __future__ import annotations

import random
from collections import Counter

from tests.game.draw import Draw, Recipe
from tests.game.net import ACTIVITIES
from tests.game.play import Game, TooLong
from tests.game.text import Chooser, bpmn
from tests.spiff.lived import Lived, lived
from tests.watch import ends

ROUNDS = 60


def agree(seed: int, recipe: Recipe) -> bool:
    """Compare one net; return False when it goes on for longer than a test should."""
    with ends(f"net {seed}"):
        return _agree(seed, recipe)


def _agree(seed: int, recipe: Recipe) -> bool:
    net = Draw(seed, recipe).net()
    try:
        game = Game(net)
        live = lived(bpmn(net), host=lambda: Chooser(net))
        people = random.Random(seed)
        for _ in range(ROUNDS):
            waiting = _waiting(live)
            game.see(waiting)
            assert game.positions, f"net {seed}: the engine waits at {waiting}"
            if not waiting:
                break
            wait = people.choice(sorted(live.stored.waits))[0]
            element = live.stored.waits[wait, 0].element
            # The game first: it counts, and a net that breeds tokens is given up before the engine has them.
            game.complete(element)
            live.do(lambda half: half.complete(wait, {}))  # noqa: B023 - called at once
        else:
            return False
    except TooLong:
        return False
    shown = {each.id for each in net.everywhere() if each.kind in ACTIVITIES and each.times is None}
    ran = Counter(element for element in live.trace.split() if element in shown)
    end = (live.outcome == "completed", tuple(sorted(ran.items())))
    assert end in game.ends(), f"net {seed}: the engine {end}, the game {game.ends()}"
    return True


def _waiting(live: Lived) -> Counter[str]:
    return Counter(wait.element for wait in live.stored.waits.values())
