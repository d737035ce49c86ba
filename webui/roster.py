"""People from a table: departments, persons, roles and heads, read from CSV and entered."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import directory
from engine.errors import InvalidInput, NotFound
from engine.store.database import UnitOfWork
from engine.text import T

COLUMNS = {
    "姓名": "name",
    "部门": "dept",
    "部门英文名": "dept_en",
    "上级部门": "parent",
    "职务": "title",
    "邮箱": "email",
    "拼音": "pinyin",
    "角色": "roles",
    "负责人": "head",
}
"""Heads of columns in Chinese; the English ones are as good."""

_YES = frozenset({"是", "y", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the table; `number` counts the lines of the file from 1."""

    number: int
    name: str
    dept: str = ""
    dept_en: str = ""
    parent: str = ""
    title: str = ""
    email: str = ""
    pinyin: str = ""
    roles: tuple[str, ...] = ()
    head: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """How many were new; who was known already is left as they are."""

    departments: int
    people: int


def read_roster(text: str) -> list[Line]:
    """Return the people of a table with a line of heads; raises `InvalidInput` naming every bad line."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    heads = {head: COLUMNS.get(head.strip(), head.strip().lower()) for head in table.fieldnames or ()}
    problems = {head: T("没有名为“{head}”的列", head=head) for head in heads if heads[head] not in _NAMES}
    if "name" not in heads.values():
        problems["name"] = T("缺少“姓名”一列")
    if problems:
        raise InvalidInput(T("表头有误"), problems)
    lines = [_line(number, {heads[k]: v or "" for k, v in row.items() if k}) for number, row in _rows(table)]
    _check(lines)
    return lines


_NAMES = frozenset(COLUMNS.values())


def _rows(table: csv.DictReader[str]) -> Iterable[tuple[int, Mapping[str, str | None]]]:
    for row in table:
        if any((value or "").strip() for key, value in row.items() if key):
            yield table.line_num, row


def _line(number: int, row: Mapping[str, str]) -> Line:
    given = {name: value.strip() for name, value in row.items() if name not in ("roles", "head")}
    roles = tuple(row.get("roles", "").replace("、", " ").replace(",", " ").split())
    return Line(number, **given, roles=roles, head=row.get("head", "").strip().lower() in _YES)


def _check(lines: list[Line]) -> None:
    problems: dict[str, T] = {}
    seen: set[str] = set()
    for line in lines:
        unknown = [role for role in line.roles if role not in directory.ROLES]
        if not line.name:
            problems[str(line.number)] = T("第{n}行没有姓名", n=line.number)
        elif line.name in seen:
            problems[str(line.number)] = T("第{n}行：姓名“{name}”重复", n=line.number, name=line.name)
        elif unknown:
            problems[str(line.number)] = T("第{n}行：没有角色“{role}”", n=line.number, role=unknown[0])
        elif line.head and not line.dept:
            problems[str(line.number)] = T("第{n}行：负责人要写明部门", n=line.number)
        seen.add(line.name)
    if problems:
        raise InvalidInput(T("有{n}处需要修改", n=len(problems)), problems)


def enter(uow: UnitOfWork, lines: list[Line]) -> Entered:
    """Enter who is not there yet, and make heads; may be repeated with a longer table."""
    departments = _enter_departments(uow, lines)
    known = {line.name: found for line in lines if (found := _known(uow, line.name)) is not None}
    new = [line for line in lines if line.name not in known]
    for line in new:
        known[line.name] = directory.add_person(
            uow,
            line.name,
            line.dept or None,
            title=line.title,
            email=line.email or None,
            pinyin=line.pinyin,
            roles=line.roles,
        )
    for line in lines:
        if line.head:
            directory.set_head(uow, line.dept, known[line.name])
    return Entered(departments, len(new))


def _known(uow: UnitOfWork, name: str) -> int | None:
    try:
        return directory.person_named(uow, name).id
    except NotFound:
        return None


def _enter_departments(uow: UnitOfWork, lines: list[Line]) -> int:
    known = {entry.id for entry in directory.departments(uow)}
    parents = dict.fromkeys((line.dept for line in lines if line.dept), "")
    parents |= {line.dept: line.parent for line in lines if line.dept and line.parent}
    english = {line.dept: line.dept_en for line in lines if line.dept_en}
    missing = [name for name in dict.fromkeys((*parents.values(), *parents)) if name and name not in known]
    # Parents stand first: a department names its parent when it is entered.
    missing.sort(key=lambda name: _depth(name, parents))
    for name in missing:
        directory.add_department(uow, name, english.get(name, name), parents.get(name) or None)
    return len(missing)


def _depth(name: str, parents: Mapping[str, str]) -> int:
    above, depth = parents.get(name, ""), 0
    while above:
        above, depth = parents.get(above, ""), depth + 1
        if depth > len(parents):
            raise InvalidInput(T("部门“{name}”的上级绕成了圈", name=name))
    return depth
