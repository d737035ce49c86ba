"""The replay of a migrated instance: the old diagram before the migration, the new one after it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from engine import history, replay
from engine.clock import FrozenClock
from engine.migration.applying import migrate
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World
from tests.web.building import post
from tests.web.chromium import served, visitor
from tests.web.messages import ROOT
from tests.web.travelling import application
from webui.cli import main

FOLD = ROOT / "webui" / "assets" / "studio" / "test" / "print-fold.mjs"


def _steps(*steps: str) -> bytes:
    tasks = [build.user(step) for step in steps]
    return build.process(build.start(), *tasks, build.end(), build.flows("start", *steps, "end"))


def _begun(database: Database) -> tuple[World, int]:
    world = World.over(database)
    world.publish(_steps("write", "check", "file"))
    instance = world.start()
    world.complete(world.item("write").id)
    world.publish(_steps("draft", "check", "sign", "file"))
    return world, instance


@pytest.fixture
def migrated(sqlite: Database, at: FrozenClock) -> tuple[World, int, FlaskClient]:
    world, instance = _begun(sqlite)
    migrate(world.engine, world.people["Dan"], "p", old=1, new=2, mapping={"write": "draft"})
    world.complete(world.item("check").id)
    client = application(world).test_client()
    post(client, "/demo/persona", {"person": world.people["Cai"].id}, page="/demo/persona")
    return world, instance, client


def test_each_moment_is_drawn_on_the_version_that_ran(migrated: tuple[World, int, FlaskClient]) -> None:
    world, instance, client = migrated
    with world.engine.database.read() as uow:
        events = history.events(uow, instance)
    seq = next(event.seq for event in events if event.kind == "instance.migrated")
    before = client.get(f"/audit/instances/{instance}?at={seq - 1}").text
    after = client.get(f"/audit/instances/{instance}?at={seq}").text
    assert "sign" not in before.split('data-part="still"')[1].split("</svg>")[0]
    assert "sign" in after.split('data-part="still"')[1].split("</svg>")[0]
    assert "迁移到另一个版本" in after
    xml = f"/audit/instances/{instance}/diagrams/p.bpmn"
    assert 'id="sign"' not in client.get(f"{xml}?at=1").text
    assert 'id="sign"' in client.get(xml).text


def test_the_browser_folds_a_migration_as_the_server_does(
    migrated: tuple[World, int, FlaskClient], tmp_path: Path
) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("NO NODE: the fold in the browser was not compared with the server's")
    world, instance, client = migrated
    record: dict[str, Any] = client.get(f"/audit/instances/{instance}/events.json").json or {}
    assert [each["key"].split("@")[0] for each in record["diagrams"]] == ["p", "p"]
    sent = tmp_path / "events.json"
    sent.write_text(json.dumps(record))
    told = subprocess.run([node, str(FOLD), str(sent)], check=True, capture_output=True, text=True)
    with world.engine.database.read() as uow:
        events = history.events(uow, instance)
    for seq, frame in enumerate(json.loads(told.stdout), start=1):
        expected = replay.fold(events[:seq])
        assert frame["done"] == {f"p/{spot.element}": n for spot, n in expected.done.items()}, seq
        assert frame["flows"] == {f"p/{spot.element}": n for spot, n in expected.flows.items()}, seq
        open_now = {str(t): [f"p/{p.element}", p.scope, p.index] for t, p in expected.tokens.items()}
        assert frame["open"] == open_now, seq


@pytest.mark.browser
def test_the_slider_turns_to_the_other_diagram(
    migrated: tuple[World, int, FlaskClient], chromium: Browser
) -> None:
    world, instance, _ = migrated
    with world.engine.database.read() as uow:
        seq = next(each.seq for each in history.events(uow, instance) if each.kind == "instance.migrated")
    with served(application(world)) as address:
        context, page = visitor(chromium, address, world.people["Cai"].id)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"/audit/instances/{instance}#{seq - 1}")
        page.wait_for_selector("[data-replay][data-ready]")
        sheet = page.locator(".stage:not([hidden])")
        expect(sheet.locator(".rp-done[data-element-id=write]")).to_have_count(1)
        expect(sheet.locator("[data-element-id=sign]")).to_have_count(0)
        page.keyboard.press("j")
        expect(sheet.locator("[data-element-id=sign]")).to_have_count(1)
        expect(sheet.locator(".rp-done[data-element-id=draft]")).to_have_count(1)
        expect(sheet.locator(".rp-now[data-element-id=check]")).to_have_count(1)
        page.locator("[data-part=diagrams] a").first.click()
        expect(sheet.locator("[data-element-id=write]")).to_have_count(1)
        expect(sheet.locator(".rp-now")).to_have_count(0)
        context.close()
    assert not faults


def _run(database: Database, folder: Path, *arguments: str) -> Result:
    given = ["process", "migrate", "p", "--database", str(database.url), "--folder", str(folder)]
    return CliRunner().invoke(main, [*given, "--from", "1", "--to", "2", *arguments])


def test_the_command_tries_tells_and_migrates(sqlite: Database, at: FrozenClock, tmp_path: Path) -> None:
    world, instance = _begun(sqlite)
    stuck = world.start()
    tried = _run(sqlite, tmp_path, "--dry-run")
    assert (tried.exit_code, world.item("check", instance).definition) == (0, 1), tried.output
    done = _run(sqlite, tmp_path, "--json", "--map", "write=draft")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [each["migrates"] for each in told["instances"]] == [True]
    assert told["mapping"] == {
        "p": {
            "write": "draft",
            "start_write": "start_draft",
            "write_check": "draft_check",
            "check_file": None,
        }
    }
    assert stuck not in [each["instance"] for each in told["instances"]]
    world.engine.hot.clear()
    world.complete(world.item("check", instance).id)
    world.item("sign", instance)
    assert _run(sqlite, tmp_path, "--map", "write").exit_code == 2
    assert "没有" in _run(sqlite, tmp_path, "--map", "nobody=draft").output
