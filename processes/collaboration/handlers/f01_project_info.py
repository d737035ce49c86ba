"""F01, the project information form: filed by the initiating department for approval (R6)."""

from __future__ import annotations

import re
from typing import Any

from engine import directory
from engine.context import StepContext
from engine.text import T
from processes.collaboration import kickoffs, projects, table1
from processes.collaboration.projects import Project
from processes.collaboration.values import day, moment

_NAME = re.compile(r'^[^-－—–\\/:*?"<>|\x00-\x1f]{2,40}$')


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Start with what was filed before, else with the filer's own department."""
    found = projects.of(ctx)
    if found.filed_at is not None:
        return table1.values_of(ctx.uow, found)
    dept = ctx.actor.dept
    head = directory.head_of(ctx.uow, dept) if dept else None
    return {
        "project_no": found.key,
        "initiating_dept": dept,
        "lead": head or ctx.actor.id,
        "priority": "中",
        "visibility": "参与部门",
        "unit": "wd",
        "involved_depts": [dept] if dept else [],
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Check name, departments, lead and dates against the organisation and its calendar."""
    wrong: dict[str, T] = {}
    name = str(values["project_name"]).strip()
    if not _NAME.match(name):
        wrong["project_name"] = T('名称须为 2–40 个字，不能含 - \\ / : * ? " < > |')
    elif table1.open_project_named(ctx.uow, name, projects.of(ctx).id):
        wrong["project_name"] = T("已有同名的项目在进行")
    wrong |= _department_problems(ctx, values)
    return wrong | _span_problems(ctx, values)


def _department_problems(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    wrong: dict[str, T] = {}
    own = values["initiating_dept"]
    if ctx.actor.dept != own and not ctx.actor.has("coordinator"):
        wrong["initiating_dept"] = T("只有{dept}的人员或协调员可以立项", dept=own)
    if directory.get_person(ctx.uow, int(values["lead"])).dept != own:
        wrong["lead"] = T("项目负责人应是{dept}的人员", dept=own)
    involved = list(values["involved_depts"])
    if len(set(involved)) < 2 or own not in involved:
        wrong["involved_depts"] = T("至少涉及两个部门，并包含发起部门")
    for place, row in enumerate(values["deliverables"]):
        if row["owner_dept"] not in involved:
            wrong[f"deliverables-{place}-owner_dept"] = T("这个部门不在涉及部门里")
    return wrong


def _span_problems(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    if values.get("unit") == "wh":
        start, end = moment(values["start_at"]), moment(values["end_at"])
        if end <= start or ctx.calendar.working_hours_between(start, end) < 1:
            return {"end_at": T("起止之间至少要有 1 个工作小时")}
        return {}
    first, last = day(values["start_date"]), day(values["end_date"])
    if last <= first or ctx.calendar.working_days_between(first, last) < 1:
        return {"end_date": T("起止之间至少要有 1 个工作日")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """File the project: from here on it is named, and its departments know of it."""
    found = projects.of(ctx)
    table1.write(ctx, found, values)
    filed = projects.get(ctx.uow, found.id)
    ctx.describe(filed.subject, filed.key, filed.title)
    _let_see(ctx, filed)
    if found.approved_at is not None:
        kickoffs.reopen(ctx.uow, found.id)
    return {}


def _let_see(ctx: StepContext, filed: Project) -> None:
    heads = [directory.head_of(ctx.uow, dept) for dept in projects.departments(ctx.uow, filed.id)]
    for person in {filed.lead, filed.applicant, *heads} - {None}:
        ctx.grant(filed.subject, f"user:{person}")
    if filed.visibility == "全公司":
        ctx.grant(filed.subject, "all")
    else:
        ctx.revoke(filed.subject, "all")
