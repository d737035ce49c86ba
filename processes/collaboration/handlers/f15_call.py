"""Calling the joint acceptance: when, how and with whom (R42)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import acceptances, people, projects, tasks
from processes.collaboration.tables import acceptance_call
from processes.collaboration.telling import tell
from processes.collaboration.values import day, person_ids, text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Propose today, the first-responsibles, and show what will be checked."""
    found = projects.of(ctx)
    names = {row["id"]: row["name"] for row in tasks.of_project(ctx.uow, found.id)}
    sheet = acceptances.next_sheet(ctx.uow, found)
    return {
        "round": len(acceptances.rounds(ctx.uow, found.id)) + 1,
        "date": ctx.calendar.local_day(ctx.now).isoformat(),
        "method": "现场",
        "participants": people.first_responsibles(ctx.uow, found.id),
        "items": [
            {
                "task": names.get(row.get("task"), found.title),
                "criterion": row["criterion"],
                "target": acceptances.target_text(row),
                "dept": row["dept"],
            }
            for row in sheet
        ],
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """The acceptance is not in the past, and every involved department takes part."""
    if day(values["date"]) < ctx.calendar.local_day(ctx.now):
        return {"date": T("验收日期不能早于今天")}
    missing = set(people.first_responsibles(ctx.uow, projects.of(ctx).id)) - set(
        person_ids(values["participants"])
    )
    return {"participants": T("每个参与部门的第一负责人都要参加")} if missing else {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the call and tell the participants."""
    found = projects.of(ctx)
    number = len(acceptances.rounds(ctx.uow, found.id)) + 1
    persons = person_ids(values["participants"])
    row = {
        "project": found.id,
        "number": number,
        "date": day(values["date"]),
        "method": values["method"],
        "participants": persons,
        "problems": text(values.get("problems")),
        "at": ctx.now,
    }
    ctx.uow.execute(sa.insert(acceptance_call).values(**row))
    tell(ctx, persons, T("“{project}”联合验收：{day}", project=found.title, day=str(values["date"])))
    return {}
