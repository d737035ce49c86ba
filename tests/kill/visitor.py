"""One person's browser without a browser: cookies, pages, and forms sent as a browser sends them."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from tests.journeys.sent import Pairs, csrf, told, tree
from tests.journeys.typed import Upload


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
        return tree(self.body.decode())

    @property
    def told(self) -> str:
        """The sentences of an error, for messages of failing tests."""
        return told(self.page)[:600]


class Visitor:
    """A sample person of a demo at a window of their own."""

    def __init__(self, port: int, person: int) -> None:
        self.port, self.person = port, person
        self._cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Choose the person, as on the page of personas; does nothing when done before."""
        if not self._cookies:
            token = csrf(self.get("/demo/persona").page)
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


def _multipart(pairs: Pairs, boundary: str) -> bytes:
    parts = b"".join(_part(name, value, boundary) for name, value in pairs)
    return parts + f"--{boundary}--\r\n".encode()


def _part(name: str, value: str | Upload, boundary: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
    if isinstance(value, Upload):
        start = f'{head}; filename="{value.name}"\r\nContent-Type: text/plain\r\n\r\n'
        return start.encode() + value.content + b"\r\n"
    return f"{head}\r\n\r\n{value}\r\n".encode()
