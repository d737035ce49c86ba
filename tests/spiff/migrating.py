"""A third life for instances of tests: at every waiting point it moves to the other of two versions.

The second version is the first with every node and flow renamed, so the run must go on as it would have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from lxml import etree

from engine.migration.arming import arm, wake
from engine.migration.joins import starved
from engine.migration.mapping import ElementMap
from engine.migration.translation import translate
from engine.spiff.instance import LiveInstance
from engine.spiff.program import Program, load_program
from tests.spiff.lived import Half, Stored

MARK = "_z9"
"""What is added to an id in the renamed version."""

REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default", "activityRef")
LISTED = ("flowNodeRef", "incoming", "outgoing")
PARTS = ("Task", "task", "Event", "Gateway", "ubProcess", "Activity", "transaction", "sequenceFlow")


def renamed(xml: bytes) -> bytes:
    """Return a diagram with other ids for its nodes and flows."""
    root = etree.fromstring(xml)
    ids = {
        node.get("id")
        for node in root.iter("{*}*")
        if etree.QName(node).localname.endswith(PARTS) and node.get("id")
    } - {node.get("id") for node in root if etree.QName(node).localname.startswith("global")}
    for node in root.iter("{*}*"):
        for name in ("id", *REFERENCES):
            if node.get(name) in ids and etree.QName(node).localname != "process":
                node.set(name, node.get(name) + MARK)
        if etree.QName(node).localname in LISTED and (node.text or "").strip() in ids:
            node.text = node.text.strip() + MARK
    return etree.tostring(root)


def plain(value: Any) -> Any:
    """Return anything with the ids of the first version."""
    if isinstance(value, str):
        return value.replace(MARK, "")
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: plain(getattr(value, each.name)) for each in fields(value)})
    if isinstance(value, Mapping):
        return {plain(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(plain(each) for each in value)
    return value


@lru_cache(maxsize=64)
def maps(xml: bytes, called: tuple[tuple[str, bytes], ...]) -> tuple[ElementMap, ElementMap]:
    """Return the maps to the renamed version and back."""
    one = load_program(xml, "p", dict(called))
    other = load_program(renamed(xml), "p", {name: renamed(each) for name, each in called})
    return ElementMap(one, other, pairs(one, other)), ElementMap(other, one, pairs(other, one))


def pairs(old: Program, new: Program) -> dict[str, str]:
    there = {plain(id): id for elements in new.processes.values() for id in elements}
    return {
        f"{process}/{id}": there[plain(id)]
        for process, elements in old.processes.items()
        for id in elements
        if plain(id) in there
    }


class Migrating(Half):
    """The life that migrates."""

    def __init__(self, live: LiveInstance, xml: bytes, called: Mapping[str, bytes]) -> None:
        self.there, self.back = maps(xml, tuple(sorted(called.items())))
        super().__init__(live, rebuild=False)

    def compare(self, first: Half) -> None:
        """The same has happened, in other words."""
        assert told(self.stored) == told(first.stored)
        assert plain(self.stored.waits) == plain(first.stored.waits)
        assert plain(self.stored.tokens) == plain(first.stored.tokens)
        assert plain(self.stored.scopes) == plain(first.stored.scopes)
        assert first.live.next_id == self.live.next_id

    def run(self) -> None:
        super().run()
        if not self.live.over:
            self.migrate(self.there if self.live.program.hash == self.there.old.hash else self.back)
            self.reload()

    def migrate(self, map: ElementMap) -> None:
        """Go to the other version, which moves nothing."""
        stored, before = self.stored, self.live.standing()
        tokens = sorted(stored.tokens.values(), key=lambda row: row.id)
        found = translate(map, tokens, list(stored.scopes.values()))
        assert found.reasons == [], found.reasons
        assert found.dropped == found.woken == []
        assert starved(map, tokens, stored.scopes, found) == []
        variables = [(scope, name, value) for (scope, name), value in stored.variables.items()]
        live = LiveInstance.load(
            map.new,
            self.live.host,
            found.tokens.values(),
            found.scopes.values(),
            variables,
            self.live.next_id,
        )
        arm(live, map)
        wake(live, found.woken)
        assert plain([tuple(each) for each in live.standing()]) == plain([tuple(each) for each in before])
        stored.tokens, stored.scopes = found.tokens, found.scopes
        stored.open = live.open_tokens()
        assert not live.run(100_000)
        assert not live.changes().moves
        self.live = live


def told(stored: Stored) -> dict[str, Any]:
    """Return what happened, in the ids of the first version."""
    return {
        "moves": plain(stored.moves),
        "thrown": plain(stored.thrown),
        "failures": [(each.token, plain(each.element), each.reason) for each in stored.failures],
        "outcome": stored.outcome,
        "detail": plain(stored.outcome_detail),
        "variables": stored.variables,
    }
