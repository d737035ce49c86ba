"""Who is asked: the people functions of diagrams and the chains that keep duties apart (D7–D9, D19)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine import directory
from engine.context import StepContext
from engine.errors import NotFound
from engine.handlers import Function
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, projects
from processes.collaboration.projects import Project
from processes.collaboration.tables import dependency, project_department, task
from processes.collaboration.values import OFFICE

# ---------------------------------------------------------------- one project's people


def first_responsible_of(uow: UnitOfWork, project_id: int, dept: str) -> int:
    """Return a department's first-responsible in a project, before one is named its head (R10, Q15)."""
    query = sa.select(project_department.c.first_responsible).where(
        project_department.c.project == project_id, project_department.c.dept == dept
    )
    named = uow.execute(query).scalar()
    return int(named) if named is not None else head_of(uow, dept)


def head_of(uow: UnitOfWork, dept: str) -> int:
    """Return the head of a department; raises `NotFound` when it has none."""
    head = directory.head_of(uow, dept)
    if head is None:
        raise NotFound(T("{dept}还没有部门负责人", dept=dept), dept=dept)
    return head


def first_responsibles(uow: UnitOfWork, project_id: int) -> list[int]:
    """Return the first-responsibles of all involved departments, each once."""
    depts = projects.departments(uow, project_id)
    return list(dict.fromkeys(first_responsible_of(uow, project_id, dept) for dept in depts))


def managers(uow: UnitOfWork) -> list[int]:
    """Return management, those who head a department first."""
    listed = [person.id for person in directory.people(uow, role="management")]
    heads = {dept.head for dept in directory.departments(uow)}
    return sorted(listed, key=lambda one: (one not in heads, one))


def coordinators(uow: UnitOfWork) -> list[int]:
    """Return the coordinators (PMO)."""
    return [person.id for person in directory.people(uow, role="coordinator")]


def pick(candidates: Iterable[int | None], *, without: Iterable[int]) -> int | None:
    """Return the first candidate who is not excluded, or None."""
    excluded = set(without)
    return next((one for one in candidates if one is not None and one not in excluded), None)


# ---------------------------------------------------------------- chains


def approval_chain(uow: UnitOfWork, found: Project) -> list[int]:
    """Return who approves, level by level: department head, then management (Q6, D8).

    Whoever filed or leads the project is skipped; when nobody is left the next of management
    approves, so that the chain is never empty. Raises `NotFound` when there is nobody at all.
    """
    assert found.initiating_dept is not None
    own = {found.applicant, found.lead}
    head = head_of(uow, found.initiating_dept)
    leaders = managers(uow)
    chain = [head] if head not in own else []
    if not set(chain) & set(leaders):
        superior = directory.superior_of(uow, head)
        above = pick([superior if superior in leaders else None, *leaders], without={*own, *chain})
        chain += [above] if above is not None else []
    if not chain:
        raise NotFound(T("没有可以审批这个项目的管理人员"), project=found.id)
    return chain


def confirmers_of(uow: UnitOfWork, task_id: int) -> list[int]:
    """Return who confirms a key result: receiver's first-responsible and initiator (D8).

    Where that is the owner, the head of a successor's department stands in, else the PMO.
    """
    row = fetch.first(uow, sa.select(task).where(task.c.id == task_id))
    assert row is not None
    found = projects.get(uow, row["project"])
    wanted = [found.lead]
    if row["receiver"]:
        wanted.insert(0, first_responsible_of(uow, found.id, row["receiver"]))
    chosen = [one for one in dict.fromkeys(wanted) if one != row["owner"]]
    if len(chosen) < len(set(wanted)):
        stand_in = pick(_stand_ins(uow, row), without={row["owner"], *chosen})
        chosen += [stand_in] if stand_in is not None else []
    if not chosen:
        raise NotFound(T("没有人可以确认这项成果"), task=task_id)
    return chosen


def _stand_ins(uow: UnitOfWork, row: fetch.Row) -> list[int | None]:
    query = (
        sa.select(task.c.dept)
        .join(dependency, dependency.c.successor == task.c.id)
        .where(dependency.c.predecessor == row["id"], task.c.dept != row["dept"])
        .order_by(task.c.position)
    )
    heads: list[int | None] = [directory.head_of(uow, dept) for dept in fetch.column(uow, query)]
    return [*heads, *coordinators(uow), *managers(uow)]


def judging_department(uow: UnitOfWork, found: Project, row: fetch.Row) -> str:
    """Return the department that judges a task's criteria: receiver, else initiator (D20).

    A department never judges its own task: then that of a successor does, another involved one, or the PMO.
    """
    own = row["dept"]
    query = (
        sa.select(task.c.dept)
        .join(dependency, dependency.c.successor == task.c.id)
        .where(dependency.c.predecessor == row["id"])
        .order_by(task.c.position)
    )
    candidates = [row["receiver"], found.initiating_dept, *fetch.column(uow, query)]
    candidates += projects.departments(uow, found.id)
    return str(next(dept for dept in candidates if dept and dept != own))


def judge_of(uow: UnitOfWork, found: Project, dept: str) -> int:
    """Return who judges for a department: the lead for the initiating one, else its first-responsible."""
    if dept == found.initiating_dept:
        return found.lead
    return first_responsible_of(uow, found.id, dept)


# ---------------------------------------------------------------- functions of diagrams


def applicant(ctx: StepContext) -> int:
    """Return who files the project; else who started the instance."""
    return projects.of(ctx).applicant if "project" in ctx.variables else ctx.instance.started_by


def initiator(ctx: StepContext) -> int:
    """Return the lead of the project's initiating department; else who started the instance."""
    return projects.of(ctx).lead if "project" in ctx.variables else ctx.instance.started_by


def head(ctx: StepContext, dept: str) -> int:
    """Return the head of a department."""
    return head_of(ctx.uow, dept)


def first_responsible(ctx: StepContext, dept: str) -> int:
    """Return a department's first-responsible in this project."""
    return first_responsible_of(ctx.uow, projects.of(ctx).id, dept)


def management(ctx: StepContext, level: Any) -> int | None:
    """Return the approver of a level of this project, counted from 1, or None above the last."""
    chain = approval_chain(ctx.uow, projects.of(ctx))
    place = int(level) - 1
    return chain[place] if 0 <= place < len(chain) else None


def judge(ctx: StepContext, dept: str) -> int:
    """Return who judges the acceptance for a department."""
    return judge_of(ctx.uow, projects.of(ctx), dept)


def task_owner(ctx: StepContext, task_id: Any) -> int:
    """Return who answers for a task."""
    owner: int = ctx.uow.execute(sa.select(task.c.owner).where(task.c.id == int(task_id))).scalar_one()
    return owner


def task_name(ctx: StepContext, task_id: Any) -> str:
    """Return what a task is called."""
    name: str = ctx.uow.execute(sa.select(task.c.name).where(task.c.id == int(task_id))).scalar_one()
    return name


def retrospective_confirmer(ctx: StepContext) -> int | None:
    """Return who confirms the retrospective report: the PMO, never the lead who wrote it."""
    found = projects.of(ctx)
    return pick([*coordinators(ctx.uow), *managers(ctx.uow)], without={found.lead})


def sla(ctx: StepContext, hours: Any, mode: str) -> str:
    """Return when a limit of hours from now ends, in `working` or `clock` hours."""
    kind: Any = mode if mode in ("working", "clock") else "working"
    return ctx.calendar.due(ctx.now, Decimal(str(hours)), kind).isoformat()


def add_working_days(ctx: StepContext, start: Any, count: Any) -> str:
    """Return the day that lies `count` working days after a day."""
    first = start if isinstance(start, date) else date.fromisoformat(str(start)[:10])
    return ctx.calendar.add_working_days(ctx.calendar.local_day(first), int(count)).isoformat()


def next_slot(ctx: StepContext, clock_time: str) -> str:
    """Return the next moment, today or tomorrow, at which the office's clock shows `HH:MM`."""
    here = ctx.now.astimezone(OFFICE)
    at = datetime.combine(here.date(), datetime.strptime(clock_time, "%H:%M").time(), OFFICE)  # noqa: DTZ007
    return (at if at > here else at + timedelta(days=1)).isoformat()


FUNCTIONS: dict[str, Function] = {
    "task_name": task_name,
    "applicant": applicant,
    "initiator": initiator,
    "head": head,
    "first_responsible": first_responsible,
    "management": management,
    "judge": judge,
    "task_owner": task_owner,
    "retrospective_confirmer": retrospective_confirmer,
    "sla": sla,
    "add_working_days": add_working_days,
    "next_slot": next_slot,
}
