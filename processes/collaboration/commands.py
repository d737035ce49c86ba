"""What people may do to a project beside completing forms: cancel it, withdraw it from approval, remind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine import clock, commands, due, jobs, notices
from engine.directory import Actor
from engine.errors import Forbidden, InvalidInput, Refused
from engine.runtime import Engine
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import approvals, projects
from processes.collaboration.projects import Project
from processes.collaboration.tables import approval
from processes.collaboration.telling import link_to

REMIND_EVERY = timedelta(hours=1)


def may_withdraw(uow: UnitOfWork, actor: Actor, found: Project) -> bool:
    """Say whether the actor may withdraw the project from its approval: who filed or leads it."""
    undecided = approvals.open_of_project(uow, found.id) is not None
    return undecided and actor.id in (found.applicant, found.lead)


def may_cancel(actor: Actor, found: Project) -> bool:
    """Say whether the actor may cancel: before approval who filed or leads it, later management (F21)."""
    ended = any((found.closed_at, found.rejected_at, found.cancelled_at))
    if ended:
        return False
    own = found.approved_at is None and actor.id in (found.applicant, found.lead)
    return own or actor.has("management")


def withdraw_approval(engine: Engine, actor: Actor, project_id: int, *, command_id: str) -> None:
    """Take a project back from its approval before it is decided; it returns to its form."""

    def carry_out(uow: UnitOfWork) -> dict[str, Any]:
        found = projects.get(uow, project_id)
        if not may_withdraw(uow, actor, found):
            raise Forbidden(T("只有申请人可以撤回，且须在审批结束之前"), project=project_id)
        row = approvals.open_of_project(uow, project_id)
        assert row is not None
        jobs.add_message(uow, clock.now(), "withdraw", row["id"], {})
        return {}

    commands.once(engine.database, command_id, actor, carry_out)
    due.drain(engine)


def cancel_project(engine: Engine, actor: Actor, project_id: int, reason: str, *, command_id: str) -> None:
    """End a project for good, with everything that is open in it; needs a reason."""
    if not reason.strip():
        raise InvalidInput(T("请写明原因"), {"reason": T("请写明原因")})

    def carry_out(uow: UnitOfWork) -> dict[str, Any]:
        found = projects.get(uow, project_id)
        if not may_cancel(actor, found):
            raise Forbidden(T("立项批准前由申请人终止，批准后由管理层终止"), project=project_id)
        projects.change(uow, project_id, cancel_reason=reason.strip())
        jobs.add_message(uow, clock.now(), "cancel_project", project_id, {})
        return {}

    commands.once(engine.database, command_id, actor, carry_out)
    due.drain(engine)


def remind_approvers(engine: Engine, actor: Actor, project_id: int) -> None:
    """Remind whom the approval waits for; the applicant may do so once an hour (催办)."""
    with engine.database.write() as uow:
        found = projects.get(uow, project_id)
        row = approvals.open_of_project(uow, project_id)
        if row is None or actor.id not in (found.applicant, found.lead):
            raise Forbidden(T("只有申请人可以催办进行中的审批"), project=project_id)
        now = clock.now()
        if row["reminded_at"] is not None and now - row["reminded_at"] < REMIND_EVERY:
            raise Refused(T("一小时内已催办过，请稍后再试"), project=project_id)
        message = T("{who}催办：请审批“{project}”", who=actor.name, project=found.title)
        waiting = approvals.pending(uow, row["id"])
        notices.tell(uow, waiting, message, now, found.subject, found.instance, link_to(found))
        uow.execute(sa.update(approval).where(approval.c.id == row["id"]).values(reminded_at=now))
