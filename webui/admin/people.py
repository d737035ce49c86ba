"""Departments, people, roles and deputies: who is who, and who may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for

from engine import directory
from engine.directory import Department, Person
from engine.store.database import UnitOfWork
from engine.text import T
from webui.account.datastore import accounts_of
from webui.account.model import Account
from webui.admin.rooms import blueprint
from webui.context import engine
from webui.permissions import permission

PAGE = 25

ROLE_NAMES = {
    "management": T("审批人"),
    "coordinator": T("协调员"),
    "designer": T("流程设计者"),
    "auditor": T("审计员"),
    "administrator": T("系统管理员"),
}


@dataclass(frozen=True)
class Member:
    """A person as the list shows them."""

    person: Person
    roles: list[T]
    leads: str | None
    account: Account | None


@blueprint.get("/admin/people")
@permission("administrator", "coordinator")
def people() -> str:
    """List people, searched by name or pinyin and filtered by department."""
    text, dept, after = request.args.get("q", ""), request.args.get("dept", ""), _after()
    with engine().database.read() as uow:
        departments = directory.departments(uow)
        found = [p for p in directory.people(uow, dept=dept or None) if _matches(p, text)]
        members, following = _page(uow, found, departments, after)
    return render_template(
        "admin/people.html",
        members=members,
        departments=departments,
        count=len(found),
        text=text,
        dept=dept,
        following=following and url_for(".people", q=text, dept=dept, after=following),
        after=after,
    )


def _after() -> int:
    return request.args.get("after", type=int, default=0)


def _matches(person: Person, text: str) -> bool:
    sought = text.strip().lower()
    written = f"{person.name} {person.pinyin} {person.pinyin.replace(' ', '')} {person.title}"
    return sought in written.lower()


def _page(
    uow: UnitOfWork, found: Sequence[Person], departments: Sequence[Department], after: int
) -> tuple[list[Member], int | None]:
    rest = [person for person in found if person.id > after]
    shown = rest[:PAGE]
    leads = {entry.head: entry.id for entry in departments if entry.head}
    accounts = accounts_of(uow, [person.id for person in shown])
    members = [
        Member(
            person,
            [ROLE_NAMES[role] for role in directory.ROLES if role in directory.roles_of(uow, person.id)],
            leads.get(person.id),
            accounts.get(person.id),
        )
        for person in shown
    ]
    return members, shown[-1].id if len(rest) > PAGE else None


@blueprint.get("/admin/departments")
@permission("administrator", "coordinator")
def departments() -> str:
    """List departments with their heads and how many belong to them."""
    with engine().database.read() as uow:
        entries = directory.departments(uow)
        members = directory.people(uow)
    names = {person.id: person.name for person in members}
    sizes = {entry.id: sum(person.dept == entry.id for person in members) for entry in entries}
    return render_template("admin/departments.html", entries=entries, names=names, sizes=sizes)
