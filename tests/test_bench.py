"""The measurements run: each of our own in its smallest size, without the peers."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bench
from bench import crowd, environment, feel, growth, inbox, step
from bench.environment import Missing
from bench.field import Field, Process, field
from bench.report import Row, Section, at_most, table

STUB = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    time.sleep(asked["sleep"])
    print(json.dumps({"laps": [], "seconds": asked["seconds"], "reached": 7}), flush=True)
"""


@pytest.fixture
def alone() -> Iterator[Field]:
    with field(peers=False) as contenders:
        yield contenders


def cells(sections: list[Section]) -> list[str]:
    assert all(row.milliseconds for section in sections for row in section.rows)
    return [row.what for section in sections for row in section.rows]


def test_every_module_of_the_measurements_imports() -> None:
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "peers"]
    for name in names:
        importlib.import_module(f"bench.{name}")
    assert {"field", "growth", "machine", "step", "web"} <= set(names)


def test_completions_are_measured_beside_the_floor(alone: Field) -> None:
    (section,) = step.measure(alone, rounds=1, seconds=0.05)
    floor, hot, cold = section.rows
    assert floor.floor == 1.0
    assert hot.rate is not None
    assert [goal.text for goal in hot.goals] == ["≤ 5 × floor", "≥ 500 a second"]
    assert cold.goals == ()


def test_growth_is_measured_in_its_smallest_size(alone: Field) -> None:
    assert len(cells(growth.fan_out(alone, sizes=(3, 4), seconds=0.05))) == 5
    assert len(cells(growth.loads(alone, sizes=(3,), seconds=0.05))) == 1
    early, late = growth.rounds(alone, marks=(1, 3), cap=0.05)
    assert all(isinstance(row.milliseconds, float) for row in [early.rows[0], late.rows[0]])


def test_a_round_that_was_not_reached_is_said(alone: Field) -> None:
    (section,) = growth.rounds(alone, marks=(100_000,), cap=0.01)
    assert str(section.rows[1].milliseconds).startswith("> 0.01 s at round ")


def test_the_other_measurements_run(alone: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "_SECONDS", 0.05)
    monkeypatch.setattr(feel, "ROUNDS", 1)
    assert len(cells(crowd.measure(alone, crowds=(1, 2)))) == 2
    assert len(cells(inbox.measure(alone, small=20, large=40))) == 2
    assert "`approved`" in cells(feel.measure(alone, calls=1))


def test_peer_that_does_not_answer_in_time_is_ended_and_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.field.GRACE", 0.2)
    peer = Process(lambda folder: [sys.executable, "-c", STUB])
    assert peer.ask("fan", 0.1, sleep=5) == "> 0.3 s"
    monkeypatch.setattr("bench.field.GRACE", 20)
    answer = peer.ask("fan", 0.1, sleep=0)
    peer.close()
    assert answer == {"laps": [], "seconds": 0.1, "reached": 7}


def test_peer_that_fails_leaves_the_others_running(capfd: pytest.CaptureFixture[str]) -> None:
    peer = Process(lambda folder: [sys.executable, "-c", "raise SystemExit(1)"])
    assert peer.ask("fan", 20) == "failed"
    assert "!!! a peer ended" in capfd.readouterr().err


def test_table_says_which_target_was_missed() -> None:
    rows = [Row("ours", 1.5, 3.0, goals=(at_most("≤ 5 ×", 3.0, 5), at_most("≤ 1 ms", 1.5, 1)))]
    text = table([Section("One step", rows, "a floor")])
    assert "| ours | 1.50 | 3.00 |  |  | ≤ 5 ×; ≤ 1 ms | yes; **no** |" in text


def test_peer_that_cannot_be_installed_is_named_loudly_and_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable() -> Path:
        raise Missing("npm error code ECONNREFUSED")

    monkeypatch.setattr(environment, "node", unreachable)
    monkeypatch.setattr(environment, "python", lambda: Path(sys.executable))
    with field() as contenders:
        names = {contender.name for contender in contenders.contenders}
    assert contenders.missing == ["bpmn-engine"]
    assert not any(name.startswith("bpmn-engine") for name in names)
    assert "django-viewflow, service level" in names
    assert capsys.readouterr().err == "!!! not measured: bpmn-engine: npm error code ECONNREFUSED\n"
