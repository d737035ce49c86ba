"""Logs of what could be undone, in the words of the new version (BPMN 2.0.2 §13.5.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.migration.mapping import ElementMap
from engine.spiff.compensation import RUNS
from engine.spiff.parser.model import NodeDef
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.specs.undoing import LOG

Json = Any
Entry = dict[str, Json]
Refuse = Callable[[str, str], None]
"""Called with the code of a reason and the old element it is about."""


def opens(process: str, node: NodeDef) -> str:
    """Return the key of the scope that a sub-process or call of a process opens."""
    return node.called or f"{process}/{node.id}"


class Logs:
    """Translates entries and jobs of the scopes of one instance."""

    def __init__(self, map: ElementMap, refuse: Refuse) -> None:
        self._map = map
        self._refuse = refuse

    def log(self, entries: list[Entry], scope: str) -> list[Entry]:
        """Return the log of the scope with an old key."""
        return [self._entry(entry, scope) for entry in entries]

    def run(self, run: Entry, scope: str) -> Entry:
        """Return what is kept of one run of a sub-process, whose scope has an old key."""
        return {**run, LOG: self.log(run[LOG], scope)}

    def job(self, job: Entry, scope: str) -> Entry:
        """Return something still to be undone in the scope with an old key."""
        activity = self._activity(job["activity"], scope, has_runs=LOG in job)
        inner = self._inner(job["activity"], scope)
        return {**(self.run(job, inner) if LOG in job else job), "activity": activity}

    def _entry(self, entry: Entry, scope: str) -> Entry:
        activity = self._activity(entry["activity"], scope, has_runs=RUNS in entry)
        found: Entry = {**entry, "activity": activity}
        if RUNS in entry:
            inner = self._inner(entry["activity"], scope)
            found[RUNS] = [self.run(run, inner) for run in entry[RUNS]]
        return found

    def _activity(self, activity: str, scope: str, *, has_runs: bool) -> str:
        process = scope.partition("/")[0]
        old = self._map.old.specs[scope].definition.nodes[activity]
        new = self._node(process, activity, scope)
        if new is None:
            self._refuse("handler", activity)
            return activity
        if not self._alike(process, old, new, has_runs=has_runs):
            self._refuse("handler", activity)
        return new.id

    def _alike(self, process: str, old: NodeDef, new: NodeDef, *, has_runs: bool) -> bool:
        """Whether what undoes an activity in the new version stands for what did in the old one."""
        handler = None if old.handler is None else self._map.element(process, old.handler)
        if new.handler != handler or (old.handler is not None and handler is None):
            return False
        if not has_runs:
            return True
        if (old.body is None) != (new.body is None) or old.called != new.called:
            return False
        before = self._map.old.specs[opens(process, old)]
        after = self._map.new.specs[opens(process, new)]
        return self._undoing(before, before.process_id) == self._undoing(after)

    def _undoing(self, spec: ScopeSpec, process: str | None = None) -> str | None:
        """Return the event sub-process that undoes a scope, an old one of a process by its new name."""
        if spec.undoing is None:
            return None
        return spec.undoing.name if process is None else self._map.name(process, spec.undoing.name)

    def _inner(self, activity: str, scope: str) -> str:
        """Return the old key of the scope that an activity of a scope opens."""
        return opens(scope.partition("/")[0], self._map.old.specs[scope].definition.nodes[activity])

    def _node(self, process: str, activity: str, scope: str) -> NodeDef | None:
        there, id = self._map.scope(scope), self._map.element(process, activity)
        spec = self._map.new.specs.get(there or "")
        return None if spec is None or id is None else spec.definition.nodes.get(id)
