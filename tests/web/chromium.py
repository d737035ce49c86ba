"""A real browser for tests: Chromium of the machine, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """Return Chromium's path; without one the test is skipped loudly, or fails in CI."""
    found = os.environ.get("WUXING_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = "NO CHROMIUM: browser tests did not run (set WUXING_CHROMIUM)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


_running: list[tuple[Browser, ExitStack]] = []
_users = 0


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Give the one browser of this process; whoever leaves last closes it.

    Playwright refuses to be started twice in a process, and fixtures of several modules overlap.
    """
    global _users
    if not _running:
        _running.append(_start())
    _users += 1
    try:
        yield _running[0][0]
    finally:
        _users -= 1
        if not _users:
            _running.pop()[1].close()


def _start() -> tuple[Browser, ExitStack]:
    path = chromium_path()
    stack = ExitStack()
    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
    stack.callback(browser.close)
    return browser, stack


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def visitor(browser: Browser, address: str, person: int, **options: object) -> tuple[BrowserContext, Page]:
    """Return a window in which a sample person of a demo is signed in; it fails on errors of the page."""
    context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/login")
    token = page.locator("input[name=csrf_token]").first.get_attribute("value")
    answer = context.request.post(
        f"{address}/demo/persona",
        form={"csrf_token": token or "", "person": str(person), "next": "/me"},
        headers={"Referer": f"{address}/login"},
    )
    assert answer.ok, answer.status
    return context, page
