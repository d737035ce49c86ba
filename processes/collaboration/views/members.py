"""Who takes part in a project, department by department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import directory
from engine.store.database import UnitOfWork
from processes.collaboration import kickoffs, projects
from processes.collaboration.projects import Project


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a department's team."""

    id: int
    name: str
    title: str
    key: bool
    appointed: bool


@dataclass(frozen=True, slots=True)
class Team:
    """A department in a project: its first-responsible, executors, duties and confirmation."""

    dept: str
    initiating: bool
    first_responsible: Member | None
    deputy: Member | None
    executors: list[Member]
    duty: str | None
    contact: str | None
    confirmed_at: datetime | None
    duties: str | None
    objection: str | None


def teams(uow: UnitOfWork, found: Project) -> list[Team]:
    """Return the departments of a project with their people."""
    known = {one.id: one for one in directory.people(uow)}
    given = kickoffs.confirmations(uow, found.id)

    def member(person: int | None, *, key: bool = False, appointed: bool = True) -> Member | None:
        one = known.get(person) if person is not None else None
        return Member(one.id, one.name, one.title, key, appointed) if one is not None else None

    made = []
    for row in projects.department_rows(uow, found.id):
        said = given.get(row["dept"])
        executors = [
            member(one["person"], key=bool(one["key"]), appointed=one["appointed_at"] is not None)
            for one in projects.executors(uow, found.id, row["dept"])
        ]
        made.append(
            Team(
                dept=row["dept"],
                initiating=row["dept"] == found.initiating_dept,
                first_responsible=member(row["first_responsible"]),
                deputy=member(row["deputy"]),
                executors=[one for one in executors if one is not None],
                duty=row["duty"],
                contact=row["contact"],
                confirmed_at=said["at"] if said is not None else None,
                duties=said["duties"] if said is not None else None,
                objection=said["objection"] if said is not None else None,
            )
        )
    return made
