"""The frame in a real browser: accessible, inside the window, silent on the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

from engine.store.database import Database
from tests.web.building import application, organisation, person
from tests.web.chromium import served, visitor

pytestmark = pytest.mark.browser

PAGES = (
    "/login?form",
    "/demo/persona",
    "/me",
    "/admin/people",
    "/admin/departments",
    "/admin/jobs",
    "/admin/incidents",
    "/nowhere",
)
WIDTHS = (1440, 390, 360)


@pytest.fixture(scope="module")
def demo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a demo, and its administrator."""
    database: Database = organisation(tmp_path_factory.mktemp("look"))
    with served(application(database, demo=True)) as address:
        yield address, person(database, "某administrator")
    database.close()


@pytest.fixture(scope="module")
def window(chromium: Browser, demo_address: tuple[str, int]) -> Iterator[tuple[Page, str, list[str]]]:
    """A window of the administrator, with what its console said and what it asked of other hosts."""
    address, administrator = demo_address
    context, page = visitor(chromium, address, administrator)
    said: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith(address):
            said.append(request.url)

    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("request", note_request)
    yield page, address, said
    context.close()


def _dress(page: Page, address: str, language: str, theme: str) -> None:
    page.context.add_cookies(
        [
            {"name": "lang", "value": language, "url": address},
            {"name": "theme", "value": theme, "url": address},
        ]
    )


def _told(violation: dict[str, Any]) -> str:
    node = violation["nodes"][0]
    return f"{violation['id']} {node['target']} {node['failureSummary'][:200]}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_accessible_and_fit(window: tuple[Page, str, list[str]], language: str, theme: str) -> None:
    page, address, said = window
    _dress(page, address, language, theme)
    wrong = []
    for path in PAGES:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address + path)
            if page.evaluate("() => document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} at {width} scrolls sideways")
            if width != 360:
                found = Axe().run(page).response["violations"]
                wrong += [f"{path} at {width}: {_told(violation)}" for violation in found]
    assert wrong == []
    assert [line for line in said if "404" not in line] == []


def test_persona_and_time_are_switched_from_the_banner(window: tuple[Page, str, list[str]]) -> None:
    page, address, _ = window
    _dress(page, address, "zh", "light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address + "/me")
    page.locator(".demo summary").first.click()
    page.locator("#persona").select_option(label="王丽 · 第一负责人")
    page.wait_for_selector(".toast:has-text('现在以王丽的身份操作')")
    assert page.locator(".side-me").inner_text().startswith("丽")
    page.locator(".demo summary").nth(1).click()
    page.get_by_role("button", name="1 天").click()
    page.wait_for_selector(".toast:has-text('演示时间')")
    page.goto(address + "/demo/persona")
    page.get_by_role("button", name="某administrator").click()
    page.wait_for_url(address + "/")


def test_phone_menu_opens_and_closes_without_scripts(
    chromium: Browser, demo_address: tuple[str, int]
) -> None:
    phone = {"width": 390, "height": 844}
    context, page = visitor(chromium, *demo_address, java_script_enabled=False, viewport=phone)
    page.goto("/me")
    assert not page.locator("#menu").is_visible()
    page.get_by_role("link", name="更多").click()
    assert page.locator("#menu").is_visible()
    page.get_by_role("link", name="关闭菜单").click()
    assert not page.locator("#menu").is_visible()
    context.close()


def test_rows_are_walked_by_keys_but_not_while_typing(window: tuple[Page, str, list[str]]) -> None:
    page, address, _ = window
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address + "/admin/departments")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("() => document.activeElement.textContent") in ("研发部", "R&D")
    page.keyboard.press("k")
    assert page.evaluate("() => document.activeElement.textContent") in ("市场部", "Marketing")
    page.goto(address + "/admin/people")
    page.locator("#q").fill("")
    page.locator("#q").press("j")
    assert page.locator("#q").input_value() == "j"
