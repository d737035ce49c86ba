"""The people of the samples entered into the directory, once."""

from __future__ import annotations

from engine import directory
from engine.store.database import UnitOfWork
from processes.collaboration.organisation import Organisation


def enter(uow: UnitOfWork, company: Organisation) -> None:
    """Enter departments, people with roles, and heads; an organisation that has departments is left alone."""
    if directory.departments(uow):
        return
    # A parent must exist before its children, so departments without one come first.
    for entry in sorted(company.departments, key=lambda department: department.parent is not None):
        directory.add_department(uow, entry.id, entry.name_en, entry.parent)
    ids = {
        person.name: directory.add_person(
            uow,
            person.name,
            person.department,
            title=person.title,
            email=person.email,
            pinyin=person.pinyin,
            roles=sorted(person.roles),
        )
        for person in company.people
    }
    for entry in company.departments:
        if entry.head is not None:
            directory.set_head(uow, entry.id, ids[entry.head])
