"""Joint acceptance: opening rounds, rework of what failed, the certificate and the project's end."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import acceptances, baselines, fetch, people, projects, tasks
from processes.collaboration.tables import acceptance_round, certificate, certificate_signature
from processes.collaboration.telling import tell

REWORK_DAYS = 3
"""Working days a correction has when none was set."""


def open_round(ctx: StepContext) -> dict[str, Any]:
    """Make the sheet of the next round and ask the judging departments (R43, D20)."""
    found = projects.of(ctx)
    count, depts = acceptances.open_round(ctx.uow, found, ctx.now)
    projects.change(ctx.uow, found.id, rework_at=None)
    for dept in depts:
        ctx.grant(found.subject, f"user:{people.judge_of(ctx.uow, found, dept)}")
    return {"judging_depts": depts, "round": count}


def conclude_round(ctx: StepContext) -> dict[str, Any]:
    """Write what the round concludes; unless it passed the project is being corrected."""
    found = projects.of(ctx)
    last = acceptances.current(ctx.uow, found.id)
    conclusion = acceptances.conclusion(acceptances.items(ctx.uow, last["id"]))
    values = {"conclusion": conclusion, "concluded_at": ctx.now}
    ctx.uow.execute(sa.update(acceptance_round).where(acceptance_round.c.id == last["id"]).values(**values))
    if conclusion != acceptances.PASSED:
        projects.change(ctx.uow, found.id, rework_at=ctx.now)
    told = [found.lead, *people.first_responsibles(ctx.uow, found.id)]
    message = T(
        "“{project}”第{n}轮验收：{conclusion}",
        project=found.title,
        n=last["number"],
        conclusion=T(conclusion),
    )
    tell(ctx, told, message)
    return {}


def escalate_acceptance(ctx: StepContext) -> dict[str, Any]:
    """Tell management that the third round, or a later one, has not passed."""
    found = projects.of(ctx)
    count = len(acceptances.rounds(ctx.uow, found.id))
    message = T("“{project}”第{n}轮验收仍未通过，请介入", project=found.title, n=count)
    tell(ctx, people.managers(ctx.uow), message)
    ctx.record("acceptance.escalated", {"round": count})
    return {}


def start_rework(ctx: StepContext) -> dict[str, Any]:
    """Send the tasks of failed criteria back to work, each as a new linked process (Q9)."""
    found = projects.of(ctx)
    last = acceptances.current(ctx.uow, found.id)
    due = {row["owner"]: row["due"] for row in acceptances.corrections(ctx.uow, last["id"])}
    fallback = ctx.calendar.add_working_days(ctx.calendar.local_day(ctx.now), REWORK_DAYS)
    for task_id in acceptances.failed_tasks(ctx.uow, found):
        row = tasks.get(ctx.uow, task_id)
        _reopen(ctx, row, due.get(row["owner"], fallback))
        variables = {"project": found.id, "task": task_id}
        ctx.start("task_execution", variables, key=tasks.number(found.key, row), kind="rework")
    return {}


def _reopen(ctx: StepContext, row: fetch.Row, due: Any) -> None:
    tasks.change(
        ctx.uow,
        row["id"],
        status="进行中",
        percent=min(row["percent"], tasks.UNCONFIRMED),
        reported_at=None,
        confirmed_at=None,
        rework=row["rework"] + 1,
        rework_open=True,
        rework_due=due,
    )
    tell(ctx, [row["owner"]], T("“{task}”验收未通过，请整改", task=row["name"]))


def prepare_certificate(ctx: StepContext) -> dict[str, Any]:
    """Issue the certificate that every first-responsible and the initiator sign (R44, Q8)."""
    found = projects.of(ctx)
    newest = baselines.latest(ctx.uow, found.id)
    last = acceptances.current(ctx.uow, found.id)
    certificate_id = fetch.insert(
        ctx.uow,
        certificate,
        project=found.id,
        number=f"{found.key}-YS{last['number']:02d}",
        round=last["id"],
        baseline=newest["version"] if newest is not None else 0,
        remain=[],
        issued_at=ctx.now,
    )
    signatories = _signatories(ctx)
    for person, depts in signatories.items():
        query = sa.insert(certificate_signature)
        ctx.uow.execute(query.values(certificate=certificate_id, person=person, depts=depts))
    return {"signatories": list(signatories)}


def _signatories(ctx: StepContext) -> dict[int, list[str]]:
    """Return who signs, and for which departments."""
    found = projects.of(ctx)
    signing: dict[int, list[str]] = {}
    for dept in projects.departments(ctx.uow, found.id):
        signing.setdefault(people.first_responsible_of(ctx.uow, found.id, dept), []).append(dept)
    own = signing.setdefault(found.lead, [])
    if found.initiating_dept is not None and found.initiating_dept not in own:
        own.append(found.initiating_dept)
    return signing


def end_project(ctx: StepContext) -> dict[str, Any]:
    """Note the project's end: the moment of the last required signature (Q4)."""
    found = projects.of(ctx)
    projects.change(ctx.uow, found.id, ended_at=ctx.now)
    message = T("“{project}”已通过验收，请提交资料并准备复盘", project=found.title)
    tell(ctx, projects.team(ctx.uow, found.id), message)
    return {"archive_depts": projects.departments(ctx.uow, found.id)}


SERVICES = {
    "open_round": open_round,
    "conclude_round": conclude_round,
    "escalate_acceptance": escalate_acceptance,
    "start_rework": start_rework,
    "prepare_certificate": prepare_certificate,
    "end_project": end_project,
}
