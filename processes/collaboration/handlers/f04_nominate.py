"""F04 before the kickoff: the head names the first-responsible and proposes key executors (R10, D7)."""

from __future__ import annotations

from typing import Any

from engine import directory
from engine.context import StepContext
from engine.text import T
from processes.collaboration import kickoffs, people, projects, table1, teams
from processes.collaboration.values import person_ids, text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Propose the head of the department, and show why an earlier nomination was objected to."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    row = teams.department(ctx.uow, found.id, dept)
    meeting = kickoffs.find(ctx.uow, found.id)
    named = row["first_responsible"] or people.head_of(ctx.uow, dept)
    return {
        "dept": dept,
        "project": table1.record_of(ctx.uow, found),
        "objection": meeting["objection_reason"] if meeting and meeting["objection_open"] else None,
        "first_responsible": named,
        "deputy": row["deputy"],
        "key_executors": teams.key_executors(ctx.uow, found.id, dept) or _others(ctx, dept, named),
        "contact": row["contact"],
    }


def _others(ctx: StepContext, dept: str, named: int) -> list[int]:
    """Return the members beside the first-responsible; a department of one has its head twice (D3)."""
    members = [person.id for person in directory.people(ctx.uow, dept=dept)]
    return [one for one in members if one != named] or [named]


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Everybody named belongs to the department; the deputy is somebody else."""
    dept = ctx.variables["dept"]
    wrong = teams.outside(ctx.uow, dept, values, ("first_responsible", "deputy", "key_executors"))
    if values.get("deputy") and values["deputy"] == values["first_responsible"]:
        wrong["deputy"] = T("代理人不能是第一负责人本人")
    if not person_ids(values.get("key_executors")):
        wrong["key_executors"] = T("请至少提出一名关键执行人")
    return wrong


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the nomination; the first-responsible is binding, key executors are proposed."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    teams.change(
        ctx.uow,
        found.id,
        dept,
        first_responsible=int(values["first_responsible"]),
        deputy=values.get("deputy"),
        contact=text(values.get("contact")),
        nominated_by=ctx.actor.id,
        nominated_at=ctx.now,
    )
    teams.propose(ctx, found, dept, person_ids(values["key_executors"]))
    ctx.grant(found.subject, f"user:{int(values['first_responsible'])}")
    if kickoffs.find(ctx.uow, found.id) is not None:
        kickoffs.change(ctx.uow, found.id, objection_open=False)
    return {}
