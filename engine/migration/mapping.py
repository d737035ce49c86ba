"""Which element of the new version stands for which of the old one, in a process and all it calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.errors import InvalidInput
from engine.spiff.program import Program
from engine.text import T


class Ends(NamedTuple):
    """The ends of a sequence flow."""

    source: str
    target: str


class ElementMap:
    """Old ids to new ids, per process; an element that is not named goes to the one of the same id.

    Flows follow their ids too or, when the new version has no such flow, the one between the elements
    that stand for their ends; several flows there stand for each other in their order. Names of nodes
    that the token layer puts beside an element (`a[attach]`, `a[gather]`) follow the element, keys of
    scopes (`process/sub`) the sub-process.
    """

    def __init__(self, old: Program, new: Program, given: Mapping[str, str] | None = None) -> None:
        self.old = old
        self.new = new
        self._old_flows, self._new_flows = flows_of(old), flows_of(new)
        self._elements: dict[tuple[str, str], str | None] = {}
        self._flows: dict[tuple[str, str], str | None] = {}
        for key, target in (given or {}).items():
            self._take(key, target)

    def _take(self, key: str, target: str) -> None:
        """Enter what a person has named; an empty target says that an element has gone."""
        process, id = self._find(key)
        flows = id in self._old_flows.get(process, {})
        known = self._new_flows.get(process, {}) if flows else self.new.processes.get(process, {})
        if target and target not in known:
            text = T("新版本里没有“{id}”", id=target)
            raise InvalidInput(text, {key: text})
        (self._flows if flows else self._elements)[process, id] = target or None

    def _find(self, key: str) -> tuple[str, str]:
        """Return process and id of `element` or `process/element`."""
        named, slash, id = key.rpartition("/")
        processes = [named] if slash else [self.old.process_id, *self.old.processes]
        for process in processes:
            if id in self.old.processes.get(process, {}) or id in self._old_flows.get(process, {}):
                return process, id
        text = T("旧版本里没有“{id}”", id=key)
        raise InvalidInput(text, {key: text})

    def element(self, process: str, id: str) -> str | None:
        """Return the new id of an element, or None when it has gone."""
        if (process, id) in self._elements:
            return self._elements[process, id]
        return id if id in self.new.processes.get(process, {}) else None

    def name(self, process: str, name: str) -> str | None:
        """Return the new name of a node, or None when its element has gone."""
        base, bracket, rest = name.partition("[")
        if base not in self.old.processes.get(process, {}):
            return name
        found = self.element(process, base)
        return None if found is None else found + bracket + rest

    def flow(self, process: str, id: str) -> str | None:
        """Return the new id of a flow, or None when it has gone."""
        base, bracket, rest = id.partition("[")
        if bracket:
            inner, close, target = rest.partition("]")
            start = self.name(process, base)
            end = self.element(process, target) if target else ""
            return None if start is None or end is None else f"{start}[{inner}{close}{end}"
        if (process, id) in self._flows:
            return self._flows[process, id]
        flows = self._new_flows.get(process, {})
        return id if id in flows else self._between(process, id)

    def _between(self, process: str, id: str) -> str | None:
        ends = self._old_flows.get(process, {}).get(id)
        if ends is None:
            return None
        wanted = (self.element(process, ends.source), self.element(process, ends.target))
        mine = [other for other, at in self._old_flows[process].items() if at == ends]
        found = [other for other, at in self._new_flows.get(process, {}).items() if at == wanted]
        return found[mine.index(id)] if len(found) == len(mine) else None

    def scope(self, key: str) -> str | None:
        """Return the new key of a scope, or None when its sub-process has gone."""
        process, slash, id = key.partition("/")
        if not slash:
            return key if key in self.new.specs else None
        found = self.element(process, id)
        return None if found is None else f"{process}/{found}"

    def changed(self) -> dict[str, dict[str, str | None]]:
        """Return what does not keep its id, by process: elements and flows, None for what has gone."""
        found: dict[str, dict[str, str | None]] = {}
        for process, elements in self.old.processes.items():
            there = {id: self.element(process, id) for id in elements}
            there |= {id: self.flow(process, id) for id in self._old_flows.get(process, {})}
            other = {id: to for id, to in there.items() if to != id}
            if other:
                found[process] = other
        return found


def flows_of(program: Program) -> dict[str, dict[str, Ends]]:
    """Return the drawn sequence flows with their ends, by process and id."""
    found: dict[str, dict[str, Ends]] = {process: {} for process in program.processes}
    for spec in program.specs.values():
        for flow in spec.definition.flows:
            if flow.shown:
                found[spec.process_id][flow.id] = Ends(_plain(flow.source), _plain(flow.target))
    return found


def _plain(node: str) -> str:
    """Return the element a node stands for: flows may lead to a helper in front of it."""
    return node.partition("[")[0]
