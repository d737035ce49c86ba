"""Execution: tasks start, are reminded of, come back and are confirmed (R16, R32–R34)."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import fetch, people, projects, rounds, tasks
from processes.collaboration.tables import confirmation, progress
from processes.collaboration.telling import tell
from processes.collaboration.unlocking import after_confirmation, wake_waiting


def start_tasks(ctx: StepContext) -> dict[str, Any]:
    """Start one linked process per task, each by its own job (D15)."""
    found = projects.of(ctx)
    for row in tasks.of_project(ctx.uow, found.id):
        if row["confirmed_at"] is None:
            _start(ctx, found.key, row, "task")
    return {}


def _start(ctx: StepContext, key: str, row: fetch.Row, kind: str) -> None:
    variables = {"project": row["project"], "task": row["id"]}
    ctx.start("task_execution", variables, key=tasks.number(key, row), kind=kind)


def open_delivery(ctx: StepContext) -> dict[str, Any]:
    """Note that every task is confirmed and ask the initiating department to call the acceptance."""
    found = projects.of(ctx)
    projects.change(ctx.uow, found.id, delivery_at=ctx.now)
    tell(ctx, [found.lead], T("“{project}”的任务已全部确认，请召集联合验收", project=found.title))
    return {}


# ---------------------------------------------------------------- daily rhythm


def remind_updates(ctx: StepContext) -> dict[str, Any]:
    """At the end of a working day remind the owners who have not updated their task (R33)."""
    today = ctx.calendar.local_day(ctx.now)
    if ctx.calendar.is_working_day(today):
        for row in _without_update(ctx, today.isoformat()):
            if rounds.once(ctx, f"task:{row['id']}", "update", today.isoformat()):
                tell(ctx, [row["owner"]], T("请更新“{task}”今天的进度", task=row["name"]))
    wake_waiting(ctx)
    return {}


def escalate_updates(ctx: StepContext) -> dict[str, Any]:
    """On the next working day tell the first-responsibles whose updates were missing (R33)."""
    today = ctx.calendar.local_day(ctx.now)
    if ctx.calendar.is_working_day(today):
        missed = ctx.calendar.add_working_days(today, -1).isoformat()
        for row in _without_update(ctx, missed):
            if rounds.once(ctx, f"task:{row['id']}", "update_missing", missed):
                _tell_first_responsible(ctx, row, T("“{task}”昨天没有更新进度", task=row["name"]))
    wake_waiting(ctx)
    return {}


def _without_update(ctx: StepContext, day: str) -> list[fetch.Row]:
    """Return the tasks in work that had begun by a day and were not updated on it or since (Q11)."""
    found = projects.of(ctx)
    rows = tasks.of_project(ctx.uow, found.id)
    open_ = [row for row in rows if row["released_at"] is not None and row["reported_at"] is None]
    last = _last_updates(ctx, found.id)
    local_day = ctx.calendar.local_day
    return [
        row
        for row in open_
        if _first_update_day(ctx, row).isoformat() <= day
        and (row["id"] not in last or local_day(last[row["id"]]).isoformat() < day)
    ]


def _first_update_day(ctx: StepContext, row: fetch.Row) -> date:
    """Return the day from which a released task is reported: that of its start.

    While it has not started, its planned one, but not the day on which it was released: that may be
    the evening of its predecessor's last day.
    """
    if row["started_at"] is not None:
        return ctx.calendar.local_day(row["started_at"])
    planned: date = row["plan_start"]
    return max(planned, ctx.calendar.add_working_days(ctx.calendar.local_day(row["released_at"]), 1))


def _last_updates(ctx: StepContext, project_id: int) -> dict[int, Any]:
    ids = [row["id"] for row in tasks.of_project(ctx.uow, project_id)]
    query = (
        sa.select(progress.c.task, sa.func.max(progress.c.id).label("latest"))
        .where(progress.c.task.in_(ids))
        .group_by(progress.c.task)
        .subquery()
    )
    rows = ctx.uow.execute(
        sa.select(progress.c.task, progress.c.at).join(query, query.c.latest == progress.c.id)
    )
    return {row[0]: row[1] for row in rows}


# ---------------------------------------------------------------- one task


def _task(ctx: StepContext) -> fetch.Row:
    return tasks.get(ctx.uow, ctx.variables["task"])


def release_task(ctx: StepContext) -> dict[str, Any]:
    """Let the owner begin, and tell owner and receiver."""
    row = _task(ctx)
    tasks.change(ctx.uow, row["id"], released_at=ctx.now, instance=ctx.instance.id)
    receiver = row["receiver"]
    receivers = [people.first_responsible_of(ctx.uow, row["project"], receiver)] if receiver else []
    tell(ctx, [row["owner"]], T("“{task}”可以开始了", task=row["name"]))
    tell(ctx, receivers, T("“{task}”已开始，完成后交给{dept}", task=row["name"], dept=receiver or ""))
    return {}


def warn_owner(ctx: StepContext) -> dict[str, Any]:
    """Warn the owner two working days before the end."""
    row = _task(ctx)
    message = T("“{task}”将于{day}到期", task=row["name"], day=tasks.due_day(row).isoformat())
    tell(ctx, [row["owner"]], message)
    return {}


def remind_due(ctx: StepContext) -> dict[str, Any]:
    """Tell the owner that the task is due."""
    row = _task(ctx)
    tell(ctx, [row["owner"]], T("“{task}”今天到期", task=row["name"]))
    return {}


def report_late(ctx: StepContext) -> dict[str, Any]:
    """Tell the first-responsible that a task is late."""
    row = _task(ctx)
    _tell_first_responsible(ctx, row, T("“{task}”已逾期", task=row["name"]))
    return {}


def _tell_first_responsible(ctx: StepContext, row: fetch.Row, message: T) -> None:
    first = people.first_responsible_of(ctx.uow, row["project"], row["dept"])
    tell(ctx, [first, row["owner"]], message)


def choose_confirmers(ctx: StepContext) -> dict[str, Any]:
    """Ask receiver and initiator to confirm the result; nobody confirms their own (R32, D8)."""
    row = _task(ctx)
    before = tasks.confirmations(ctx.uow, row["id"])
    number = before[0]["round"] + 1 if before else 1
    chosen = people.confirmers_of(ctx.uow, row["id"])
    for person in chosen:
        values = {"task": row["id"], "round": number, "confirmer": person, "asked_at": ctx.now}
        fetch.insert(ctx.uow, confirmation, **values)
        ctx.grant(projects.subject_of(row["project"]), f"user:{person}")
    return {"confirmers": chosen}


def remind_confirmers(ctx: StepContext) -> dict[str, Any]:
    """Remind the confirmers who have not decided."""
    row = _task(ctx)
    asked = tasks.confirmations(ctx.uow, row["id"])
    waiting = [one["confirmer"] for one in asked if one["decision"] is None]
    tell(ctx, waiting, T("请确认“{task}”的成果", task=row["name"]))
    return {}


def return_to_work(ctx: StepContext) -> dict[str, Any]:
    """Take a refused result back into work with the reasons; counts as rework."""
    row = _task(ctx)
    percent = min(row["percent"], tasks.UNCONFIRMED)
    rework = row["rework"] + 1
    tasks.change(ctx.uow, row["id"], status="进行中", percent=percent, reported_at=None, rework=rework)
    given = tasks.confirmations(ctx.uow, row["id"])
    reasons = "；".join(one["comment"] for one in given if one["decision"] == "退回" and one["comment"])
    tell(ctx, [row["owner"]], T("“{task}”的成果被退回：{reasons}", task=row["name"], reasons=reasons))
    rounds.count(ctx, "result", f"task:{row['id']}")
    return {}


def mark_confirmed(ctx: StepContext) -> dict[str, Any]:
    """Note that a task is done for good and let go what waited for it."""
    row = _task(ctx)
    facts = {"confirmed_at": ctx.now, "percent": 100, "status": "已完成", "rework_open": False}
    tasks.change(ctx.uow, row["id"], **facts)
    after_confirmation(ctx, row)
    return {}


SERVICES = {
    "start_tasks": start_tasks,
    "open_delivery": open_delivery,
    "remind_updates": remind_updates,
    "escalate_updates": escalate_updates,
    "release_task": release_task,
    "warn_owner": warn_owner,
    "remind_due": remind_due,
    "report_late": report_late,
    "choose_confirmers": choose_confirmers,
    "remind_confirmers": remind_confirmers,
    "return_to_work": return_to_work,
    "mark_confirmed": mark_confirmed,
}
