"""The company of the stories, whose people act by filling in pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import expect

from engine import clock
from engine.clock import OffsetClock
from engine.store.database import Database
from engine.store.tables import event, instance
from engine.work import WorkItem
from processes.collaboration import projects, tables
from tests.browser.window import SOON, Outsider, Window
from tests.collaboration.world import World
from tests.journeys.campaign import hire_lead
from tests.journeys.typed import Upload


class PagesWorld(World):
    """People who sit at one window in turn; `act` is a visit to the inbox and a form filled in."""

    window: Window

    def __init__(self, database: Database, at: OffsetClock, folder: Path) -> None:
        super().__init__(database, at, folder)  # type: ignore[arg-type]
        self.outsiders: dict[str, Outsider] = {}
        self.engine.blobs = self.blobs
        hire_lead(self)

    def start(self, name: str) -> int:
        """Start a project from the page of all processes; return its instance."""
        self.window.become(self.ids[name])
        self.window.open("/start")
        offer = self.window.page.locator("section.offer", has_text="多部门协同项目")
        with self.window.page.expect_navigation(wait_until=SOON):
            offer.get_by_role("button", name="发起").click()
        (found,) = [row["id"] for row in self.rows(sa.select(instance.c.id))][-1:]
        return int(found)

    def act(self, name: str, element: str, values: dict[str, Any], *, item: int | None = None) -> None:
        chosen = item if item is not None else self.item(name, element).id
        self.take(name, chosen)
        self.window.fill(values)
        self.window.submit()
        expect(self.window.page.locator("main")).to_contain_text("提交的内容")
        self.expect_no_trouble()

    def take(self, name: str, item: int) -> None:
        """Open an item from the inbox of the person who has it."""
        self.window.become(self.ids[name])
        self.window.open("/")
        self.window.page.locator(f"td.main a[href='/tasks/{item}']").click()
        self.window.form().wait_for()

    def file(self, name: str, element: str, title: str) -> dict[str, Any]:
        return Upload(title, f"{title} {clock.now():%c}".encode())  # type: ignore[return-value]

    # ------------------------------------------------------------ what must not happen

    def refused(self, name: str, item: WorkItem, values: dict[str, str] | None = None) -> str:
        """Visit and send somebody else's step; nothing changes. Returns what the person is told."""
        before = self.everything()
        outsider = self._outsider(name)
        status, page = outsider.get(f"/tasks/{item.id}")
        assert status in (200, 404)
        assert "data-form" not in page
        status, answer = outsider.post(f"/tasks/{item.id}", {"_do": "submit", **(values or {})})
        assert status in (404, 409), status
        assert self.everything() == before
        return answer

    def cannot_start(self, name: str, process_id: str) -> str:
        """Try to start a part of the method by itself; returns what the person is told."""
        before = self.everything()
        status, answer = self._outsider(name).post(f"/start/{process_id}", {})
        assert status == 404
        assert self.everything() == before
        return answer

    def _outsider(self, name: str) -> Outsider:
        if name not in self.outsiders:
            browser = self.window.page.context.browser
            assert browser is not None
            self.outsiders[name] = Outsider(browser, self.window.address, self.ids[name])
        return self.outsiders[name]

    def everything(self) -> tuple[Any, ...]:
        """Return the whole state of the projects: open work, statuses, and how much has happened."""
        with self.database.read() as uow:
            ids = uow.execute(sa.select(tables.project.c.id).order_by(tables.project.c.id)).scalars()
            statuses = [(number, projects.get(uow, number).status) for number in ids]
            happened = uow.execute(sa.select(sa.func.count()).select_from(event)).scalar_one()
        return self.open_work(), statuses, happened

    def status_on_its_page(self, name: str) -> str:
        """Return the status a person reads on the project's page."""
        self.window.become(self.ids[name])
        assert self.window.open(f"/projects/{self.project().key}") == 200
        return self.window.page.locator(".top-title .tag").first.inner_text().strip()

    def wait_a_day(self) -> None:
        """Move the demo's time by a day from the banner; what is due happens."""
        banner = self.window.page.locator(".demo details").nth(1)
        banner.locator("summary").click()
        with self.window.page.expect_navigation(wait_until=SOON):
            banner.get_by_role("button", name="1 天").click()
        self.expect_no_trouble()

    def instances(self, process: str) -> list[int]:
        """Return the instances of a process in order of their start."""
        query = sa.select(instance.c.id).where(instance.c.process_id == process).order_by(instance.c.id)
        return [row["id"] for row in self.rows(query)]

    def not_open(self, *elements: str) -> None:
        """Nobody has been offered these steps yet."""
        assert {element for _, element in self.open_work()}.isdisjoint(elements)
