"""Organising the kickoff meeting; the initiator may object to nominations once (R8, Q21)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import kickoffs, people, projects, table1, teams
from processes.collaboration.values import local_or_none, moment, person_ids, text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Propose heads and key executors as attendees and show the nominations."""
    found = projects.of(ctx)
    planned = kickoffs.find(ctx.uow, found.id) or {}
    return {
        "project": table1.record_of(ctx.uow, found),
        "approved_at": local_or_none(found.approved_at),
        "may_object": planned.get("objected_at") is None,
        "nominations": nominations(ctx),
        "time": local_or_none(planned.get("time")),
        "place": planned.get("place"),
        "host": planned.get("host") or found.lead,
        "recorder": planned.get("recorder"),
        "attendees": attendees(ctx),
        "agenda": planned.get("agenda"),
    }


def nominations(ctx: StepContext) -> list[dict[str, Any]]:
    """Return whom each department has nominated."""
    found = projects.of(ctx)
    return [
        {
            "dept": row["dept"],
            "first_responsible": row["first_responsible"],
            "key_executors": teams.key_executors(ctx.uow, found.id, row["dept"]),
        }
        for row in projects.department_rows(ctx.uow, found.id)
    ]


def attendees(ctx: StepContext) -> list[int]:
    """Return who has to come: heads, first-responsibles and key executors of every department (R8)."""
    found = projects.of(ctx)
    invited = [found.lead]
    for row in projects.department_rows(ctx.uow, found.id):
        invited += [people.head_of(ctx.uow, row["dept"]), row["first_responsible"]]
        invited += teams.key_executors(ctx.uow, found.id, row["dept"])
    return [one for one in dict.fromkeys(invited) if one]


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """The meeting is after the approval and nobody who must come is missing."""
    return {} if values.get("objected_depts") else meeting_problems(ctx, values)


def meeting_problems(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Return what is wrong with time and attendees of the kickoff meeting."""
    found, wrong = projects.of(ctx), {}
    if found.approved_at is not None and moment(values["time"]) < found.approved_at:
        wrong["time"] = T("启动会不能早于审批通过的时间")
    missing = kickoffs.absent(ctx.uow, found, person_ids(values["attendees"]))
    if missing:
        wrong["attendees"] = missing[0]
    return wrong


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Plan the meeting, or send the nominations of some departments back."""
    found = projects.of(ctx)
    objected = list(values.get("objected_depts") or [])
    if objected:
        kickoffs.plan_meeting(
            ctx.uow,
            found.id,
            objected_dept="、".join(objected)[:40],
            objection_reason=text(values.get("objection")),
            objected_at=ctx.now,
            objection_open=True,
        )
        return {"nominating_depts": objected}
    kickoffs.plan_meeting(
        ctx.uow,
        found.id,
        time=moment(values["time"]),
        place=values["place"].strip(),
        host=int(values["host"]),
        recorder=int(values["recorder"]),
        attendees=person_ids(values["attendees"]),
        agenda=text(values.get("agenda")),
    )
    return {}
