"""Two runs of a net without loops: one stays, the other goes to a version with more steps on its flows."""

from __future__ import annotations

import random
from collections import Counter

from lxml import etree

from engine.migration.arming import arm, wake
from engine.migration.joins import starved
from engine.migration.mapping import ElementMap
from engine.migration.translation import translate
from engine.spiff.instance import LiveInstance
from engine.spiff.program import Program, load_program
from tests.game.draw import Draw, Recipe
from tests.game.text import Chooser, bpmn
from tests.spiff.lived import Half
from tests.watch import ends

RECIPE = Recipe(loops=False)
"""Without loops every gateway decides the same each time, so the order of tokens changes nothing."""


def with_steps(xml: bytes, chance: random.Random) -> bytes:
    """Return a diagram with a step on about every third flow; the flow leads there and keeps its id."""
    root = etree.fromstring(xml)
    for flow in list(root.iter("{*}sequenceFlow")):
        if chance.random() < 0.3:
            step = etree.SubElement(flow.getparent(), etree.QName(flow).text.replace("sequenceFlow", "task"))
            step.set("id", f"x_{flow.get('id')}")
            on = etree.SubElement(flow.getparent(), etree.QName(flow).text)
            ends = {"sourceRef": f"x_{flow.get('id')}", "targetRef": flow.get("targetRef")}
            for name, value in {"id": f"y_{flow.get('id')}", **ends}.items():
                on.set(name, value)
            flow.set("targetRef", step.get("id"))
    return etree.tostring(root)


def goes_on(seed: int) -> bool | None:
    """Compare both runs; return whether the migration was possible.

    None says that there was no time for it, or that the net depends on the order of tokens: then one
    begun under the new version, which never migrates, runs otherwise than under the old one.
    """
    with ends(f"net {seed}"):
        return _goes_on(seed)


def _goes_on(seed: int) -> bool | None:
    chance = random.Random(seed)
    net = Draw(seed, RECIPE).net()
    xml = bpmn(net)
    old, new = load_program(xml, "p"), load_program(with_steps(xml, chance), "p")
    stays, goes, other = (_begin(program, Chooser(net)) for program in (old, old, new))
    moment, done = chance.randint(0, 4), None
    for step in range(60):
        if step == moment and not goes.live.over:
            done = _migrate(goes, ElementMap(old, new), new)
            if not done:
                return False
        waiting = _waiting(stays)
        if waiting != _waiting(other):
            return None
        assert waiting == _waiting(goes), f"net {seed}, step {step}"
        if not waiting:
            break
        element = chance.choice(sorted(waiting))
        for half in (stays, goes, other):
            _complete(half, element)
    assert stays.stored.outcome == goes.stored.outcome, f"net {seed}"
    return done


def _begin(program: Program, host: Chooser) -> Half:
    half = Half(LiveInstance.start(program, host, {}), rebuild=True)
    half.run()
    return half


def _waiting(half: Half) -> Counter[str]:
    return Counter(wait.element for wait in half.stored.waits.values())


def _complete(half: Half, element: str) -> None:
    token = min(wait.token for wait in half.stored.waits.values() if wait.element == element)
    half.live.complete(token, {})
    half.run()


def _migrate(half: Half, map: ElementMap, new: Program) -> bool:
    stored = half.stored
    tokens = sorted(stored.tokens.values(), key=lambda row: row.id)
    found = translate(map, tokens, list(stored.scopes.values()))
    if found.reasons or starved(map, tokens, stored.scopes, found):
        return False
    variables = [(scope, name, value) for (scope, name), value in stored.variables.items()]
    half.live = LiveInstance.load(
        new, half.live.host, found.tokens.values(), found.scopes.values(), variables, half.live.next_id
    )
    arm(half.live, map)
    wake(half.live, found.woken)
    stored.tokens, stored.scopes = found.tokens, found.scopes
    stored.open = half.live.open_tokens()
    half.run()
    return True
