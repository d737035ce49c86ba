"""Activities that were done before the new version could undo them: nothing says what there is to undo."""

from __future__ import annotations

from engine import history, replay
from engine.instances import Instance
from engine.migration.compensations import opens
from engine.migration.mapping import ElementMap
from engine.migration.reasons import Reason
from engine.replay import Spot
from engine.spiff.parser.model import NodeDef
from engine.spiff.program import Program
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.store.database import UnitOfWork


def late_handlers(map: ElementMap, uow: UnitOfWork, found: Instance) -> list[Reason]:
    """Return a reason for each activity that gains a handler and has been done; asks the history."""
    gained = {
        (spec.process_id, node.id)
        for spec in map.old.specs.values()
        for node in spec.definition.nodes.values()
        if not _undoable(map.old, spec, node) and _gains(map, spec.process_id, node.id)
    }
    if not gained:
        return []
    done = replay.fold(history.iterate(uow, found.id)).done
    own = found.process_id
    late = [(p, id) for p, id in sorted(gained) if Spot(id, "" if p == own else p) in done]
    return [Reason.at("handler", None, id, map.old.processes[p][id].name) for p, id in late]


def _gains(map: ElementMap, process: str, id: str) -> bool:
    there = map.element(process, id) or ""
    return any(
        _undoable(map.new, spec, spec.definition.nodes[there])
        for spec in map.new.specs.values()
        if spec.process_id == process and there in spec.definition.nodes
    )


def _undoable(program: Program, spec: ScopeSpec, node: NodeDef) -> bool:
    """Whether an activity has a handler, or an event sub-process inside that undoes it."""
    inside = program.specs.get(opens(spec.process_id, node))
    return node.handler is not None or (inside is not None and inside.undoing is not None)
