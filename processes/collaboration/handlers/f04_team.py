"""F04, the first-responsible appoints the department's executors; nobody else may (R11)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.errors import Refused
from engine.text import T
from processes.collaboration import people, projects, teams
from processes.collaboration.values import person_ids, text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Start with the proposed key executors."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    row = teams.department(ctx.uow, found.id, dept)
    key = teams.key_executors(ctx.uow, found.id, dept)
    return {
        "dept": dept,
        "first_responsible": row["first_responsible"],
        "executors": [one["person"] for one in projects.executors(ctx.uow, found.id, dept)],
        "key_executors": key,
        "duty": row["duty"],
        "deputy": row["deputy"],
        "contact": row["contact"],
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Executors belong to the department; key executors are among them."""
    dept = ctx.variables["dept"]
    wrong = teams.outside(ctx.uow, dept, values, ("executors", "deputy", "key_executors"))
    if not set(person_ids(values.get("key_executors"))) <= set(person_ids(values.get("executors"))):
        wrong["key_executors"] = T("关键执行人要先列在执行人里")
    return wrong


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Appoint the executors in the name of the first-responsible."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    if ctx.actor.id != people.first_responsible_of(ctx.uow, found.id, dept):
        raise Refused(T("只有{dept}的第一负责人可以任命执行人", dept=dept))
    persons = person_ids(values["executors"])
    teams.appoint(ctx, found, dept, persons, person_ids(values.get("key_executors")))
    facts = {"duty": text(values.get("duty")), "contact": text(values.get("contact"))}
    teams.change(ctx.uow, found.id, dept, **facts, deputy=values.get("deputy"), appointed_at=ctx.now)
    return {}
