"""The named queries that gates ask: facts of the domain tables, one question each (D17)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.handlers import Function
from processes.collaboration import (
    acceptances,
    approvals,
    archives,
    baselines,
    consents,
    kickoffs,
    planning,
    projects,
    tasks,
)
from processes.collaboration.services.closing import retrospective_times
from processes.collaboration.unlocking import rework_complete


def approval_outcome(ctx: StepContext, approval: Any) -> str | None:
    """Return agreed, returned, refused or withdrawn; None while an approval is open (R7)."""
    outcome: str | None = approvals.get(ctx.uow, int(approval))["outcome"]
    return outcome


def approval_settled(ctx: StepContext, approval: Any) -> bool:
    """Say whether an approval needs no further level."""
    return approval_outcome(ctx, approval) is not None


def level_decided(ctx: StepContext, approval: Any) -> bool:
    """Say whether the open level needs no further seat."""
    return approvals.level_decision(ctx.uow, int(approval)) is not None


def seat_settled(ctx: StepContext, seat: Any) -> bool:
    """Say whether nobody is left to sign on a seat."""
    return approvals.seat_settled(ctx.uow, int(seat))


def seat_signer(ctx: StepContext, seat: Any) -> int | None:
    """Return who signs next on a seat."""
    signer = approvals.next_signer(ctx.uow, int(seat))
    return signer.person if signer is not None else None


def nomination_objected(ctx: StepContext, project: Any) -> bool:
    """Say whether the initiating department has just objected to a nomination (Q21)."""
    meeting = kickoffs.find(ctx.uow, int(project))
    return meeting is not None and bool(meeting["objection_open"])


def is_light(ctx: StepContext, project: Any) -> bool:
    """Say whether the kickoff needs no meeting: a light project with the approver's consent (Q14, D14)."""
    found = projects.get(ctx.uow, int(project))
    return found.light and found.light_ok


def kickoff_objections(ctx: StepContext, project: Any) -> list[str]:
    """Return the departments that object to goal, scope or duties (R9)."""
    return kickoffs.objections(ctx.uow, int(project))


def scope_changed(ctx: StepContext, project: Any) -> bool:
    """Say whether resolving the objections changed goal or scope, which needs a new approval."""
    meeting = kickoffs.find(ctx.uow, int(project))
    return meeting is not None and bool(meeting["scope_changed"])


def kickoff_complete(ctx: StepContext, project: Any) -> bool:
    """Say whether Table 1 is approved, every department agrees and Table 2 is published (R7, R9, R12)."""
    return kickoffs.complete(ctx.uow, projects.get(ctx.uow, int(project)))


def plan_problems(ctx: StepContext, project: Any) -> list[dict[str, str]]:
    """Return what the plan lacks and which department has to complete it (R14)."""
    return planning.problems(ctx.uow, projects.get(ctx.uow, int(project)))


def plan_refusals(ctx: StepContext, project: Any) -> list[str]:
    """Return the departments that have not agreed to the plan as it stands."""
    return consents.missing(ctx.uow, int(project))


def baseline_approved(ctx: StepContext, project: Any) -> bool:
    """Say whether the detailed plan is frozen with everybody's consent (R16)."""
    return baselines.approved(ctx.uow, int(project))


def may_start(ctx: StepContext, task: Any) -> bool:
    """Say whether the predecessors of a task let it start (R16, R32, D10)."""
    return tasks.may_start(ctx.uow, ctx.calendar, int(task), ctx.now)


def task_reported_done(ctx: StepContext, task: Any) -> bool:
    """Say whether the owner has reported a task done (R33)."""
    return tasks.get(ctx.uow, task)["reported_at"] is not None


def needs_confirmation(ctx: StepContext, task: Any) -> bool:
    """Say whether a task's result is key and must be confirmed (R32, Q17)."""
    return tasks.needs_confirmation(tasks.get(ctx.uow, task))


def result_confirmed(ctx: StepContext, task: Any) -> bool:
    """Say whether everyone asked in the latest round confirmed the result."""
    given = tasks.confirmations(ctx.uow, int(task))
    return bool(given) and all(row["decision"] == "确认" for row in given)


def result_returned(ctx: StepContext, task: Any) -> bool:
    """Say whether somebody returned the result in the latest round."""
    return any(row["decision"] == "退回" for row in tasks.confirmations(ctx.uow, int(task)))


def task_name(ctx: StepContext, task: Any) -> str:
    """Return the name of a task, by which its work items are told apart."""
    return str(tasks.get(ctx.uow, task)["name"])


def task_time(ctx: StepContext, task: Any, which: str) -> str:
    """Return when a task is warned of, due or late: `warning`, `due`, `late`."""
    return tasks.times(tasks.get(ctx.uow, task), ctx.calendar)[which].isoformat()


def all_confirmed(ctx: StepContext, project: Any) -> bool:
    """Say whether every task is confirmed (R32)."""
    return tasks.all_confirmed(ctx.uow, int(project))


def acceptance_conclusion(ctx: StepContext, project: Any) -> str | None:
    """Return what the latest round concluded: 通过, 部分通过 or 不通过 (R44)."""
    rounds = acceptances.rounds(ctx.uow, int(project))
    return rounds[-1]["conclusion"] if rounds else None


def acceptance_rounds(ctx: StepContext, project: Any) -> int:
    """Return how many rounds of acceptance there have been."""
    return len(acceptances.rounds(ctx.uow, int(project)))


def rework_done(ctx: StepContext, project: Any) -> bool:
    """Say whether no task is being reworked (Q9)."""
    return rework_complete(ctx, int(project))


def certificate_refused(ctx: StepContext, project: Any) -> bool:
    """Say whether somebody refused to sign the newest certificate."""
    return acceptances.refused(ctx.uow, int(project))


def all_signed(ctx: StepContext, project: Any) -> bool:
    """Say whether the newest certificate carries every required signature (R44, Q8)."""
    return acceptances.all_signed(ctx.uow, int(project))


def archive_complete(ctx: StepContext, project: Any) -> bool:
    """Say whether every department's material has been accepted (R46)."""
    return archives.complete(ctx.uow, int(project))


def retrospective_confirmed(ctx: StepContext, project: Any) -> bool:
    """Say whether the retrospective report has been confirmed (R51)."""
    return archives.retrospective_confirmed(ctx.uow, int(project))


def retrospective_time(ctx: StepContext, project: Any, which: str) -> str:
    """Return when the retrospective is reminded of or due: `reminder`, `due` (R47)."""
    return retrospective_times(projects.get(ctx.uow, int(project)), ctx.calendar)[which].isoformat()


QUERIES: dict[str, Function] = {
    call.__name__: call
    for call in (
        approval_outcome,
        approval_settled,
        level_decided,
        seat_settled,
        seat_signer,
        nomination_objected,
        is_light,
        kickoff_objections,
        scope_changed,
        kickoff_complete,
        plan_problems,
        plan_refusals,
        baseline_approved,
        may_start,
        task_reported_done,
        needs_confirmation,
        result_confirmed,
        result_returned,
        task_name,
        task_time,
        all_confirmed,
        acceptance_conclusion,
        acceptance_rounds,
        certificate_refused,
        all_signed,
        archive_complete,
        retrospective_confirmed,
        retrospective_time,
    )
} | {"rework_complete": rework_done}
"""Every query by the name gates use."""
