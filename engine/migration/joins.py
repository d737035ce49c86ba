"""Joins of the new version that would wait for a token which can never come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from engine.migration.mapping import ElementMap
from engine.migration.reasons import Reason
from engine.migration.translation import Translation
from engine.spiff.port import ScopeRow, TokenRow
from engine.spiff.private import LIVE, WAITING
from engine.spiff.program import Program
from engine.spiff.specs.gateways import Parallel
from engine.spiff.specs.reach import sources
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.token import VIA

Starved = set[tuple[str, str, str]]
"""Process, join and flow."""


def starved(
    map: ElementMap, tokens: Iterable[TokenRow], scopes: Mapping[int, ScopeRow], found: Translation
) -> list[Reason]:
    """Return a reason for each parallel join that starves in the new version and did not in the old.

    Such a join has been reached by a token, or can be by one that lives, but on one of its flows
    none waits and none can come on paths that avoid the join.
    """
    before: Starved = set()
    for process, join, flow in _starving(map.old, tokens, scopes):
        before.add((process, map.name(process, join) or "", map.flow(process, flow) or ""))
    after = _starving(map.new, found.tokens.values(), found.scopes)
    joins = sorted({(process, join) for process, join, flow in after - before})
    return [_reason(map, process, join) for process, join in joins]


def _reason(map: ElementMap, process: str, join: str) -> Reason:
    element = map.new.processes[process].get(join)
    return Reason.at("starved", None, join, element.name if element is not None else "")


def _starving(program: Program, tokens: Iterable[TokenRow], scopes: Mapping[int, ScopeRow]) -> Starved:
    standing: dict[int, list[TokenRow]] = {}
    for row in tokens:
        if row.state & LIVE and row.scope in scopes:
            standing.setdefault(row.scope, []).append(row)
    found: Starved = set()
    for scope, rows in standing.items():
        spec = program.specs[scopes[scope].spec]
        for node in spec.task_specs.values():
            if isinstance(node, Parallel) and node.gathers:
                found |= {(spec.process_id, node.name, flow) for flow in _empty(spec, node, rows)}
    return found


def _empty(spec: ScopeSpec, join: Parallel, rows: list[TokenRow]) -> list[str]:
    """Return the flows of a join on which nothing can come though something can on another."""
    arrived = {row.internal.get(VIA) for row in rows if row.spec == join.name and row.state == WAITING}
    names = {row.spec for row in rows if not spec.task_specs[row.spec].watches}
    reaching = _sources(spec, join.definition.id)
    hoped = {flow for flow in join.incoming if flow in arrived or not names.isdisjoint(reaching[flow])}
    return [flow for flow in join.incoming if flow not in hoped] if hoped else []


@lru_cache(maxsize=256)
def _sources(spec: ScopeSpec, join: str) -> Mapping[str, frozenset[str]]:
    return sources(spec.definition, join)
