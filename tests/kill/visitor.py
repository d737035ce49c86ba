"""One person's browser without a browser: cookies, pages, and forms sent as a browser sends them."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from lxml import html

from tests.journeys.typed import Typed, Upload, typed

Pairs = list[tuple[str, str | Upload]]


class Lost(Exception):
    """No answer came: whether anything has happened is unknown."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    body: bytes

    @property
    def page(self) -> Any:
        """The page as a tree."""
        return html.document_fromstring(self.body.decode())

    @property
    def told(self) -> str:
        """The sentences of an error, for messages of failing tests."""
        return " ".join(" ".join(self.page.xpath("//main//text()")).split())[:600]


class Visitor:
    """A sample person of a demo at a window of their own."""

    def __init__(self, port: int, person: int) -> None:
        self.port, self.person = port, person
        self._cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Choose the person, as on the page of personas; does nothing when done before."""
        if not self._cookies:
            token = _csrf(self.get("/demo/persona").page)
            chosen = self.post("/demo/persona", [("csrf_token", token), ("person", str(self.person))])
            assert chosen.status == 303

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, pairs: Pairs) -> Answer:
        """Send a form."""
        boundary = uuid.uuid4().hex
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask("POST", path, _multipart(pairs, boundary), kind)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {**headers, "Cookie": cookie})
            response = connection.getresponse()
            answer = Answer(response.status, response.getheader("Location", ""), response.read())
        except (OSError, http.client.HTTPException) as problem:
            raise Lost(path) from problem
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


def _csrf(page: Any) -> str:
    return str(page.xpath("//input[@name='csrf_token']/@value")[0])


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


def _multipart(pairs: Pairs, boundary: str) -> bytes:
    parts = b"".join(_part(name, value, boundary) for name, value in pairs)
    return parts + f"--{boundary}--\r\n".encode()


def _part(name: str, value: str | Upload, boundary: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
    if isinstance(value, Upload):
        start = f'{head}; filename="{value.name}"\r\nContent-Type: text/plain\r\n\r\n'
        return start.encode() + value.content + b"\r\n"
    return f"{head}\r\n\r\n{value}\r\n".encode()
