"""The choices of pickers in forms: people, departments, and the parts of the running project."""

from __future__ import annotations

from typing import Any

from engine import directory
from engine.context import StepContext
from engine.handlers import Options
from engine.store.database import UnitOfWork
from engine.text import T
from forms.options import DEPARTMENTS, PERSONS, Option
from processes.collaboration import approvals, projects, tasks

APPLICANT = "applicant"


def persons(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return everybody, by department."""
    return [_person(one) for one in directory.people(ctx.uow)]


def _person(one: directory.Person) -> Option:
    dept = one.dept or ""
    return Option(one.id, one.name, hint=one.title, group=dept, heading=dept)


def departments(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return all departments."""
    return [Option(one.id, one.id) for one in directory.departments(ctx.uow)]


def project_departments(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return the involved departments."""
    return [Option(dept, dept) for dept in projects.departments(ctx.uow, projects.of(ctx).id)]


def project_team(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return who may own work: first-responsibles and executors, by department (D9)."""
    members = set(_team(ctx.uow, projects.of(ctx).id))
    return [_person(one) for one in directory.people(ctx.uow) if one.id in members]


def _team(uow: UnitOfWork, project_id: int) -> list[int]:
    firsts = [row["first_responsible"] for row in projects.department_rows(uow, project_id)]
    return [*firsts, *(row["person"] for row in projects.executors(uow, project_id))]


def project_tasks(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return the tasks of Table 2, by department."""
    found = projects.of(ctx)
    return [
        Option(row["id"], row["name"], hint=tasks.number(found.key, row), group=row["dept"])
        for row in tasks.of_project(ctx.uow, found.id)
    ]


def project_deliverables(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return the core deliverables."""
    rows = projects.deliverables(ctx.uow, projects.of(ctx).id)
    return [Option(row["id"], row["name"], group=row["owner_dept"]) for row in rows]


def approval_steps(ctx: StepContext, **filters: Any) -> list[Option]:
    """Return to whom an approver may return: the applicant, or who agreed before (D23)."""
    earlier = approvals.earlier_approvers(ctx.uow, ctx.variables["seat"])
    names = directory.names(ctx.uow, earlier)
    first = Option(APPLICANT, str(T("申请人")))
    return [first, *(Option(str(one), names[one]) for one in earlier)]


CHOICES: dict[str, Options] = {
    PERSONS: persons,
    DEPARTMENTS: departments,
    "project_departments": project_departments,
    "project_team": project_team,
    "project_tasks": project_tasks,
    "project_deliverables": project_deliverables,
    "approval_steps": approval_steps,
}
"""Every source of choices by the name forms use."""
