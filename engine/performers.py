"""Whom the resource roles of a task and its lane mean (BPMN 2.0.2 §10.3.1, §10.8).

The standard leaves to an engine how an expression names people. Here it is FEEL whose value is a
person, a group or a list of both, or the list other products write: `user(ada), group(sales)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.bpmn.people import is_list, listed
from engine.directory import ROLES, get_department, get_person, person_named
from engine.errors import ElementFailed, NotFound
from engine.spiff.port import Element, Role
from engine.text import T

if TYPE_CHECKING:
    from engine.step import Step
    from engine.store.database import UnitOfWork

Json = Any
_PREFIXES = ("dept:", "role:", "user:")


def named(step: Step, element: Element, names: dict[str, Json], *, owners: bool) -> list[Json]:
    """Return whom the roles of one kind name: ids of people and names of groups, without doubles."""
    found: list[Json] = []
    for role in element.roles:
        if role.owner == owners:
            found += [who for who in _of(step, element, role, names) if who not in found]
    return found


def of_lane(uow: UnitOfWork, lane: str | None) -> str | None:
    """Return the group a lane stands for: that of the department or the role it is named after."""
    return None if lane is None else _group(uow, lane)


def _of(step: Step, element: Element, role: Role, names: dict[str, Json]) -> Iterator[Json]:
    if is_list(role.text):
        for kind, name in listed(role.text):
            yield _person(step.uow, name) if kind == "user" else _known_group(step.uow, name)
        return
    if role.resource and not role.parameters:
        yield _known_group(step.uow, role.resource)
        return
    text = f"{role.resource}({', '.join(role.parameters)})" if role.resource else role.text
    value = step.host.evaluate(text, names, element=element)
    for each in value if isinstance(value, list) else [value]:
        if each is not None:
            yield each if isinstance(each, int) else _anybody(step.uow, each)


def _anybody(uow: UnitOfWork, value: Json) -> Json:
    """Return the person or group a text means; a person's own name goes before that of a group."""
    if not isinstance(value, str):
        raise ElementFailed("assignment", T("办理人不是一个人员：{value}", value=str(value)))
    try:
        return person_named(uow, value).id
    except NotFound:
        return _known_group(uow, value)


def _person(uow: UnitOfWork, name: str) -> int:
    """Return the id of a person, who is given by id or by name."""
    try:
        return get_person(uow, int(name)).id if name.isdecimal() else person_named(uow, name).id
    except NotFound as error:
        raise ElementFailed("assignment", error.text) from error


def _known_group(uow: UnitOfWork, name: str) -> str:
    group = _group(uow, name)
    if group is None:
        raise ElementFailed("assignment", T("没有名为“{name}”的部门、角色或人员", name=name))
    return group


def _group(uow: UnitOfWork, name: str) -> str | None:
    if name == "all" or name.startswith(_PREFIXES):
        return name
    if name in ROLES:
        return f"role:{name}"
    try:
        return f"dept:{get_department(uow, name).id}"
    except NotFound:
        return None
