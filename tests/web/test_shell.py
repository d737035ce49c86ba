"""The frame around every page, its weight, and what starting costs."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from engine import clock, settings
from engine.calendars import Calendar
from engine.clock import SystemClock, use_clock
from engine.errors import InvalidInput
from engine.runtime import Engine
from engine.store.database import Database, open_database
from tests.web.building import post, signed_in
from tests.web.messages import ROOT
from webui.addresses import local_path
from webui.demo import time as demo_time
from webui.demo.loading import is_loaded, load

STATIC = ROOT / "webui" / "static"
SHANGHAI = ZoneInfo("Asia/Shanghai")

LATE_IMPORTS = (
    "alembic",
    "authlib",
    "pydantic",
    "pypinyin",
    "httpx",
    "openpyxl",
    "apprise",
    "cryptography",
    "icalendar",
    "holidays",
    "rich",
    "sqlalchemy.orm",
)


def _packed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_style_sheet_stays_light() -> None:
    assert _packed("app.css") <= 10 * 1024


def test_ordinary_pages_stay_light(app: Flask, org: Database) -> None:
    client = signed_in(app, org, "administrator")
    for address in ("/login?form", "/me", "/admin/people", "/admin/departments", "/admin/jobs"):
        page = client.get(address).text
        assert len(page.encode()) <= 30 * 1024, address
        linked = re.findall(r"/static/([\w./-]+\.(?:css|js))", page)
        assert _packed(*set(linked)) <= 40 * 1024, (address, linked)


def test_pages_hold_no_inline_code_and_no_foreign_address(app: Flask, org: Database) -> None:
    client = signed_in(app, org, "administrator")
    for address in ("/login?form", "/me", "/admin/people", "/admin/jobs", "/admin/incidents", "/nowhere"):
        page = client.get(address).text
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page), address
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), address
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), address


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    asked = set()
    for path in (ROOT / "webui").rglob("*.html"):
        asked |= set(re.findall(r'icon(?:_name)?(?:\(|=)"([\w-]+)"', path.read_text(encoding="utf-8")))
    from webui.navigation import SECTIONS

    asked |= {entry.icon for section in SECTIONS for entry in section.entries}
    assert asked <= drawn


def test_start_leaves_out_what_can_come_later() -> None:
    code = "import sys, webui.app, webui.cli; print(*sys.modules)"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout.split()
    )
    assert not set(LATE_IMPORTS) & loaded


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("/projects?tab=plan", "/projects?tab=plan"),
        ("/", "/"),
        ("", "/"),
        (None, "/"),
        ("projects", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
    ],
)
def test_only_pages_of_this_server_are_followed(address: str | None, followed: str) -> None:
    assert local_path(address) == followed


@pytest.mark.parametrize(
    ("step", "reached"),
    [
        ("+1h", "2026-09-30 18:30"),
        ("+1d", "2026-10-01 17:30"),
        ("+7d", "2026-10-07 17:30"),
        # 2026-10-01 to 10-07 is National Day; 10-08 is the first working day after it.
        ("workday", "2026-10-08 09:00"),
    ],
)
def test_step_of_the_demo_leads_to_its_moment(step: str, reached: str) -> None:
    evening = datetime(2026, 9, 30, 9, 30, tzinfo=UTC)
    moment = demo_time.target(evening, step, Calendar(), SHANGHAI)
    assert f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == reached


@pytest.mark.parametrize("step", ["", "1d", "-1d", "+1y", "+99999d", "+1d; drop"])
def test_other_steps_are_refused(step: str) -> None:
    with pytest.raises(InvalidInput):
        demo_time.target(datetime(2026, 9, 30, tzinfo=UTC), step, Calendar(), SHANGHAI)


def test_time_moved_by_one_process_is_followed_by_another(org: Database) -> None:
    with use_clock(SystemClock()):
        before = clock.now()
        demo_time.move(org, "+1d", Calendar(), SHANGHAI)
        clock.set_clock(SystemClock())
        assert demo_time.follow(org)
        assert timedelta(hours=23) < clock.now() - before < timedelta(hours=25)
        assert not demo_time.follow(org)


def test_banner_moves_time(demo: Flask, org: Database) -> None:
    with use_clock(SystemClock()):
        client = demo.test_client()
        post(client, "/demo/persona", {"person": 1}, page="/demo/persona")
        answer = post(client, "/demo/clock", {"step": "+1d", "next": "/me"}, page="/me")
        assert answer.headers["Location"] == "/me"
        assert "演示时间" in client.get("/me").text
        with org.read() as uow:
            assert settings.clock_offset(uow) == timedelta(days=1)


def test_banner_is_shown_in_a_demo_only(demo: Flask, app: Flask) -> None:
    assert 'class="demo"' in demo.test_client().get("/demo/persona").text
    assert 'class="demo"' not in app.test_client().get("/login").text


def _opened(address: str, folder: Path) -> Engine:
    database = open_database(address)
    database.create()
    return Engine(database)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_interrupted_loading_leaves_no_half_demo(tmp_path: Path) -> None:
    def broken(engine: Engine, progress: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, _opened, broken, print)
    assert not is_loaded(tmp_path)
    load(tmp_path, _opened, lambda engine, progress: None, print)
    assert is_loaded(tmp_path)
    assert _names(tmp_path) == ["demo.db", "demo.tables"]


def test_demo_of_an_older_program_is_set_aside(tmp_path: Path) -> None:
    load(tmp_path, _opened, lambda engine, progress: None, print)
    (tmp_path / "demo.tables").write_text("older")
    assert not is_loaded(tmp_path)
    load(tmp_path, _opened, lambda engine, progress: None, print)
    assert is_loaded(tmp_path)
    assert _names(tmp_path) == ["demo.db", "demo.previous.db", "demo.tables"]
