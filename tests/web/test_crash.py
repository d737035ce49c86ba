"""What a person is told when a step breaks or the disk is full, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from engine.store.database import Database
from tests.collaboration import story
from tests.collaboration.world import World
from tests.engine.test_crash import everything, full
from tests.journeys import checks
from tests.journeys.sent import told, tree
from tests.journeys.served import Visitor, demo_of, monday_in

LONG = "预算超出年度额度。" * 100
TOO_LONG = LONG * 2


@pytest.fixture
def world(sqlite: Database, tmp_path: Path) -> Iterator[World]:
    """The company, whose project waits for its approval."""
    with monday_in(sqlite) as clock:
        made = World(sqlite, clock, tmp_path)  # type: ignore[arg-type]
        made.engine.blobs = made.blobs
        story.file_project(made)
        yield made


@pytest.fixture
def app(world: World) -> Flask:
    return demo_of(world.engine)


@pytest.mark.parametrize(("comment", "then"), [(LONG, 303), (TOO_LONG, 422)])
def test_on_a_full_disk_the_form_comes_back_with_all_that_was_typed(
    world: World, app: Flask, comment: str, then: int
) -> None:
    approver = Visitor(app, world.ids["高岩"])
    item = world.item("高岩", "decide_approval").id
    pairs = approver.open(item, {"decision": "退回修改", "comment": comment})
    before = everything(world.database)
    with full(world.database):
        answer = approver.send(item, pairs)
        assert answer.status_code == 507
        page = tree(answer.text)
        assert "磁盘已满，这次操作没有生效。请管理员腾出空间后重试。" in told(page)
        assert page.xpath("//textarea[@name='comment']")[0].value.strip() == comment
        assert everything(world.database) == before
        for path in ("/", f"/tasks/{item}", "/projects", f"/projects/{world.project().key}"):
            assert approver.client.get(path).status_code == 200
    assert approver.send(item, pairs).status_code == then
    assert world.open_work() == [
        ("王丽", "file_project_info") if then == 303 else ("高岩", "decide_approval")
    ]
    checks.histories(world.engine)


def test_on_a_full_disk_every_other_write_says_so(world: World, app: Flask) -> None:
    approver = Visitor(app, world.ids["高岩"])
    item = world.item("高岩", "decide_approval").id
    token = dict(approver.open(item, {}))["csrf_token"]
    before = everything(world.database)
    with full(world.database):
        said = {"csrf_token": token, "text": "等" * 4000}
        answer = approver.client.post(f"/tasks/{item}/comment", data=said)
        assert answer.status_code == 507
        assert "磁盘已满" in answer.text
    assert everything(world.database) == before


def test_a_fault_is_told_by_a_number_and_has_changed_nothing(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    approver = Visitor(app, world.ids["高岩"])
    item = world.item("高岩", "decide_approval").id
    pairs = approver.open(item, {"decision": "同意"})
    before = everything(world.database)
    with monkeypatch.context() as patched:
        patched.setattr("engine.commands.keep_answer", breaks)
        answer = approver.send(item, pairs)
    assert answer.status_code == 500
    assert "您的操作没有生效" in answer.text
    assert "ZeroDivisionError" not in answer.text
    (reference,) = re.findall(r"<code>([0-9A-F]{8})</code>", answer.text)
    assert f"fault {reference}" in caplog.text
    assert everything(world.database) == before
    assert approver.send(item, pairs).status_code == 303
    assert world.project().status == "启动中"
