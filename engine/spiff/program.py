"""A diagram made ready to run: elements for the step, specs for the token layer."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import NotFound
from engine.spiff.parser.build import build
from engine.spiff.parser.model import Trigger
from engine.spiff.parser.process import ProcessReader
from engine.spiff.parser.xml import read
from engine.spiff.port import Element, SequenceFlow
from engine.spiff.rewrite.pipeline import rewrite
from engine.spiff.specs.activities import Call
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.text import T

KEPT = 128


@dataclass(frozen=True)
class Program:
    """A process and all it calls, immutable and shared by the instances that run it.

    `elements` and `flows` are those of `process_id` by id, and those of called processes where
    their ids are not taken yet; `find` tells equal ids of different processes apart.
    """

    hash: str
    process_id: str
    elements: Mapping[str, Element]
    flows: Mapping[str, SequenceFlow]
    processes: Mapping[str, Mapping[str, Element]]
    specs: Mapping[str, ScopeSpec]

    def keeps_variables(self, spec: str) -> bool:
        """Return whether the scope of this row is a process, which keeps the variables of its tokens."""
        return self.specs[spec].is_process

    def data_objects(self, spec: str) -> frozenset[str]:
        """Return the names that a sub-process keeps for itself."""
        return self.specs[spec].names

    @property
    def needs_event(self) -> bool:
        """Return whether the process begins only when an event occurs, not when somebody starts it."""
        return self.specs[self.process_id].needs_event

    def plain_starts(self) -> list[Element]:
        """Return the start events of which one is chosen when somebody starts the process."""
        drawn = [start for start in self.specs[self.process_id].starts if start.shown]
        return [start.element for start in drawn if start.is_none]

    def timer_starts(self) -> list[tuple[Element, Trigger]]:
        """Return the timers that start the process, with their start events."""
        starts = self.specs[self.process_id].starts
        return [(each.element, t) for each in starts for t in each.triggers if t.kind == "timer"]

    def find(self, process_id: str, element_id: str) -> Element:
        """Return an element of one process; raises `NotFound`."""
        element = self.processes.get(process_id or self.process_id, {}).get(element_id)
        if element is None:
            raise NotFound(T("流程图里没有元素“{element}”", element=element_id), element=element_id)
        return element


_cache: OrderedDict[str, Program] = OrderedDict()
_lock = threading.Lock()


def load_program(xml: bytes, process_id: str, called: Mapping[str, bytes] | None = None) -> Program:
    """Return the program of a process; `called` holds the XML of every process it calls, by id.

    Programs are kept by the hash of all that goes in, the least used leave first. Nothing changes
    a program once it is made, so threads may share it. Raises `UnsafeDocument`, `NotFound` for a
    process that is not there and `Refused` for what the token layer does not run.
    """
    sources = dict(called or {})
    key = _hash(xml, process_id, sources)
    with _lock:
        program = _cache.get(key)
        if program is not None:
            _cache.move_to_end(key)
            return program
    program = _make(key, xml, process_id, sources)
    with _lock:
        _cache[key] = program
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return program


def _hash(xml: bytes, process_id: str, called: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for part in (process_id.encode(), xml, *(p for id in sorted(called) for p in (id.encode(), called[id]))):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _make(key: str, xml: bytes, process_id: str, called: Mapping[str, bytes]) -> Program:
    elements: dict[str, Element] = {}
    flows: dict[str, SequenceFlow] = {}
    processes: dict[str, Mapping[str, Element]] = {}
    specs: dict[str, ScopeSpec] = {}
    todo = [(process_id, xml)]
    while todo:
        id, source = todo.pop(0)
        if id in processes:
            continue
        reader = ProcessReader(read(source), id)
        built = build(rewrite(reader.read()))
        processes[id] = reader.elements
        elements = {**reader.elements, **elements}
        flows = {**reader.flows, **flows}
        specs.update(built)
        todo.extend((each, called.get(each, source)) for each in _calls(built))
    return Program(key, process_id, elements, flows, processes, specs)


def _calls(specs: Mapping[str, ScopeSpec]) -> list[str]:
    nodes = (node for spec in specs.values() for node in spec.task_specs.values())
    return [node.key for node in nodes if isinstance(node, Call)]
