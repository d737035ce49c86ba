"""F09, the daily update of a task: the only place where status and percent are written (R33, R34)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from forms.fields.file import files_of
from processes.collaboration import fetch, filing, people, projects, table2, tasks, unlocking
from processes.collaboration.tables import progress
from processes.collaboration.telling import tell
from processes.collaboration.values import (
    day_or_none,
    local,
    local_or_none,
    moment,
    moment_or_none,
    text,
)

DONE, BLOCKED, WAITING, WORKING = "已完成", "受阻", "未开始", "进行中"


def _task(ctx: StepContext) -> fetch.Row:
    return tasks.get(ctx.uow, ctx.variables["task"])


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Start with yesterday's values, so that no change is one click."""
    row = _task(ctx)
    before = tasks.last_update(ctx.uow, row["id"])
    blocked = before if before is not None and row["status"] == BLOCKED else None
    due = local(row["end_at"]).replace("T", " ")[:16] if row["end_at"] else tasks.due_day(row).isoformat()
    return {
        "task_name": row["name"],
        "plan_end": due,
        "standard": table2.standard_rows(tasks.standards(ctx.uow, row["project"]).get(row["id"], [])),
        "status": row["status"] if row["status"] != WAITING else WORKING,
        "percent": row["percent"],
        "last_percent": row["percent"],
        "block_reason": blocked["block_reason"] if blocked else None,
        "expected_resolution": local_or_none(blocked["expected_resolution"]) if blocked else None,
        "forecast_end": row["forecast_end"].isoformat() if row["forecast_end"] else None,
        "risk_level": row["risk_level"],
        "risk_note": row["risk_note"],
        "key_result": tasks.needs_confirmation(row),
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Status, percent and their reasons fit together, and nothing binding is still open."""
    row, status, percent = _task(ctx), values["status"], int(values["percent"])
    wrong: dict[str, T] = {}
    if (status == DONE) != (percent == 100):
        wrong["percent"] = T("已完成的任务应为 100%，100% 的任务应为已完成")
    if status == WAITING and row["started_at"] is not None:
        wrong["status"] = T("任务已开始，不能改回未开始")
    if percent < row["percent"] and not text(values.get("note")):
        wrong["note"] = T("百分比降低时请说明原因")
    if status == BLOCKED:
        wrong |= _block_problems(ctx, values)
    if status == DONE:
        wrong |= _done_problems(ctx, row, values)
    return wrong


def _block_problems(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    wrong: dict[str, T] = {}
    if not text(values.get("block_reason")):
        wrong["block_reason"] = T("受阻时请写明原因")
    expected = values.get("expected_resolution")
    if not expected or moment(expected) <= ctx.now:
        wrong["expected_resolution"] = T("请填写将来的预计解决时间")
    return wrong


def _done_problems(ctx: StepContext, row: fetch.Row, values: dict[str, Any]) -> dict[str, T]:
    waiting = tasks.blocking_end(ctx.uow, row["id"])
    if waiting:
        names = "、".join(before["name"] for before in waiting)
        return {"status": T("还要等这些任务确认后才能完成：{tasks}", tasks=names)}
    if tasks.needs_confirmation(row) and not files_of(values.get("evidence") or []):
        return {"evidence": T("关键成果完成时请上传成果文件")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the update; the first one that is not 未开始 starts the task."""
    row = _task(ctx)
    _write_progress(ctx, row, values)
    facts = {
        "status": values["status"],
        "percent": int(values["percent"]),
        "risk_level": values.get("risk_level") or row["risk_level"],
        "risk_note": text(values.get("risk_note")) or row["risk_note"],
        "forecast_end": day_or_none(values.get("forecast_end")),
        "reported_at": ctx.now if values["status"] == DONE else None,
    }
    begins = row["started_at"] is None and values["status"] != WAITING
    if begins:
        facts["started_at"] = ctx.now
    tasks.change(ctx.uow, row["id"], **facts)
    if begins:
        unlocking.release_successors(ctx, row["id"])
    if values["status"] == BLOCKED and row["status"] != BLOCKED:
        _report_block(ctx, row, values)
    filing.keep_evidence(ctx, row, files_of(values.get("evidence") or []))
    return {}


def _write_progress(ctx: StepContext, row: fetch.Row, values: dict[str, Any]) -> None:
    fetch.insert(
        ctx.uow,
        progress,
        task=row["id"],
        at=ctx.now,
        person=ctx.actor.id,
        status=values["status"],
        percent=int(values["percent"]),
        note=text(values.get("note")),
        block_reason=text(values.get("block_reason")),
        expected_resolution=moment_or_none(values.get("expected_resolution")),
        forecast_end=day_or_none(values.get("forecast_end")),
        risk_level=values.get("risk_level"),
        risk_note=text(values.get("risk_note")),
        evidence=files_of(values.get("evidence") or []),
    )


def _report_block(ctx: StepContext, row: fetch.Row, values: dict[str, Any]) -> None:
    """Tell lead and first-responsible at once that a task is blocked (R34)."""
    found = projects.get(ctx.uow, row["project"])
    first = people.first_responsible_of(ctx.uow, found.id, row["dept"])
    message = T("“{task}”受阻：{reason}", task=row["name"], reason=values["block_reason"])
    tell(ctx, [found.lead, first], message)
