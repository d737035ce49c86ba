"""F17, a department submits its process material, renamed by rule (R45, R46)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from forms.fields.file import files_of
from processes.collaboration import archives, fetch, filing, projects, tasks
from processes.collaboration.tables import archive_submission
from processes.collaboration.values import text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show what is expected of the department, and why an earlier submission came back."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    before = archives.submissions(ctx.uow, found.id).get(dept)
    return {
        "dept": dept,
        "return_reason": before["return_reason"] if before is not None else None,
        "checklist": expected(ctx, dept),
    }


def expected(ctx: StepContext, dept: str) -> list[dict[str, Any]]:
    """Return the material expected of a department: one for each of its key results."""
    rows = tasks.of_project(ctx.uow, projects.of(ctx).id, dept)
    return [
        {"material_type": material_of(row), "source": row["name"]}
        for row in rows
        if tasks.needs_confirmation(row)
    ]


def material_of(row: fetch.Row) -> str:
    """Return the type of material a task most likely leaves, by the words of its name."""
    words = {"设计": "设计稿", "测试": "测试报告", "合同": "合同", "方案": "方案", "数据": "数据"}
    return next((kind for word, kind in words.items() if word in row["name"]), "其他")


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """There are files, or a reason why there are none."""
    if not _files(values) and not text(values.get("none_reason")):
        return {"none_reason": T("没有资料时请说明原因")}
    return {}


def _files(values: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [
        (file, row["material_type"])
        for row in values.get("files") or []
        for file in files_of(row.get("file"))
    ]


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Enter the files under their names by rule and note the submission."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    for file, kind in _files(values):
        filing.keep_material(ctx, found, dept, file, kind)
    fetch.insert(
        ctx.uow,
        archive_submission,
        project=found.id,
        dept=dept,
        none_reason=text(values.get("none_reason")),
        submitted_by=ctx.actor.id,
        submitted_at=ctx.now,
    )
    return {}
