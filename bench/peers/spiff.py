"""SpiffWorkflow by itself: in memory, or with the whole workflow as one JSON document per step.

    python -m bench.peers.spiff memory|kept|reloaded FOLDER

`kept` leaves the workflow in memory and writes it after every step; `reloaded` also reads it back
before every step, as a server of several processes must.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskIterator, TaskState

from bench.peers import diagrams
from bench.workloads import FAN, serve


def lift_depth() -> None:
    """Let the library look deeper than 1,000 tasks; untouched it stops in silence at round 334 of a loop."""
    for iterator in (TaskIterator, BpmnTaskIterator):
        defaults = iterator.__init__.__defaults__
        iterator.__init__.__defaults__ = tuple(10**6 if value == 1000 else value for value in defaults)


@cache
def specs(diagram: str, items: int) -> tuple[Any, Any]:
    """Return the parsed process and its sub-processes."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(
        etree.fromstring(diagrams.fan(items) if diagram == FAN else diagrams.approval("agreed"))
    )
    return parser.get_spec(diagram), parser.get_subprocess_specs(diagram)


@dataclass
class Case:
    """A workflow, where it is stored, and the items of a fan-out that are still open."""

    workflow: BpmnWorkflow | None
    row: int = 0
    items: deque[Any] = field(default_factory=deque)


class Spiff:
    """Runs workflows in one of the three ways."""

    def __init__(self, way: str, folder: Path) -> None:
        self._stored, self._reloaded = way != "memory", way == "reloaded"
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
        self._connection = sqlite3.connect(folder / "spiff.db", isolation_level=None)
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=full")
        self._connection.execute("create table document (id integer primary key, body text)")

    def start(self, diagram: str, items: int = 1) -> Case:
        workflow = BpmnWorkflow(*specs(diagram, items))
        workflow.do_engine_steps()
        case = Case(workflow)
        if diagram == FAN:
            case.items.extend(t.id for t in workflow.get_tasks(state=TaskState.READY, manual=True))
        if self._stored:
            self._insert(case)
        return case

    def complete(self, case: Case, agreed: bool = False) -> None:
        workflow = self._read(case) if self._reloaded else case.workflow
        if case.items:
            task = workflow.get_task_from_id(case.items.popleft())
        else:
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data["agreed"] = agreed
        task.run()
        workflow.do_engine_steps()
        if self._stored:
            self._write(case, workflow)

    def ended(self, case: Case) -> bool:
        return (case.workflow or self._read(case)).completed

    def load(self, case: Case) -> int:
        workflow = self._read(case)
        return sum(1 for _ in workflow.get_tasks(state=TaskState.READY, manual=True))

    def _insert(self, case: Case) -> None:
        body = self._serializer.serialize_json(case.workflow)
        case.row = self._connection.execute("insert into document (body) values (?)", (body,)).lastrowid
        if self._reloaded:
            case.workflow = None

    def _write(self, case: Case, workflow: BpmnWorkflow) -> None:
        body = self._serializer.serialize_json(workflow)
        self._connection.execute("update document set body = ? where id = ?", (body, case.row))

    def _read(self, case: Case) -> BpmnWorkflow:
        (body,) = self._connection.execute("select body from document where id = ?", (case.row,)).fetchone()
        return self._serializer.deserialize_json(body)


if __name__ == "__main__":
    lift_depth()
    place = Path(sys.argv[2])
    serve(Spiff(sys.argv[1], place), place)
