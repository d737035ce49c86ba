"""Completion over HTTP and the start of the demo, beside a bare Flask route with the same transaction."""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from subprocess import DEVNULL
from urllib.parse import urlencode

from flask import Flask
from waitress.server import create_server

from bench.field import Field
from bench.ours import Bench
from bench.report import Row, Section, at_most
from bench.workloads import sqlite_floor
from engine import work


class Server:
    """An application served by waitress on a free port of this machine."""

    def __init__(self, app: Flask) -> None:
        self._server = create_server(app, host="127.0.0.1", port=0, threads=8)
        self.port: int = int(self._server.effective_port)
        threading.Thread(target=self._server.run, daemon=True).start()


def floor_app(folder: Path) -> Flask:
    """Return a bare application whose one route makes the floor's transaction."""
    app, once, lock = Flask("floor"), sqlite_floor(folder), threading.Lock()

    @app.post("/")
    def write() -> str:
        with lock:
            once()
        return "ok"

    return app


class Browser:
    """One signed-in client with a kept connection, completing one task after another."""

    def __init__(self, port: int, bench: Bench) -> None:
        self._port, self._bench = port, bench
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookie = ""
        self._item = bench.first_items(bench.start("loop"))[0]
        token = self._token(self._get("/demo/persona"))
        self._post("/demo/persona", {"csrf_token": token, "person": "1", "next": "/"})

    def submit(self) -> float:
        """Return the milliseconds of the submit alone, with the page read beforehand."""
        page = self._get(f"/tasks/{self._item}")
        fields = {"csrf_token": self._token(page), "_do": "submit"}
        fields["_command"] = self._found(rb'name="_command" value="([^"]+)"', page)
        began = time.perf_counter()
        self._post(f"/tasks/{self._item}", fields)
        cost = (time.perf_counter() - began) * 1000
        self._item = self._bench.first_items(self._instance())[0]
        return cost

    def _instance(self) -> int:
        with self._bench.database.read() as uow:
            return work.read(uow, self._item).instance

    def _get(self, path: str) -> bytes:
        self._connection.request("GET", path, headers={"Cookie": self._cookie})
        return self._answer()

    def _post(self, path: str, fields: dict[str, str]) -> bytes:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", path, urlencode(fields), headers)
        return self._answer()

    def _answer(self) -> bytes:
        response = self._connection.getresponse()
        body = response.read()
        kept = response.getheader("Set-Cookie")
        if kept:
            self._cookie = kept.split(";", 1)[0]
        if response.status >= 400:
            raise RuntimeError(f"{response.status}: {body[:300]!r}")
        return body

    def _token(self, page: bytes) -> str:
        return self._found(rb'name="csrf_token" value="([^"]+)"', page)

    @staticmethod
    def _found(pattern: bytes, page: bytes) -> str:
        match = re.search(pattern, page)
        if match is None:
            raise RuntimeError(f"{pattern!r} is not on the page")
        return match[1].decode()


def submits(folder: Path, rounds: int = 150) -> list[Row]:
    """Measure the submit of a task by one client, beside the bare route in the same rounds."""
    from webui.app import create_app
    from webui.settings import Settings

    bench = Bench(f"sqlite:///{folder / 'web.db'}")
    ours = Browser(Server(create_app(bench.engine, settings=Settings(folder=folder, demo=True))).port, bench)
    bare = http.client.HTTPConnection("127.0.0.1", Server(floor_app(folder)).port)
    floors, costs = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        bare.request("POST", "/", "x=1")
        bare.getresponse().read()
        floors.append((time.perf_counter() - began) * 1000)
        costs.append(ours.submit())
    base = statistics.median(floors[20:])
    mine = statistics.median(costs[20:])
    return [
        Row("floor: a bare Flask route with the floor's transaction", base, 1.0),
        Row(
            "submit of a task, one client",
            mine,
            mine / base,
            goals=(at_most("≤ 7 ms", mine, 7), at_most("≤ 3 × floor", mine / base, 3)),
        ),
    ]


def start_up(folder: Path) -> list[Row]:
    """Measure the start of the server to its first page, and its memory then."""
    address, port = f"sqlite:///{folder / 'start.db'}", _free_port()
    Bench(address).database.close()
    command = [sys.executable, "-m", "webui", "serve", "--database", address, "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen([*command, "--folder", str(folder)], stdout=DEVNULL, stderr=DEVNULL) as process:
        try:
            seconds, memory = _first_page(port, began), _resident_megabytes(process.pid)
        finally:
            process.terminate()
    return [
        Row("start to first page", seconds * 1000, goals=(at_most("≤ 1.5 s", seconds, 1.5),)),
        Row("memory then", f"{memory} MiB", goals=(at_most("≤ 120 MiB", memory, 120),)),
    ]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _first_page(port: int, began: float) -> float:
    while time.perf_counter() - began < 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not start")


def _resident_megabytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def measure(_: Field) -> list[Section]:
    """Run all measurements of this file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            Section("Over HTTP, SQLite", submits(folder)),
            Section("The server's start, over an empty database", start_up(folder)),
        ]
