"""A small company on a real engine: people act on their work items by name, the clock is moved by hand."""

from __future__ import annotations

import io
import itertools
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import attachments, clock, directory, due, running, work
from engine.blobs import BlobStore
from engine.clock import FrozenClock
from engine.directory import Actor
from engine.store.database import Database
from engine.store.tables import incident, instance, job, notice, work_item
from processes import build_engine
from processes.collaboration import projects
from processes.collaboration.projects import Project

COMPANY = {
    "总经办": ("高岩", "刘志远"),
    "项目管理办公室": ("林晓",),
    "市场部": ("王丽", "陈涛"),
    "设计部": ("钱莉", "冯雪"),
    "物流部": ("曹军", "张弛"),
}
ROLES = {"高岩": ["management"], "刘志远": ["management"], "林晓": ["coordinator"]}
MARKETING, DESIGN, LOGISTICS = "市场部", "设计部", "物流部"
DEPTS = [MARKETING, DESIGN, LOGISTICS]
FIRSTS = {MARKETING: "王丽", DESIGN: "钱莉", LOGISTICS: "曹军"}
EXECUTORS = {MARKETING: "陈涛", DESIGN: "冯雪", LOGISTICS: "张弛"}


class World:
    """An engine with people; `act` completes the one open item of a person at an element."""

    def __init__(self, database: Database, at: FrozenClock, folder: Path) -> None:
        self.database, self.at = database, at
        self.engine = build_engine(database)
        self.blobs = BlobStore(str(folder / "blobs"))
        self.ids: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._hire()

    def _hire(self) -> None:
        with self.database.write() as uow:
            for dept in COMPANY:
                directory.add_department(uow, dept, dept, None if dept == "总经办" else "总经办")
            for dept, names in COMPANY.items():
                for name in names:
                    self.ids[name] = directory.add_person(uow, name, dept, roles=ROLES.get(name, ()))
                directory.set_head(uow, dept, self.ids[names[0]])

    # ------------------------------------------------------------ acting

    def actor(self, name: str) -> Actor:
        with self.database.read() as uow:
            return directory.actor(uow, self.ids[name])

    def command(self) -> str:
        return f"command-{next(self._numbers)}"

    def start(self, name: str) -> int:
        moved = running.start(self.engine, self.actor(name), "project_lifecycle", command_id=self.command())
        due.drain(self.engine)
        return moved.instance

    def items(self, name: str | None = None, element: str | None = None) -> list[work.WorkItem]:
        """Return the open items, of a person, at an element."""
        with self.database.read() as uow:
            query = sa.select(work_item.c.id).where(work_item.c.state == "open").order_by(work_item.c.id)
            if name is not None:
                query = query.where(work_item.c.assignee == self.ids[name])
            if element is not None:
                query = query.where(work_item.c.element == element)
            return work.items_of(uow, [row[0] for row in uow.execute(query)])

    def item(self, name: str, element: str) -> work.WorkItem:
        found = self.items(name, element)
        assert found, f"{name} has nothing at {element}; open: {self.open_work()}"
        return found[0]

    def act(self, name: str, element: str, values: dict[str, Any], *, item: int | None = None) -> None:
        """Complete an item and let what it has set free happen."""
        chosen = item if item is not None else self.item(name, element).id
        running.complete(self.engine, self.actor(name), chosen, values, command_id=self.command())
        due.drain(self.engine)
        self.expect_no_trouble()

    def open_work(self) -> list[tuple[str, str]]:
        """Return who has what, as (name, element)."""
        names = {number: name for name, number in self.ids.items()}
        return sorted((names.get(item.assignee or 0, ""), item.element) for item in self.items())

    def pass_time(self, step: timedelta, *, tick: timedelta = timedelta(hours=1)) -> None:
        """Let time pass and everything due happen, hour by hour."""
        end = self.at.now() + step
        while self.at.now() < end:
            self.at.set(min(self.at.now() + tick, end))
            due.run_due(self.engine)
            due.drain(self.engine)
        self.expect_no_trouble()

    def until(self, moment: datetime) -> None:
        """Let time pass up to a moment."""
        self.pass_time(moment - self.at.now())

    def expect_no_trouble(self) -> None:
        """Fail when an element waits as an incident or a job has failed."""
        with self.database.read() as uow:
            columns = (incident.c.element, incident.c.message, incident.c.params)
            stuck = uow.execute(sa.select(*columns).where(incident.c.state == "open")).all()
            failed = uow.execute(sa.select(job.c.kind, job.c.error).where(job.c.error.is_not(None))).all()
        assert not stuck, stuck
        assert not failed, failed

    # ------------------------------------------------------------ looking

    def project(self, name: str = "中秋会员节") -> Project:
        with self.database.read() as uow:
            found = uow.execute(
                sa.text("select id from project where name = :name"), {"name": name}
            ).scalar_one()
            return projects.get(uow, found)

    def rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self.database.read() as uow:
            return [dict(row) for row in uow.execute(query).mappings()]

    def states(self, process: str) -> list[str]:
        """Return the states of a process's instances in order of their start."""
        query = sa.select(instance.c.state).where(instance.c.process_id == process).order_by(instance.c.id)
        return [row["state"] for row in self.rows(query)]

    def told(self, name: str) -> list[str]:
        """Return the messages a person has received."""
        query = sa.select(notice.c.message).where(notice.c.person == self.ids[name]).order_by(notice.c.id)
        return [row["message"] for row in self.rows(query)]

    def file(self, name: str, element: str, title: str) -> dict[str, Any]:
        """Upload a file for a person's item and return its form value."""
        item = self.item(name, element)
        with self.database.write() as uow:
            content = io.BytesIO(f"{title} {clock.now():%c}".encode())
            actor = directory.actor(uow, self.ids[name])
            kept = attachments.add(uow, self.blobs, actor, item, title, "text/plain", content)
        return {"attachment": kept.id, "name": kept.name}
