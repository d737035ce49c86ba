"""The field: ours and the peers, each asked for the same workloads in the same rounds."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench import environment, workloads
from bench.ours import Bench, Ours
from bench.workloads import Answer, Call, sqlite_floor

# What a peer may take beyond the seconds it was given, to finish the completion it is at.
GRACE = 10


class Runner(Protocol):
    """What runs a workload; a text in place of an answer says why there is none."""

    def ask(self, work: str, seconds: float, **arguments: object) -> Answer | str: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the field, by the name it has in the table."""

    name: str
    runner: Runner
    ours: bool = False
    loads: bool = True


class InProcess:
    """Our engine, run in this process."""

    def __init__(self, ours: Ours, floor: Call) -> None:
        self._ours, self._floor = ours, floor

    def ask(self, work: str, seconds: float, **arguments: object) -> Answer:
        return workloads.run(self._ours, self._floor, {"work": work, "seconds": seconds, **arguments})

    def close(self) -> None:
        """Nothing is open that is its own."""


class Process:
    """A peer in a process of its own; one that does not answer in time is killed and begun anew."""

    def __init__(self, command: Callable[[Path], list[str | Path]]) -> None:
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def ask(self, work: str, seconds: float, **arguments: object) -> Answer | str:
        process = self._process or self._begin()
        request = json.dumps({"work": work, "seconds": seconds, **arguments})
        answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert process.stdin is not None
        assert process.stdout is not None
        # One that has ended already does not read; that it says nothing is noticed below.
        with suppress(BrokenPipeError):
            process.stdin.write(request + "\n")
            process.stdin.flush()
        threading.Thread(target=lambda: answers.put(process.stdout.readline()), daemon=True).start()
        try:
            line = answers.get(timeout=seconds + GRACE)
        except queue.Empty:
            self.close()
            return f"> {seconds + GRACE:g} s"
        if not line:
            self.close()
            print(f"!!! a peer ended at {request}: its error is above", file=sys.stderr)
            return "failed"
        answer: Answer = json.loads(line)
        return answer

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _begin(self) -> subprocess.Popen[str]:
        self._folder = tempfile.TemporaryDirectory()
        command = self._command(Path(self._folder.name))
        self._process = subprocess.Popen(
            command, cwd=environment.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self._process


@dataclass(frozen=True, slots=True)
class Field:
    """All that are measured alike, ours first, and the peers that could not be installed.

    `peers` says whether peers were wanted at all: nothing is installed for a field without them.
    """

    bench: Bench
    contenders: list[Contender]
    missing: list[str]
    peers: bool


@contextmanager
def field(*, peers: bool = True) -> Iterator[Field]:
    """Open the field over a new folder; peers that cannot be installed are missing, loudly."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(f"sqlite:///{folder / 'bench.db'}")
        floor = sqlite_floor(folder)
        reloaded = InProcess(Ours(bench, reloaded=True), floor)
        contenders = [
            Contender("ours", InProcess(Ours(bench), floor), ours=True),
            Contender("ours, read back before every step", reloaded, loads=False),
        ]
        missing: list[str] = []
        if peers:
            contenders += _installed(missing)
        try:
            yield Field(bench, contenders, missing, peers)
        finally:
            for contender in contenders:
                contender.runner.close()
            bench.database.close()


def _installed(missing: list[str]) -> list[Contender]:
    found = []
    for names, peers in ((("SpiffWorkflow", "django-viewflow"), _python), (("bpmn-engine",), _node)):
        try:
            found += peers()
        except environment.Missing as error:
            missing += names
            for name in names:
                print(f"!!! not measured: {name}: {error}", file=sys.stderr)
    return found


def _python() -> list[Contender]:
    python = environment.python()

    def spiff(way: str) -> Process:
        return Process(lambda folder: [python, "-m", "bench.peers.spiff", way, folder])

    viewflow = Process(lambda folder: [python, "-m", "bench.peers.viewflow_service", folder])
    return [
        Contender("SpiffWorkflow in memory, **not durable**", spiff("memory"), loads=False),
        Contender("SpiffWorkflow, a JSON document per step", spiff("kept")),
        Contender("SpiffWorkflow, its document read back before every step", spiff("reloaded"), loads=False),
        Contender("django-viewflow, service level", viewflow),
    ]


def _node() -> list[Contender]:
    folder = environment.node()
    script = folder / "bpmn_engine.mjs"

    def engine(way: str) -> Process:
        return Process(lambda folder: ["node", script, way, folder, environment.PEERS])

    return [
        Contender("bpmn-engine, getState per step", engine("kept")),
        Contender("bpmn-engine, its state recovered before every step", engine("reloaded"), loads=False),
    ]
