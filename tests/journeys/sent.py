"""What a browser sends of a page's form in which somebody has entered values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import html

from tests.journeys.typed import Typed, Upload, typed

Pairs = list[tuple[str, str | Upload]]
STEP = "//form[@data-form]"
"""The form of a step on its page."""


def tree(page: str) -> Any:
    """Return a page as a tree."""
    return html.document_fromstring(page)


def csrf(page: Any) -> str:
    """Return the token of a page's first form."""
    return str(page.xpath("//input[@name='csrf_token']/@value")[0])


def told(page: Any) -> str:
    """Return what stands on a page."""
    return " ".join(" ".join(page.xpath("//main//text()")).split())


def filled(page: Any, form: str, values: Mapping[str, Any]) -> Pairs:
    """Return what a browser would send of a form in which these values were entered."""
    (found,) = page.xpath(form)
    entered = dict(typed(values, lambda path, id: _row_with(found, path, id)))
    pairs: Pairs = [(name, text) for name, text in found.form_values() if name not in entered]
    for name, value in entered.items():
        pairs += [(name, text) for text in _texts(found, name, value)]
    return pairs


def _row_with(form: Any, path: str, id: int) -> int:
    names = form.xpath(f".//input[starts-with(@name, '{path}-')][@value='{id}']/@name")
    (number,) = [int(n.split("-")[-2]) for n in names if n.removeprefix(f"{path}-").endswith("-id")]
    return number


def _texts(form: Any, name: str, value: Typed) -> Iterable[str | Upload]:
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return [value]
    is_box = form.xpath(f".//input[@type='checkbox'][@name='{name}']")
    return (["true"] if value else []) if is_box else [str(value).lower()]
