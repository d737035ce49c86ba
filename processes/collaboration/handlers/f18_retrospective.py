"""F18, the retrospective report: highlights, problems, measures with owner and date (R47–R51)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import acceptances, archives, fetch, figures, projects
from processes.collaboration.handlers.kickoff_organise import attendees
from processes.collaboration.tables import retrospective
from processes.collaboration.values import local, moment, person_ids, text

LISTS = ("highlights", "problems", "measures")


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show goals against results and the project's figures; continue a returned report."""
    found = projects.of(ctx)
    before = archives.latest_retrospective(ctx.uow, found.id)
    shown = {
        "return_reason": before["comment"] if before is not None else None,
        "goal_vs_actual": goals_and_results(ctx),
        "metrics": figures.retrospective_rows(ctx),
        "time": local(ctx.now),
        "host": found.lead,
        "attendees": attendees(ctx),
    }
    return shown | (report_values(before) if before is not None else {})


def goals_and_results(ctx: StepContext) -> list[dict[str, Any]]:
    """Return each goal's measure with its target and what the acceptance found."""
    found = projects.of(ctx)
    results = {row["goal"]: row for row in acceptances.latest_results(ctx.uow, found.id) if row["goal"]}
    return [
        {
            "goal": f"{row['statement']}：{row['measure']}",
            "target": f"{row['target']}{row['unit'] or ''}",
            "actual": results[row["id"]]["actual"] if row["id"] in results else None,
        }
        for row in projects.goals(ctx.uow, found.id)
    ]


def report_values(row: fetch.Row) -> dict[str, Any]:
    """Return a written report as the values of its form."""
    kept = ("host", "attendees", "none_reasons", *LISTS)
    return {"time": local(row["time"]), **{key: row[key] for key in kept}}


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """An empty list carries a reason (D20), and the meeting has been held."""
    if moment(values["time"]) > ctx.now:
        return {"time": T("请在会议召开后记录")}
    if any(not values.get(name) for name in LISTS) and not text(values.get("none_reasons")):
        return {"none_reasons": T("有空白的部分，请说明原因")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the report; it waits for its confirmation."""
    fetch.insert(
        ctx.uow,
        retrospective,
        project=projects.of(ctx).id,
        time=moment(values["time"]),
        host=int(values["host"]),
        attendees=person_ids(values["attendees"]),
        highlights=values.get("highlights") or [],
        problems=values.get("problems") or [],
        measures=values.get("measures") or [],
        none_reasons=text(values.get("none_reasons")),
        written_by=ctx.actor.id,
        written_at=ctx.now,
    )
    return {}
