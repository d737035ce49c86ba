"""One sample on stage: its project in the database, and the ids its names have there."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine import attachments, clock, conversation, directory, running
from engine.desk import look
from engine.due import drain
from engine.errors import Conflict
from engine.runtime import Engine
from engine.text import T
from engine.work import WorkItem
from processes import formwork
from processes.collaboration import projects, tables
from processes.collaboration.anchoring import AnchoredSample
from processes.collaboration.lived.twists import Twists
from processes.collaboration.naming import Naming, propose
from processes.collaboration.organisation import Lang
from processes.collaboration.telling import link_to

PROCESS = "project_lifecycle"


class StoryStuck(Conflict):
    """An act of a sample finds no work item, or its values are refused; `ids` say which and why."""

    code = "story_stuck"


class Stage:
    """One sample being played: its project in the database and the ids its names have there."""

    def __init__(self, engine: Engine, placed: AnchoredSample, twists: Twists, lang: Lang) -> None:
        self.engine = engine
        self.placed, self.twists, self.lang = placed, twists, lang
        self.instance = 0
        self.item: WorkItem | None = None
        self._people: dict[str, int] = {}
        self._rows: dict[tuple[str, str], int] = {}

    def begin(self) -> None:
        """Start the project as its lead."""
        sample = self.placed.sample
        with self.engine.database.read() as uow:
            lead = directory.actor_named(uow, sample.lead)
            self._people = {person.name: person.id for person in directory.people(uow)}
        moved = running.start(self.engine, lead, PROCESS, command_id=f"sample-{sample.key}")
        self.instance = moved.instance
        drain(self.engine)

    def person(self, name: str) -> int:
        """Return the id of a person."""
        return self._people[name]

    def project(self) -> int:
        """Return the row of the project."""
        return self._row(
            "project",
            str(self.instance),
            sa.select(tables.project.c.id).where(tables.project.c.instance == self.instance),
        )

    def task(self, id: str) -> int:
        """Return the row of a sample task, which has the sample's name for it."""
        query = sa.select(tables.task.c.id).where(
            tables.task.c.project == self.project(),
            tables.task.c.name == self.placed.sample.task(id).name,
        )
        return self._row("task", id, query)

    def deliverable(self, name: str) -> int:
        """Return the row of a deliverable."""
        query = sa.select(tables.deliverable.c.id).where(
            tables.deliverable.c.project == self.project(), tables.deliverable.c.name == name
        )
        return self._row("deliverable", name, query)

    def task_instance(self, id: str) -> int | None:
        """Return the instance in which a task is carried out, None before it has begun."""
        query = sa.select(tables.task.c.instance).where(tables.task.c.id == self.task(id))
        with self.engine.database.read() as uow:
            found: int | None = uow.execute(query).scalar()
        return found

    def given(self) -> Mapping[str, Any]:
        """Return the values the form of the item at hand starts with."""
        assert self.item is not None
        assert self.item.assignee is not None
        with self.engine.database.read() as uow:
            holder = directory.actor(uow, self.item.assignee)
            return formwork.prefill(look(self.engine, uow, holder, self.item.id), self.engine.handlers)

    def say(self, author: str, text: str) -> None:
        """Say something in the project's conversation."""
        with self.engine.database.write() as uow:
            speaker = directory.actor(uow, self.person(author))
            found = projects.get(uow, self.project())
            page = f"{link_to(found)}?tab=conversation"
            conversation.say(uow, speaker, text, subject=found.subject, link=page)

    def file(self, name: str, content: str) -> Mapping[str, Any]:
        """Store a text file for the item at hand, named by R31, and return its form value."""
        assert self.item is not None
        assert self.item.assignee is not None
        calendar = self.placed.timeline.calendar
        today = calendar.local_day(clock.now())
        naming = Naming(self.placed.sample.name, calendar.local_day(self.placed.filed), today)
        title = propose(naming, name, extension="txt")
        with self.engine.database.write() as uow:
            owner = directory.actor(uow, self.item.assignee)
            stream = io.BytesIO(content.encode())
            kept = attachments.add(uow, self.engine.blobs, owner, self.item, title, "text/plain", stream)
        return {"attachment": kept.id, "name": kept.name}

    def _row(self, kind: str, name: str, query: sa.Select[tuple[int]]) -> int:
        if (kind, name) not in self._rows:
            with self.engine.database.read() as uow:
                found = uow.execute(query).scalar()
            if found is None:
                raise StoryStuck(T("样例里找不到“{name}”", name=name), kind=kind)
            self._rows[kind, name] = int(found)
        return self._rows[kind, name]
