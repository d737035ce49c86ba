"""F15, one department judges its rows of the acceptance sheet against the standards (R43, D20)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import acceptances, fetch, projects, tasks
from processes.collaboration.acceptances import verdict
from processes.collaboration.tables import acceptance_item, acceptance_round, correction
from processes.collaboration.values import day, text

Rows = list[dict[str, Any]]


def _own_items(ctx: StepContext) -> list[fetch.Row]:
    last = acceptances.current(ctx.uow, projects.of(ctx).id)
    return acceptances.items(ctx.uow, last["id"], ctx.variables["dept"])


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show the rows this department judges."""
    found = projects.of(ctx)
    call = acceptances.latest_call(ctx.uow, found.id)
    names = {row["id"]: row["name"] for row in tasks.of_project(ctx.uow, found.id)}
    kept = ("id", "criterion", "operator", "target", "unit", "dept")
    return {
        "round": acceptances.current(ctx.uow, found.id)["number"],
        "dept": ctx.variables["dept"],
        "date": call["date"].isoformat() if call is not None else None,
        "method": call["method"] if call is not None else None,
        "participants": call["participants"] if call is not None else None,
        "items": [
            {**{key: row[key] for key in kept}, "task": names.get(row["task"], found.title)}
            for row in _own_items(ctx)
        ],
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Every row is judged by somebody else than its owner; changed verdicts and failures are explained."""
    own = {row["id"]: row for row in _own_items(ctx)}
    rows = values.get("items") or []
    if {int(row["id"]) for row in rows if row.get("id")} != set(own):
        return {"items": T("验收表的每一行都要判定")}
    wrong: dict[str, T] = {}
    for place, row in enumerate(rows):
        wrong |= _row_problems(ctx, own[int(row["id"])], row, f"items-{place}")
    failed = any(_passes(own[int(row["id"])], row) is False for row in rows)
    if not wrong and failed and not values.get("correction"):
        wrong["correction"] = T("有未通过的项，请写明整改要求")
    return wrong


def _row_problems(ctx: StepContext, item: fetch.Row, row: dict[str, Any], path: str) -> dict[str, T]:
    measured = verdict(item["operator"], item["target"], row.get("actual"))
    judged = row.get("pass")
    if item["task"] and tasks.get(ctx.uow, item["task"])["owner"] == ctx.actor.id:
        return {f"{path}-pass": T("这是您自己的成果，不能由您验收")}
    if measured is None and judged is None:
        return {f"{path}-pass": T("请判定是否通过")}
    if None not in (measured, judged) and measured != judged and not text(row.get("override_reason")):
        return {f"{path}-override_reason": T("改判与数值不符，请写明理由")}
    return {}


def _passes(item: fetch.Row, row: dict[str, Any]) -> bool:
    """Return the verdict on a row: the person's, else what the numbers say."""
    if row.get("pass") is not None:
        return bool(row["pass"])
    return bool(verdict(item["operator"], item["target"], row.get("actual")))


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write verdicts, corrections and problems of this department."""
    own = {row["id"]: row for row in _own_items(ctx)}
    for row in values["items"]:
        _write_verdict(ctx, own[int(row["id"])], row)
    last = acceptances.current(ctx.uow, projects.of(ctx).id)
    _write_corrections(ctx, last["id"], values.get("correction") or [])
    noted = text(values.get("problems"))
    if noted:
        problems = "\n".join(part for part in (last["problems"], noted) if part)
        change = sa.update(acceptance_round).where(acceptance_round.c.id == last["id"])
        ctx.uow.execute(change.values(problems=problems))
    return {}


def _write_verdict(ctx: StepContext, item: fetch.Row, row: dict[str, Any]) -> None:
    facts = {
        "actual": text(row.get("actual")),
        "passed": _passes(item, row),
        "override_reason": text(row.get("override_reason")),
        "judged_by": ctx.actor.id,
        "judged_at": ctx.now,
    }
    ctx.uow.execute(sa.update(acceptance_item).where(acceptance_item.c.id == item["id"]).values(**facts))


def _write_corrections(ctx: StepContext, round_id: int, rows: Rows) -> None:
    for row in rows:
        fetch.insert(
            ctx.uow,
            correction,
            round=round_id,
            dept=ctx.variables["dept"],
            item=row["item"].strip(),
            owner=int(row["owner"]),
            due=day(row["due"]),
        )
