"""The rows of an instance in the words of another version, and the reasons why they have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.migration.compensations import Logs
from engine.migration.mapping import ElementMap
from engine.migration.nodes import unlike
from engine.migration.reasons import Reason
from engine.spiff.compensation import RUN, RUNS
from engine.spiff.port import ROOT_SCOPE, ScopeRow, TokenRow
from engine.spiff.private import WAITING
from engine.spiff.program import Program
from engine.spiff.specs.activities import SubProcess
from engine.spiff.specs.attach import Attach
from engine.spiff.specs.events import HELD, Boundary, Catching
from engine.spiff.specs.gateways import EventGateway, Gather, Joining, Parallel
from engine.spiff.specs.listeners import Listener
from engine.spiff.specs.loops import Loop
from engine.spiff.specs.node import Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.specs.undoing import LOG, QUEUE, Reopened
from engine.spiff.token import FAILED, LISTENING, VIA, WRITERS

Json = Any


@dataclass(slots=True)
class Translation:
    """Rows as the new version has them.

    `dropped` are tokens that only listened, for events that are there no longer; `woken` tokens
    that wait at a join which has lost the flows it still waited for. Good only without `reasons`.
    """

    map: ElementMap
    tokens: dict[int, TokenRow] = field(default_factory=dict)
    scopes: dict[int, ScopeRow] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)
    woken: list[int] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)


def translate(map: ElementMap, tokens: Sequence[TokenRow], scopes: Sequence[ScopeRow]) -> Translation:
    """Return the rows of an instance as the new version of its map has them."""
    return _Translator(map, tokens, scopes).run()


class _Translator:
    def __init__(self, map: ElementMap, tokens: Sequence[TokenRow], scopes: Sequence[ScopeRow]) -> None:
        self.map = map
        self.found = Translation(map)
        self.before = {row.id: row for row in tokens}
        self.scopes = {row.id: row for row in scopes}
        self._seen: set[tuple[str, str | None]] = set()

    def run(self) -> Translation:
        for scope in self.scopes.values():
            self._scope(scope)
        for row in self.before.values():
            if row.scope in self.found.scopes:
                self._token(row)
        self._close_holders()
        self._wake_joins()
        return self.found

    # ------------------------------------------------------------ reasons

    def refuse(self, code: str, token: int | None, element: str, process: str) -> None:
        """Note a reason, once per element."""
        if (code, element) not in self._seen:
            self._seen.add((code, element))
            known = self.map.old.processes.get(process, {}).get(element)
            self.found.reasons.append(Reason.at(code, token, element, known.name if known else ""))

    def _node(self, row: TokenRow) -> Node:
        """Return the old node of a token."""
        return self.map.old.specs[self.scopes[row.scope].spec].task_specs[row.spec]

    def _spec(self, row: TokenRow) -> ScopeSpec:
        """Return the new spec of the scope a token is in."""
        return self.map.new.specs[self.found.scopes[row.scope].spec]

    # ------------------------------------------------------------ scopes

    def _scope(self, row: ScopeRow) -> None:
        old = self.map.old.specs[row.spec]
        key = self.map.scope(row.spec) or ""
        new = self.map.new.specs.get(key)
        element = old.definition.element
        if new is None:
            # The token that holds the scope says why: its element has gone, or calls something else.
            return
        if row.id != ROOT_SCOPE and not _same_frame(old, new, self.map):
            self.refuse("scope", row.id, element, old.process_id)
        self.found.scopes[row.id] = replace(row, spec=key, extra=self._extra(row, old, new))

    def _extra(self, row: ScopeRow, old: ScopeSpec, new: ScopeSpec) -> dict[str, Json]:
        extra, process = dict(row.extra), old.process_id
        logs = self._logs(process, row.id or None)
        if "log" in extra:
            extra["log"] = logs.log(extra["log"], row.spec)
        if extra.get("offers") is not None:
            left = [self.map.name(process, name) for name in extra["offers"]["left"]]
            if any(name not in new.task_specs for name in left):
                self.refuse("scope", row.id, old.definition.element, process)
            extra["offers"] = {**extra["offers"], "left": left}
        if "writers" in extra:
            extra["writers"] = self._writers(extra["writers"], process)
        if "reset" in extra:
            extra["reset"] = self._reset(extra["reset"], old, new)
        # What the data say of keys is asked anew of the new version.
        extra.pop("bound", None)
        for key, values in extra.get("keys", {}).items():
            if not self._still_matched(key, values):
                self.refuse("correlation", None, old.definition.element, process)
        return extra

    def _still_matched(self, key: str, values: dict[str, Json]) -> bool:
        """Whether a value is used as before, or messages are not matched by keys of another name instead."""
        before, after = keys_of(self.map.old), keys_of(self.map.new)
        return after.get(key) == values.keys() if key in after else after.keys() <= before.keys()

    def _reset(self, reset: dict[str, list[str]], old: ScopeSpec, new: ScopeSpec) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, used in reset.items():
            there = self.map.name(old.process_id, name) or ""
            flows = [self.map.flow(old.process_id, flow) for flow in used]
            incoming = new.task_specs[there].incoming if there in new.task_specs else []
            if any(flow not in incoming for flow in flows):
                self.refuse("join", None, old.task_specs[name].element.id, old.process_id)
            found[there] = sorted(flow for flow in flows if flow is not None)
        return found

    def _writers(self, writers: dict[str, list[list[Json]]], process: str) -> dict[str, list[list[Json]]]:
        """Name who wrote variables last as the new version calls them; who has gone keeps the old name."""
        return {
            name: [[number, self.map.element(process, id) or id, *more] for number, id, *more in entries]
            for name, entries in writers.items()
        }

    def _logs(self, process: str, token: int | None) -> Logs:
        return Logs(self.map, lambda code, element: self.refuse(code, token, element, process))

    # ------------------------------------------------------------ tokens

    def _token(self, row: TokenRow) -> None:
        old, spec = self._node(row), self._spec(row)
        process = self.map.old.specs[self.scopes[row.scope].spec].process_id
        name = self.map.name(process, row.spec)
        new = spec.task_specs.get(name or "")
        if self._listens(row, old) and not self._still_listens(row, old, new, process):
            self.found.dropped.append(row.id)
            return
        if isinstance(old, Attach) and self.map.element(process, old.definition.id) and new is None:
            self.found.dropped.append(row.id)
            return
        if new is None:
            self.refuse(self._why_missing(process, old, spec), row.id, old.element.id, process)
            return
        for code in unlike(old, new, row, self.map):
            self.refuse(code, row.id, old.element.id, process)
        internal = self._internal(row, old, new, process)
        self.found.tokens[row.id] = replace(row, spec=new.name, internal=internal)

    def _why_missing(self, process: str, old: Node, spec: ScopeSpec) -> str:
        there = self.map.element(process, old.definition.id.partition("[")[0] or old.element.id)
        if there is None:
            return "gone"
        if there not in spec.definition.nodes:
            return "moved"
        if isinstance(old, Gather):
            return "quantity"
        return "loop" if "[each]" in old.name else "kind"

    def _listens(self, row: TokenRow, old: Node) -> bool:
        if isinstance(old, Listener):
            return FAILED not in row.internal
        return LISTENING in row.internal and FAILED not in row.internal

    def _still_listens(self, row: TokenRow, old: Node, new: Node | None, process: str) -> bool:
        """Whether the event is there still, at the same activity, gateway or scope."""
        if new is None:
            return False
        if isinstance(old, Boundary):
            host = self.map.element(process, old.definition.attached_to or "")
            return isinstance(new, Boundary) and new.definition.attached_to == host
        if isinstance(old, Listener):
            return isinstance(new, Listener)
        parent = self.before.get(row.parent or 0)
        gateway = (
            None
            if parent is None
            else self._spec(row).task_specs.get(self.map.name(process, parent.spec) or "")
        )
        return isinstance(gateway, EventGateway) and any(flow.target is new for flow in gateway.flows)

    # ------------------------------------------------------------ what a token knows

    def _internal(self, row: TokenRow, old: Node, new: Node, process: str) -> dict[str, Json]:
        internal = dict(row.internal)
        if VIA in internal:
            self._way(row, internal, old, new, process)
        logs = self._logs(process, row.id)
        if QUEUE in internal:
            internal[QUEUE] = [logs.job(job, self.scopes[job["scope"]].spec) for job in internal[QUEUE]]
        inner = _key(old)
        if inner is not None and RUN in internal:
            internal[RUN] = logs.run(internal[RUN], inner)
        if inner is not None and RUNS in internal:
            internal[RUNS] = [logs.run(run, inner) for run in internal[RUNS]]
        if isinstance(old, Reopened) and LOG in internal:
            internal[LOG] = logs.log(internal[LOG], old.key)
        if WRITERS in internal:
            internal[WRITERS] = self._writers(internal[WRITERS], process)
        if isinstance(old, Catching) and HELD in internal:
            internal[HELD] = [slot for slot in internal[HELD] if _same_text(old, new, slot)]
        return internal

    def _way(self, row: TokenRow, internal: dict[str, Json], old: Node, new: Node, process: str) -> None:
        """Translate the flow a token came along; only joins and event gateways need to know it."""
        parent = self.before.get(row.parent or 0)
        flow = self.map.flow(process, internal[VIA])
        if isinstance(old, Joining) and row.state == WAITING:
            if flow not in new.incoming or not new.gathers:
                self.refuse("join", row.id, old.element.id, process)
        elif parent is not None and isinstance(self._node(parent), EventGateway) and flow not in new.incoming:
            self.refuse("gateway", row.id, self._node(parent).element.id, process)
        if flow is None:
            del internal[VIA]
        else:
            internal[VIA] = flow

    # ------------------------------------------------------------ holders and joins

    def _close_holders(self) -> None:
        """Hang what a dropped holder held where the holder hung."""
        dropped = set(self.found.dropped)
        for id, row in self.found.tokens.items():
            parent = row.parent
            while parent in dropped:
                parent = self.before[parent].parent
            if parent != row.parent:
                self.found.tokens[id] = replace(row, parent=parent)

    def _wake_joins(self) -> None:
        """Let the last token that came ask again where no flow is left to wait for (§13.4.1)."""
        waiting: dict[tuple[int, str], list[TokenRow]] = {}
        for row in self.found.tokens.values():
            node = self._spec(row).task_specs[row.spec]
            if row.state == WAITING and isinstance(node, Parallel):
                waiting.setdefault((row.scope, row.spec), []).append(row)
        for (_, name), rows in waiting.items():
            incoming = self._spec(rows[0]).task_specs[name].incoming
            if set(incoming) <= {row.internal.get(VIA) for row in rows}:
                self.found.woken.append(max(row.id for row in rows))


def keys_of(program: Program) -> dict[str, set[str]]:
    """Return the properties of each correlation key that messages of a program carry."""
    return {
        key.id: {property for property, _ in key.paths}
        for spec in program.specs.values()
        for node in spec.task_specs.values()
        for trigger in node.triggers
        for key in trigger.keys
    }


def _key(node: Node) -> str | None:
    """Return the key of the scope a node opens, or a loop around it."""
    inner = node.each if isinstance(node, Loop) else node
    return inner.key if isinstance(inner, SubProcess) else None


def _same_text(old: Node, new: Node, slot: int) -> bool:
    """Whether a condition is the one that has been found true; another one is armed anew."""
    return slot < len(new.triggers) and old.triggers[slot].text == new.triggers[slot].text


def _same_frame(old: ScopeSpec, new: ScopeSpec, map: ElementMap) -> bool:
    """Whether an open scope keeps the same data objects, and offers the same activities if ad-hoc."""
    before, after = old.definition.ad_hoc, new.definition.ad_hoc
    if before is not None and after is not None:
        roots = {map.name(old.process_id, node.name) for node in old.roots}
        same = before.sequential == after.sequential and roots == {node.name for node in new.roots}
        return same and (before.condition is None) == (after.condition is None)
    return before is None and after is None and (old.is_process or old.names == new.names)
