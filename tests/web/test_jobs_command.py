"""`wuxing jobs`: seen, tried again, given up with a reason; what refuses does not stop the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import due, jobs
from engine.store.database import Database, open_database
from webui.admin.operations import JOB_KINDS
from webui.cli import main
from webui.serving import open_engine

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of data with two jobs that failed and one that is due."""
    engine = open_engine(f"sqlite:///{tmp_path / 'wuxing.db'}", tmp_path)
    with engine.database.write() as uow:
        for number in range(3):
            jobs.add(uow, "deliver", NOW, NOW, {"name": f"m{number}"})
        uow.sql("update job set state = 'dead', error = 'no' where id < 3")
    engine.database.close()
    return tmp_path


def run(place: Path, *args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["jobs", *args, "--folder", str(place)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def states(place: Path) -> list[tuple[str, str | None]]:
    database: Database = open_database(f"sqlite:///{place / 'wuxing.db'}")
    with database.read() as uow:
        found = [(each.state, each.note) for each in reversed(jobs.page(uow))]
    database.close()
    return found


def test_jobs_of_a_state_are_listed_with_all_counts(place: Path) -> None:
    code, output = run(place, "list", "--state", "dead", "--json")
    told = json.loads(output)
    assert code == 0
    assert told["counts"] == {"dead": 2, "due": 1}
    assert [(job["id"], job["error"]) for job in told["jobs"]] == [(2, "no"), (1, "no")]
    assert "dead 2, due 1" in run(place, "list")[1]


def test_dead_jobs_are_tried_again_together(place: Path) -> None:
    assert run(place, "retry", "--dead") == (0, "2: ok\n1: ok\n")
    assert [state for state, _ in states(place)] == ["due", "due", "due"]


def test_jobs_are_given_up_with_a_reason_and_a_wrong_number_does_not_stop_it(place: Path) -> None:
    code, output = run(place, "skip", "7", "1", "--reason", "已电话处理")
    assert code == 1
    assert "1: ok" in output
    assert states(place)[0] == ("skipped", "已电话处理")


def test_which_jobs_must_be_said(place: Path) -> None:
    assert run(place, "retry")[0] == 2
    assert run(place, "retry", "1", "--dead")[0] == 2


def test_every_kind_of_job_has_a_name_for_operators() -> None:
    assert set(due.KINDS) <= set(JOB_KINDS)
