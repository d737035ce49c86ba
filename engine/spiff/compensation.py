"""What has been done in a scope and could be undone, newest last (BPMN 2.0.2 §10.7, §13.5.5).

The log of a scope holds one entry per completed activity that has a compensation handler or is a
sub-process or called process with something to undo in it: `activity`, and without a handler its
`runs`, one per instance, each with the log of that run, its data objects (of a called process: its
variables) and the names at its token. When a sub-process ends its log moves into the entry, so nothing
of an ended scope has to be kept but this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spiff.port import Json

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.token import Token

RUN, RUNS, DATA = "run", "runs", "data"

Entry = dict[str, Json]


def keep(token: Token, scope: Scope) -> None:
    """Keep at the token of a sub-process or call what the scope that ends could have undone."""
    if scope.log or scope.spec.undoing is not None:
        run: Entry = {"log": scope.log}
        if scope.variables:
            run[DATA] = dict(scope.variables)
        if token.data:
            run["locals"] = dict(token.data)
        token.note(**{RUN: run})


def gather(loop: Token, instance: Token) -> None:
    """Keep at the token of a loop what one of its instances could have undone."""
    run = instance.internal_data.pop(RUN, None)
    if run is not None:
        names = {**run, "locals": dict(instance.data)}
        loop.note(**{RUNS: [*loop.internal_data.get(RUNS, ()), names]})


def record(token: Token) -> None:
    """Enter an activity that has been completed in the log of its scope, if it can be undone."""
    definition, scope = token.task_spec.definition, token.workflow
    internal = token.internal_data
    runs = internal.get(RUNS) or ([internal[RUN]] if RUN in internal else [])
    if definition.handler is None and not runs:
        return
    entry: Entry = {"activity": definition.id}
    if definition.handler is None:
        entry[RUNS] = runs
    scope.log.append(entry)
    scope.state.journal.touch_scope(scope)


def take(scope: Scope, activity: str) -> list[Entry]:
    """Take from a log what is to be undone: all, or what one activity has done; return the jobs."""
    taken = [entry for entry in scope.log if activity in ("", entry["activity"])]
    if taken:
        scope.log = [entry for entry in scope.log if entry not in taken]
        scope.state.journal.touch_scope(scope)
    return [{**job, "scope": scope.id} for job in jobs(taken)]


def jobs(log: list[Entry]) -> list[Entry]:
    """Return what there is to do for the entries of a log, one thing after another, newest first.

    Each is an activity whose handler has to run, or one run of a sub-process with its own log.
    """
    found: list[Entry] = []
    for entry in reversed(log):
        runs = entry.get(RUNS)
        if runs is None:
            found.append({"activity": entry["activity"]})
        else:
            found += [{"activity": entry["activity"], **run} for run in reversed(runs)]
    return found


def scope_of(token: Token, activity: str) -> Scope:
    """Return the scope whose log a throw event undoes: its own, or from a handler the one around it."""
    scope = token.workflow
    while activity not in scope.spec.task_specs:
        holder = scope.holder
        if holder is None or not holder.task_spec.definition.by_event:
            break
        scope = holder.workflow
    return scope
