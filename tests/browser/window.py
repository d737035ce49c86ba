"""One browser window: who sits at it, and how forms are filled in there control by control."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.journeys.typed import Typed, Upload, typed

_ROW = re.compile(r"(.+?)-(\d+)-")
_LOOK = """nodes => ({
    kind: nodes[0].type,
    folded: nodes[0].closest("details:not([open])") !== null,
    boxes: nodes.map((node) => [node.value, node.checked]),
})"""
SOON: Any = "domcontentloaded"


@dataclass
class Window:
    """A window of a demo; `scripts` tells whether JavaScript is on."""

    page: Page
    address: str
    scripts: bool = True

    def become(self, person: int) -> None:
        """Act as another person, chosen in the banner."""
        banner = self.page.locator(".demo details").first
        if self.page.url == "about:blank" or not banner.count():
            self.page.goto(f"{self.address}/demo/persona")
            self.page.locator(f"button[name=person][value='{person}']").click()
            return
        if banner.locator("select").input_value() == str(person):
            return
        banner.locator("summary").click()
        with self.page.expect_navigation(wait_until=SOON):
            banner.locator("select").select_option(str(person))
            if not self.scripts:
                banner.get_by_role("button", name="切换").click()
        assert banner.locator("select").input_value() == str(person)

    def open(self, path: str) -> int:
        """Go to an address and return the status of the answer."""
        answer = self.page.goto(self.address + path, wait_until=SOON)
        assert answer is not None
        return answer.status

    def heading(self) -> str:
        """Return the heading of the page."""
        return self.page.locator("h1").inner_text()

    def text(self) -> str:
        """Return everything that stands on the page."""
        return self.page.locator("main").inner_text()

    # ------------------------------------------------------------ forms

    def fill(self, values: Mapping[str, Any]) -> None:
        """Enter the values into the form on the page."""
        for name, value in typed(values, self._row_with):
            self._make_rows(name)
            self._enter(name, value)

    def submit(self) -> None:
        """Press the main button; the form must be accepted."""
        with self.page.expect_navigation(wait_until=SOON):
            self.form().locator("button[name=_do][value=submit]").click()
        wrong = self.page.locator(".errs")
        assert not wrong.count(), wrong.all_inner_texts()

    def form(self) -> Locator:
        """Return the form of the step."""
        return self.page.locator("form[data-form]")

    def _row_with(self, path: str, id: int) -> int:
        found = self.form().locator(f"input[name^='{path}-'][name$='-id'][value='{id}']")
        names = [re.fullmatch(rf"{path}-(\d+)-id", n.get_attribute("name") or "") for n in found.all()]
        (number,) = [int(match.group(1)) for match in names if match]
        return number

    def _make_rows(self, name: str) -> None:
        """Press the add button of each list on the way to a control until its row is there."""
        for match in _ROW.finditer(name):
            path, number = name[: match.end(1)], int(match.group(2))
            if self._mark(path, number).count():
                continue
            for missing in range(number + 1):
                if not self._mark(path, missing).count():
                    self._press(f"add:{path}")
                    self._mark(path, missing).wait_for(state="attached")

    def _mark(self, path: str, number: int) -> Locator:
        return self.form().locator(f"input[name='{path}-{number}-_row']")

    def _press(self, action: str) -> None:
        """Press a button that changes the form; without JavaScript that is a new page."""
        button = self.form().locator(f"button[name=_do][value='{action}']").last
        if self.scripts:
            button.click()
            return
        with self.page.expect_navigation(wait_until=SOON):
            button.click()

    def _enter(self, name: str, value: Typed) -> None:
        control = self.form().locator(f"[name='{name}']:not([type=hidden])")
        if not self.scripts and not control.count():
            self._press("refresh")
        control.first.wait_for(state="attached")
        found = control.evaluate_all(_LOOK)
        if found["folded"]:
            self._unfold(control.first)
        if found["kind"] in ("checkbox", "radio"):
            _tick(control, value, found["boxes"], one=found["kind"] == "radio")
        elif found["kind"] == "file":
            assert isinstance(value, list)
            control.set_input_files([_payload(one) for one in value if isinstance(one, Upload)])
        elif found["kind"] == "select-one":
            control.select_option(_word(value))
        else:
            control.fill(_word(value))

    def _unfold(self, control: Locator) -> None:
        for folded in control.locator("xpath=ancestor::details[not(@open)]").all():
            folded.locator("summary").first.click()


def _tick(boxes: Locator, value: Typed, found: list[tuple[str, bool]], *, one: bool) -> None:
    """Tick exactly the given boxes of a name; a single box by yes or no, `one` of several by its word."""
    offered = [word for word, _ in found]
    wanted = {_word(value)} if not isinstance(value, list) else {str(word) for word in value}
    if offered == ["true"] and value is False:
        wanted = set()
    assert wanted <= set(offered), f"{wanted} is not offered: {offered}"
    for position, (word, ticked) in enumerate(found):
        if ticked != (word in wanted) and not (one and ticked):
            box = boxes.nth(position)
            box.locator("xpath=ancestor::label").or_(box).first.click()


def _word(value: Typed) -> str:
    assert not isinstance(value, list)
    return str(value).lower() if isinstance(value, bool) else value


def _payload(upload: Upload) -> Any:
    return {"name": upload.name, "mimeType": "text/plain", "buffer": upload.content}


class Outsider:
    """Somebody who asks the server directly, past its pages."""

    def __init__(self, browser: Browser, address: str, person: int) -> None:
        self.context = browser.new_context(base_url=address)
        self._token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/demo/persona")[1])
        assert self.post("/demo/persona", {"person": str(person)})[0] == 303

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page; return status and answer."""
        answer = self.context.request.get(path)
        return answer.status, answer.text()

    def post(self, path: str, values: Mapping[str, str]) -> tuple[int, str]:
        """Send a form without its page; return status and answer."""
        assert self._token is not None
        form: Any = {"csrf_token": self._token.group(1), **values}
        answer = self.context.request.post(path, form=form, max_redirects=0)
        return answer.status, answer.text()
