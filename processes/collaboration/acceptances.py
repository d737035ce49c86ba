"""Joint acceptance: the sheet of each round, how rows are judged, and what a round concludes (R42–R44)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, people, projects, tasks
from processes.collaboration.projects import Project
from processes.collaboration.standards import criteria
from processes.collaboration.tables import (
    acceptance_call,
    acceptance_item,
    acceptance_round,
    certificate,
    certificate_signature,
    correction,
)

PASSED, PARTLY, FAILED = "通过", "部分通过", "不通过"
_NUMERIC = ("≥", "≤", "=")


def rounds(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return the rounds of a project, the first one first."""
    query = sa.select(acceptance_round).where(acceptance_round.c.project == project_id)
    return fetch.every(uow, query.order_by(acceptance_round.c.number))


def current(uow: UnitOfWork, project_id: int) -> fetch.Row:
    """Return the latest round; raises `NotFound` before the first."""
    found = rounds(uow, project_id)
    if not found:
        raise NotFound(T("还没有开始验收"), project=project_id)
    return found[-1]


def items(uow: UnitOfWork, round_id: int, dept: str | None = None) -> list[fetch.Row]:
    """Return the rows of a round's sheet, of one judging department when it is given."""
    query = sa.select(acceptance_item).where(acceptance_item.c.round == round_id)
    if dept is not None:
        query = query.where(acceptance_item.c.dept == dept)
    return fetch.every(uow, query.order_by(acceptance_item.c.position))


def corrections(uow: UnitOfWork, round_id: int) -> list[fetch.Row]:
    """Return the corrections that were asked for in a round."""
    query = sa.select(correction).where(correction.c.round == round_id).order_by(correction.c.id)
    return fetch.every(uow, query)


# ---------------------------------------------------------------- the sheet


def first_sheet(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return the rows of the first round: the goal's measures and every task's standard."""
    assert found.initiating_dept is not None
    rows = [_goal_row(found, row) for row in projects.goals(uow, found.id)]
    standards = tasks.standards(uow, found.id)
    for row in tasks.of_project(uow, found.id):
        dept = people.judging_department(uow, found, row)
        for one in standards.get(row["id"], []):
            rows.append({**_criterion(one), "task": row["id"], "standard": one["id"], "dept": dept})
    return rows


def _criterion(row: fetch.Row) -> dict[str, Any]:
    return {key: row[key] for key in ("criterion", "operator", "target", "unit")}


def _goal_row(found: Project, row: fetch.Row) -> dict[str, Any]:
    """Return a goal's measure as a row; its target may carry its operator, else more is better."""
    parsed = criteria(f"{row['measure']}{row['target']}")
    measured = len(parsed) == 1 and parsed[0].measured
    operator, target = (parsed[0].operator, parsed[0].target) if measured else ("文字", row["target"])
    if not measured and number(row["target"]) is not None:
        operator = "≥"
    values = {"criterion": row["measure"], "operator": operator, "target": target, "unit": row["unit"]}
    return {**values, "goal": row["id"], "dept": found.initiating_dept}


def next_sheet(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return the rows of the next round: all at first, then only what failed and what it affects.

    Affected are the other criteria of a reworked task. After a refused certificate the rows that the
    refusing departments judged or worked for are opened again, all when there are none.
    """
    before = rounds(uow, found.id)
    if not before:
        return first_sheet(uow, found)
    last = items(uow, before[-1]["id"])
    if before[-1]["conclusion"] == PASSED:
        again = _of_departments(uow, last, refusing_departments(uow, found.id))
    else:
        failed_tasks = {row["task"] for row in last if not row["passed"] and row["task"]}
        again = [row for row in last if not row["passed"] or row["task"] in failed_tasks]
    kept = ("criterion", "operator", "target", "unit", "task", "goal", "standard", "dept")
    return [{key: row[key] for key in kept} for row in again]


def _of_departments(uow: UnitOfWork, rows: list[fetch.Row], depts: set[str]) -> list[fetch.Row]:
    worked = {row["task"]: tasks.get(uow, row["task"])["dept"] for row in rows if row["task"]}
    concerned = [row for row in rows if row["dept"] in depts or worked.get(row["task"]) in depts]
    return concerned or rows


def open_round(uow: UnitOfWork, found: Project, at: Any) -> tuple[int, list[str]]:
    """Write the next round's sheet and return its number and the departments that judge it."""
    rows = next_sheet(uow, found)
    count = len(rounds(uow, found.id)) + 1
    round_id = fetch.insert(uow, acceptance_round, project=found.id, number=count, opened_at=at)
    for position, row in enumerate(rows, start=1):
        fetch.insert(uow, acceptance_item, round=round_id, position=position, **row)
    return count, list(dict.fromkeys(row["dept"] for row in rows))


# ---------------------------------------------------------------- judging


def number(value: Any) -> Decimal | None:
    """Return the number a target or an actual value states, None when it states none."""
    cleaned = str(value if value is not None else "").replace(",", "").replace("，", "").strip()
    try:
        return Decimal(cleaned.rstrip("%").strip())
    except InvalidOperation:
        return None


def verdict(operator: str, target: Any, actual: Any) -> bool | None:
    """Return whether numbers pass (R43), None when people have to judge."""
    if operator not in _NUMERIC:
        return None
    wanted, found = number(target), number(actual)
    if wanted is None or found is None:
        return None
    return {"≥": found >= wanted, "≤": found <= wanted, "=": found == wanted}[operator]


def conclusion(rows: list[fetch.Row]) -> str:
    """Return what judged rows conclude: 通过, 部分通过 or 不通过."""
    passed = [bool(row["passed"]) for row in rows]
    if all(passed):
        return PASSED
    return PARTLY if any(passed) else FAILED


def failed_tasks(uow: UnitOfWork, found: Project) -> list[int]:
    """Return the tasks that go back to work after a round.

    A goal's measure belongs to no task; for it the last task of each correction's owner goes back.
    """
    last = current(uow, found.id)
    rows = [row for row in items(uow, last["id"]) if not row["passed"]]
    back = [row["task"] for row in rows if row["task"]]
    if any(row["goal"] for row in rows):
        own = {row["owner"]: row["id"] for row in tasks.of_project(uow, found.id)}
        back += [own[one["owner"]] for one in corrections(uow, last["id"]) if one["owner"] in own]
    return list(dict.fromkeys(back))


# ---------------------------------------------------------------- the certificate


def latest_certificate(uow: UnitOfWork, project_id: int) -> fetch.Row | None:
    """Return the newest certificate of a project, or None."""
    query = sa.select(certificate).where(certificate.c.project == project_id)
    return fetch.first(uow, query.order_by(certificate.c.id.desc()))


def signatures(uow: UnitOfWork, certificate_id: int) -> list[fetch.Row]:
    """Return who has to sign a certificate and who has."""
    query = sa.select(certificate_signature).where(certificate_signature.c.certificate == certificate_id)
    return fetch.every(uow, query.order_by(certificate_signature.c.person))


def refused(uow: UnitOfWork, project_id: int) -> bool:
    """Say whether somebody refused to sign the newest certificate."""
    newest = latest_certificate(uow, project_id)
    return newest is not None and any(row["decision"] == "拒签" for row in signatures(uow, newest["id"]))


def refusing_departments(uow: UnitOfWork, project_id: int) -> set[str]:
    """Return the departments whose signatories refused the newest certificate."""
    newest = latest_certificate(uow, project_id)
    if newest is None:
        return set()
    rows = signatures(uow, newest["id"])
    return {dept for row in rows if row["decision"] == "拒签" for dept in row["depts"]}


def all_signed(uow: UnitOfWork, project_id: int) -> bool:
    """Say whether everyone signed the newest certificate (R44, Q8)."""
    newest = latest_certificate(uow, project_id)
    if newest is None:
        return False
    rows = signatures(uow, newest["id"])
    return bool(rows) and all(row["decision"] == "签署" for row in rows)


def latest_call(uow: UnitOfWork, project_id: int) -> fetch.Row | None:
    """Return the newest call to a joint acceptance, or None."""
    query = sa.select(acceptance_call).where(acceptance_call.c.project == project_id)
    return fetch.first(uow, query.order_by(acceptance_call.c.number.desc()))


def target_text(row: dict[str, Any]) -> str:
    """Return operator, target and unit of a row in one phrase."""
    operator = row["operator"] if row["operator"] in _NUMERIC else ""
    return f"{operator}{row['target'] or ''}{row['unit'] or ''}"


def latest_results(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return the newest verdict on each criterion, over all rounds, in the order of the first sheet."""
    newest: dict[tuple[Any, Any, Any], fetch.Row] = {}
    for one in rounds(uow, project_id):
        for row in items(uow, one["id"]):
            newest[(row["task"], row["goal"], row["standard"])] = row
    return list(newest.values())
