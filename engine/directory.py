"""People, departments and roles: who exists, who leads whom, and who is acting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.store.tables import department, person, person_role
from engine.text import T

ROLES = ("management", "coordinator", "designer", "auditor", "administrator")
"""Roles a person has in the whole organisation; those within a project come from the project."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with all groups through which work can be offered to them."""

    id: int
    name: str
    dept: str | None
    roles: frozenset[str]
    groups: tuple[str, ...]
    on_behalf_of: int | None = None

    def has(self, *roles: str) -> bool:
        """Return whether the actor has one of the roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(id=0, name="系统", dept=None, roles=frozenset(), groups=())
"""Acts for timers, jobs and services."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the organisation."""

    id: int
    name: str
    dept: str | None
    title: str
    email: str | None
    pinyin: str
    active: bool


@dataclass(frozen=True, slots=True)
class Department:
    """A department; its id is its Chinese name, `head` the person who leads it."""

    id: str
    name_en: str
    head: int | None
    parent: str | None


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        row["id"], row["name"], row["dept"], row["title"], row["email"], row["pinyin"], bool(row["active"])
    )


def groups_of(person_id: int, dept: str | None, roles: Iterable[str]) -> tuple[str, ...]:
    """Return the groups of a person, the own one first."""
    departments = (f"dept:{dept}",) if dept else ()
    return (f"user:{person_id}", *departments, *(f"role:{role}" for role in sorted(roles)), "all")


def actor(uow: UnitOfWork, person_id: int) -> Actor:
    """Return an active person as an actor; raises `NotFound`."""
    row = uow.sql("select id, name, dept from person where id = ? and active", (person_id,)).fetchone()
    if row is None:
        raise NotFound(T("没有这个人员"), person=person_id)
    roles = frozenset(
        r[0] for r in uow.sql("select role from person_role where person = ?", (person_id,)).fetchall()
    )
    return Actor(row[0], row[1], row[2], roles, groups_of(row[0], row[2], roles))


def actor_named(uow: UnitOfWork, name: str) -> Actor:
    """Return the actor with this name; raises `NotFound`."""
    return actor(uow, person_named(uow, name).id)


def person_named(uow: UnitOfWork, name: str) -> Person:
    """Return the person with this name; raises `NotFound`."""
    row = uow.execute(sa.select(person).where(person.c.name == name)).mappings().first()
    if row is None:
        raise NotFound(T("没有名为{name}的人员", name=name))
    return _person(dict(row))


def get_person(uow: UnitOfWork, person_id: int) -> Person:
    """Return a person; raises `NotFound`."""
    row = uow.execute(sa.select(person).where(person.c.id == person_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个人员"), person=person_id)
    return _person(dict(row))


def people(uow: UnitOfWork, *, dept: str | None = None, role: str | None = None) -> list[Person]:
    """Return active people, of a department or with a role, in the order they were entered."""
    query = sa.select(person).where(person.c.active).order_by(person.c.id)
    if dept is not None:
        query = query.where(person.c.dept == dept)
    if role is not None:
        query = query.where(
            person.c.id.in_(sa.select(person_role.c.person).where(person_role.c.role == role))
        )
    return [_person(dict(row)) for row in uow.execute(query).mappings()]


def names(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people by id; the system has one too."""
    wanted = {i for i in ids if i}
    found = {SYSTEM.id: SYSTEM.name}
    if wanted:
        query = sa.select(person.c.id, person.c.name).where(person.c.id.in_(wanted))
        found.update((row[0], row[1]) for row in uow.execute(query))
    return found


def roles_of(uow: UnitOfWork, person_id: int) -> frozenset[str]:
    """Return the roles of a person in the whole organisation."""
    query = sa.select(person_role.c.role).where(person_role.c.person == person_id)
    return frozenset(row[0] for row in uow.execute(query))


def members(uow: UnitOfWork, groups: Iterable[str]) -> list[int]:
    """Return the active people of groups such as `dept:销售部`, `role:auditor` or `user:7`."""
    found: set[int] = set()
    for group in groups:
        kind, _, name = group.partition(":")
        if kind == "user":
            found.add(int(name))
        elif kind == "dept":
            found.update(person.id for person in people(uow, dept=name))
        elif kind == "role":
            found.update(person.id for person in people(uow, role=name))
    return sorted(found)


def departments(uow: UnitOfWork) -> list[Department]:
    """Return all departments in the order they were entered."""
    rows = uow.execute(sa.select(department).order_by(department.c.position))
    return [Department(r["id"], r["name_en"], r["head"], r["parent"]) for r in rows.mappings()]


def get_department(uow: UnitOfWork, dept: str) -> Department:
    """Return a department by its id; raises `NotFound`."""
    row = uow.execute(sa.select(department).where(department.c.id == dept)).mappings().first()
    if row is None:
        raise NotFound(T("没有名为{name}的部门", name=dept))
    return Department(row["id"], row["name_en"], row["head"], row["parent"])


def head_of(uow: UnitOfWork, dept: str) -> int | None:
    """Return the person who leads a department, or None."""
    return get_department(uow, dept).head


def superior_of(uow: UnitOfWork, person_id: int) -> int | None:
    """Return who a person answers to: the head, for a head the parent department's, or None."""
    member = get_person(uow, person_id)
    dept = member.dept
    while dept is not None:
        entry = get_department(uow, dept)
        if entry.head is not None and entry.head != person_id:
            return entry.head
        dept = entry.parent
    return None


def add_department(uow: UnitOfWork, dept: str, name_en: str, parent: str | None = None) -> None:
    """Enter a department."""
    uow.execute(sa.insert(department).values(id=dept, name_en=name_en, parent=parent, position=_next(uow)))


def _next(uow: UnitOfWork) -> int:
    count: int = uow.execute(sa.select(sa.func.count()).select_from(department)).scalar_one()
    return count + 1


def set_head(uow: UnitOfWork, dept: str, person_id: int) -> None:
    """Make a person the head of a department."""
    uow.execute(sa.update(department).where(department.c.id == dept).values(head=person_id))


def add_person(
    uow: UnitOfWork,
    name: str,
    dept: str | None,
    *,
    title: str = "",
    email: str | None = None,
    pinyin: str = "",
    roles: Iterable[str] = (),
) -> int:
    """Enter a person with roles and return the id."""
    query = (
        sa.insert(person)
        .values(name=name, dept=dept, title=title, email=email, pinyin=pinyin)
        .returning(person.c.id)
    )
    person_id: int = uow.execute(query).scalar_one()
    for role in roles:
        uow.execute(sa.insert(person_role).values(person=person_id, role=role))
    return person_id
