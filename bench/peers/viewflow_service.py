"""django-viewflow below its pages: lock, transaction, activation, as its view does it.

python -m bench.peers.viewflow_service FOLDER
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from bench.workloads import FAN, serve


def set_up(folder: Path) -> None:
    """Configure Django over a new SQLite database whose commits are durable."""
    durable = "pragma journal_mode=wal; pragma synchronous=full"
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "viewflow.db",
        "OPTIONS": {"init_command": durable, "transaction_mode": "IMMEDIATE"},
    }
    apps = ["contenttypes", "auth"]
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[f"django.contrib.{a}" for a in apps]
        + ["viewflow", "viewflow.workflow", "bench.peers"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


@dataclass
class Case:
    """A process and, of a fan-out, the tasks that are still open."""

    flow: Any
    process: int
    items: deque[int] = field(default_factory=deque)


class Viewflow:
    """Runs the two workflows."""

    def __init__(self) -> None:
        from django.contrib.auth.models import User
        from viewflow.workflow.models import Process, Task

        from bench.peers.viewflow_flows import Approval, Fan

        User.objects.create_user("anna")
        self._flows = {"approval": Approval, FAN: Fan}
        self._tasks, self._processes = Task.objects, Process.objects

    def start(self, diagram: str, items: int = 1) -> Case:
        flow = self._flows[diagram]
        process = flow.start.run(_process_data={"items": items, "agreed": False})
        case = Case(flow, process.pk)
        case.items.extend(self._open(case).values_list("pk", flat=True))
        return case

    def complete(self, case: Case, agreed: bool = False) -> None:
        with case.flow.lock(case.process):
            task = self._tasks.get(pk=case.items.popleft())
            activation = task.flow_task.activation_class(task)
            if activation.process.data["agreed"] != agreed:
                activation.process.data["agreed"] = agreed
                activation.process.save()
            activation.start(None)
            activation.execute()
        if not case.items:
            case.items.extend(self._open(case).values_list("pk", flat=True)[:1])

    def ended(self, case: Case) -> bool:
        return self._processes.get(pk=case.process).status == "DONE"

    def load(self, case: Case) -> int:
        self._processes.get(pk=case.process)
        return len([task.flow_task.activation_class(task) for task in self._open(case)])

    def _open(self, case: Case) -> Any:
        return self._tasks.filter(process=case.process, status="ASSIGNED").order_by("pk")


if __name__ == "__main__":
    place = Path(sys.argv[1])
    set_up(place)
    serve(Viewflow(), place)
