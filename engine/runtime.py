"""The engine of one organisation: its database, what content plugged in, and its hot instances."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.blobs import BlobStore
from engine.calendars import Calendar
from engine.handlers import Handlers
from engine.store.database import Database

if TYPE_CHECKING:
    from engine.decisions import Executable
    from engine.definitions import Definition
    from engine.spiff.instance import LiveInstance
    from engine.spiff.program import Program


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step and one process may use; the rest of a long run is queued as a job."""

    tasks_per_step: int = 2000
    hot_instances: int = 512
    message_days: int = 30
    job_attempts: int = 5


class HotInstances:
    """Live instances by id and version; one is handed out to a single step at a time.

    A step takes the instance out and puts it back only after its commit, so that a failed step
    leaves nothing behind that is ahead of the database.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._guard = threading.Lock()
        self._kept: OrderedDict[int, tuple[int, LiveInstance]] = OrderedDict()

    def take(self, instance_id: int, version: int) -> LiveInstance | None:
        """Remove and return the instance if it is kept in exactly this version."""
        with self._guard:
            found = self._kept.pop(instance_id, None)
        return found[1] if found is not None and found[0] == version else None

    def put(self, instance_id: int, version: int, live: LiveInstance) -> None:
        """Keep an instance as of a committed version, unless a newer one is kept already.

        Two steps of one batch are committed together, and the first may come here last.
        """
        with self._guard:
            kept = self._kept.get(instance_id)
            if kept is not None and kept[0] > version:
                return
            self._kept[instance_id] = (version, live)
            self._kept.move_to_end(instance_id)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all; the next step of each instance loads its rows."""
        with self._guard:
            self._kept.clear()


@dataclass(slots=True)
class Engine:
    """Everything commands need; built once by the composition root."""

    database: Database
    handlers: Handlers = field(default_factory=Handlers)
    limits: Limits = field(default_factory=Limits)
    calendar: Calendar = field(default_factory=Calendar)
    blobs: BlobStore = field(default_factory=lambda: BlobStore("memory://files"))
    hot: HotInstances = field(init=False)
    definitions: dict[int, Definition] = field(init=False, default_factory=dict)
    programs: dict[int, Program] = field(init=False, default_factory=dict)
    decisions: dict[int, Executable] = field(init=False, default_factory=dict)
    wake: threading.Event = field(init=False, default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.hot = HotInstances(self.limits.hot_instances)
