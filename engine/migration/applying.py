"""Migrating instances: each in one transaction of its own, or only tried and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine import definitions, instances, policy, replay, rows
from engine.definitions import Definition
from engine.directory import Actor
from engine.errors import InvalidInput, Refused, WuxingError
from engine.instances import Instance
from engine.migration.arming import arm, rekey, wake
from engine.migration.handlers import late_handlers
from engine.migration.joins import starved
from engine.migration.mapping import ElementMap
from engine.migration.reasons import Reason
from engine.migration.report import Report, Verdict
from engine.migration.translation import Translation, translate
from engine.migration.waits import Waits
from engine.runtime import Engine
from engine.spiff.instance import LiveInstance, Standing
from engine.spiff.port import ScopeRow, TokenRow
from engine.spiff.private import READY
from engine.step import Step
from engine.store.database import UnitOfWork
from engine.store.tables import instance, job
from engine.store.types import dump_json
from engine.text import T

Json = Any
PENDING = ("continue", "receive")
"""Jobs that will move tokens at once: what they are about to do was decided under the old version."""


class _TakenBack(Exception):
    """Ends the transaction of a trial without a trace."""


def migrate(
    engine: Engine,
    actor: Actor,
    process_id: str,
    *,
    old: int,
    new: int,
    mapping: Mapping[str, str] | None = None,
    only: Sequence[int] | None = None,
    dry_run: bool = False,
) -> Report:
    """Migrate the running instances of version `old` to version `new`, each for itself.

    `mapping` names new ids for old ones, `a` or `process/a`; an empty new id says that the element
    has gone. `only` picks instances. One that cannot be migrated exactly stays as it is and its
    verdict says why. With `dry_run` nothing changes: each is migrated and taken back. Raises
    `Forbidden`, `NotFound` for a version, `InvalidInput` for a mapping that names what is not there.
    """
    policy.require_migrator(actor)
    with engine.database.read() as uow:
        before = definitions.find_version(uow, process_id, old)
        after = definitions.find_version(uow, process_id, new)
        if before.id == after.id:
            raise InvalidInput(T("两个版本是同一个"), {"to": T("两个版本是同一个")})
        map = ElementMap(
            definitions.program(engine, uow, before), definitions.program(engine, uow, after), mapping
        )
        chosen, unseen = _chosen(uow, actor, before, only)
    verdicts = [_one(engine, actor, id, before, after, map, dry_run=dry_run) for id in chosen]
    return Report(process_id, old, new, dry_run, map.changed(), tuple(verdicts), unseen)


def _chosen(
    uow: UnitOfWork, actor: Actor, before: Definition, only: Sequence[int] | None
) -> tuple[list[int], int]:
    """Return the running instances of a version that the actor may see, and how many they may not."""
    running = sa.select(instance.c.id).where(
        instance.c.definition == before.id, instance.c.state.not_in(instances.ENDED)
    )
    if only is not None:
        running = running.where(instance.c.id.in_(only))
    found = [row[0] for row in uow.execute(running.order_by(instance.c.id))]
    seen = [id for id in found if policy.may_see_instance(uow, actor, instances.get(uow, id))]
    return seen, len(found) - len(seen)


def _one(
    engine: Engine,
    actor: Actor,
    id: int,
    before: Definition,
    after: Definition,
    map: ElementMap,
    *,
    dry_run: bool,
) -> Verdict:
    verdict = Verdict(id)
    try:
        with engine.database.write(behind=True) as uow:
            _Migration(engine, uow, actor, before, after, map, verdict).run(id)
            if dry_run or verdict.reasons:
                raise _TakenBack
    except _TakenBack:
        return verdict
    except WuxingError as error:
        verdict.reasons.append(Reason(error.code, error.text, None, error.ids.get("element")))
    return verdict


class _Migration:
    """The migration of one instance within a unit of work; the verdict is filled as it goes."""

    def __init__(
        self,
        engine: Engine,
        uow: UnitOfWork,
        actor: Actor,
        before: Definition,
        after: Definition,
        map: ElementMap,
        verdict: Verdict,
    ) -> None:
        self.engine, self.uow, self.actor = engine, uow, actor
        self.before, self.after, self.map = before, after, map
        self.verdict = verdict

    def run(self, id: int) -> None:
        """Migrate, unless there is a reason not to."""
        found = instances.lock(self.uow, id)
        self._require_rest(found)
        tokens, scopes, variables = rows.read(self.uow, id)
        if any(row.state == READY for row in tokens):
            raise Refused(T("实例正在推进，请稍后再迁移"), instance=id)
        step = Step(self.engine, self.uow, self.actor, found, self.after)
        old = LiveInstance.load(self.map.old, step.host, tokens, scopes, variables, found.next_token)
        self.verdict.key, self.verdict.before = found.key, old.standing()
        there = translate(self.map, tokens, scopes)
        self.verdict.reasons += there.reasons or self._doubts(found, tokens, scopes, there)
        if self.verdict.reasons:
            return
        nodes = {row.id: old.state.tokens[row.id].task_spec for row in tokens}
        step.live = LiveInstance.load(
            self.map.new, step.host, there.tokens.values(), there.scopes.values(), variables, found.next_token
        )
        self._rewrite(found, there, {row.id: row for row in tokens})
        waits = Waits(step, nodes)
        waits.carry(there)
        self.verdict.reasons += waits.reasons
        arm(step.live, self.map)
        rekey(step.live)
        wake(step.live, there.woken)
        self.verdict.after = step.live.standing()
        self._record(step)
        step.advance()
        step.close()

    def _require_rest(self, found: Instance) -> None:
        """Refuse an instance that has changed since, rests, or is about to move."""
        if found.is_ended or found.definition != self.before.id:
            raise Refused(T("实例已结束，或已不在这个版本上"), instance=found.id)
        if found.state == "suspended":
            raise Refused(T("实例已暂停，恢复后再迁移"), instance=found.id)
        pending = sa.select(job.c.id).where(
            job.c.instance == found.id, job.c.kind.in_(PENDING), job.c.state.in_(("due", "paused"))
        )
        if self.uow.execute(pending).first() is not None:
            raise Refused(T("实例正在推进，请稍后再迁移"), instance=found.id)

    def _doubts(
        self, found: Instance, tokens: list[TokenRow], scopes: list[ScopeRow], there: Translation
    ) -> list[Reason]:
        hungry = starved(self.map, tokens, {row.id: row for row in scopes}, there)
        return hungry + late_handlers(self.map, self.uow, found)

    def _rewrite(self, found: Instance, there: Translation, before: dict[int, TokenRow]) -> None:
        """Write the rows that differ; the instance belongs to the new version from here on."""
        uow, id = self.uow, found.id
        uow.change("update instance set definition = ? where id = ?", (self.after.id, id))
        found.definition = self.after.id
        uow.sql_many(
            "update token set parent = ?, spec = ?, internal = ? where instance = ? and id = ?",
            [
                (row.parent, row.spec, dump_json(row.internal), id, row.id)
                for row in there.tokens.values()
                if row != before[row.id]
            ],
        )
        uow.sql_many(
            "delete from token where instance = ? and id = ?", [(id, token) for token in there.dropped]
        )
        uow.sql_many(
            "update scope set spec = ?, extra = ? where instance = ? and id = ?",
            [(row.spec, dump_json(row.extra), id, row.id) for row in there.scopes.values()],
        )

    def _record(self, step: Step) -> None:
        """Add the event: from which version to which, and where the tokens stood before and after."""
        body = {
            "process": step.instance.process_id,
            "mapping": self.map.changed(),
            "before": _told(self.before, self.verdict.before),
            "after": _told(self.after, self.verdict.after),
        }
        step.chain.append("instance.migrated", self.actor, step.now, body)


def _told(found: Definition, standing: Sequence[Standing]) -> dict[str, Json]:
    tokens = [replay.place_row(*each, own=found.process_id) for each in standing]
    return {"definition": found.id, "version": found.version, "hash": found.hash, "tokens": tokens}
