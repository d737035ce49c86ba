"""F03, the kickoff meeting as it was held (R8, R9)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import kickoffs, projects, table1
from processes.collaboration.handlers.kickoff_organise import meeting_problems
from processes.collaboration.values import local, local_or_none, moment, person_ids, text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Start with the meeting as it was planned."""
    found = projects.of(ctx)
    meeting = kickoffs.meeting(ctx.uow, found.id)
    kept = ("place", "host", "recorder", "attendees", "notes")
    return {
        "project": table1.record_of(ctx.uow, found),
        "approved_at": local_or_none(found.approved_at),
        "time": local(meeting["time"]),
        **{key: meeting[key] for key in kept},
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Heads and key executors of every department were there."""
    return meeting_problems(ctx, values)


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Note that the meeting was held."""
    kickoffs.change(
        ctx.uow,
        projects.of(ctx).id,
        time=moment(values["time"]),
        place=values["place"].strip(),
        host=int(values["host"]),
        recorder=int(values["recorder"]),
        attendees=person_ids(values["attendees"]),
        notes=text(values.get("notes")),
        held_at=ctx.now,
    )
    return {}
