"""One browser window: who sits at it, and how forms are filled in there control by control."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from tests.journeys.typed import Typed, Upload, typed

_ROW = re.compile(r"(.+?)-(\d+)-")


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
        with self.page.expect_navigation():
            banner.locator("select").select_option(str(person))
            if not self.scripts:
                banner.get_by_role("button", name="切换").click()
        assert banner.locator("select").input_value() == str(person)

    def open(self, path: str) -> int:
        """Go to an address and return the status of the answer."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def heading(self) -> str:
        """Return the heading of the page."""
        return self.page.locator("h1").inner_text()

    def text(self) -> str:
        """Return everything that stands on the page."""
        return self.page.locator("main").inner_text()

    def post(self, path: str, values: Mapping[str, str]) -> tuple[int, str]:
        """Send a form without its page, as somebody with bad intentions would; return status and answer."""
        token = self.page.locator("input[name=csrf_token]").first.get_attribute("value")
        answer = self.page.context.request.post(
            self.address + path,
            form={"csrf_token": token or "", **values},
            headers={"Referer": self.page.url},
            max_redirects=0,
        )
        return answer.status, answer.text()

    # ------------------------------------------------------------ forms

    def fill(self, values: Mapping[str, Any]) -> None:
        """Enter the values into the form on the page."""
        for name, value in typed(values, self._row_with):
            self._make_rows(name)
            self._enter(name, value)

    def submit(self) -> None:
        """Press the main button; the form must be accepted."""
        with self.page.expect_navigation():
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
            for missing in range(number + 1):
                mark = self.form().locator(f"input[name='{path}-{missing}-_row']")
                if not mark.count():
                    self._press(f"add:{path}")
                    mark.wait_for(state="attached")

    def _press(self, action: str) -> None:
        """Press a button that changes the form; without JavaScript that is a new page."""
        button = self.form().locator(f"button[name=_do][value='{action}']").last
        if self.scripts:
            button.click()
            return
        with self.page.expect_navigation():
            button.click()

    def _enter(self, name: str, value: Typed) -> None:
        control = self.form().locator(f"[name='{name}']:not([type=hidden])")
        if not self.scripts and not control.count():
            self._press("refresh")
        control.first.wait_for(state="attached")
        self._unfold(control.first)
        kind = control.first.evaluate("node => node.type")
        if kind in ("checkbox", "radio"):
            _tick(control, value)
        elif kind == "file":
            assert isinstance(value, list)
            control.set_input_files([_payload(one) for one in value if isinstance(one, Upload)])
        elif kind == "select-one":
            control.select_option(_word(value))
        else:
            control.fill(_word(value))

    def _unfold(self, control: Locator) -> None:
        for folded in control.locator("xpath=ancestor::details[not(@open)]").all():
            folded.locator("summary").first.click()


def _tick(boxes: Locator, value: Typed) -> None:
    """Tick exactly the given boxes of a name; a single box by yes or no, a radio by its word."""
    values = [box.get_attribute("value") or "" for box in boxes.all()]
    wanted = {_word(value)} if not isinstance(value, list) else {str(one) for one in value}
    if values == ["true"] and value is False:
        wanted = set()
    assert wanted <= set(values), f"{wanted} is not offered: {values}"
    for position, one in enumerate(values):
        box = boxes.nth(position)
        if box.is_checked() != (one in wanted):
            box.locator("xpath=ancestor::label").or_(box).first.click()


def _word(value: Typed) -> str:
    assert not isinstance(value, list)
    return str(value).lower() if isinstance(value, bool) else value


def _payload(upload: Upload) -> Any:
    return {"name": upload.name, "mimeType": "text/plain", "buffer": upload.content}
