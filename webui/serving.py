"""Serving: the data folder, the thread that does what is due, and the web server."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from webui.settings import LOOPBACK_NAMES, Settings

if TYPE_CHECKING:
    from engine.runners.inline import InlineRunner
    from engine.runtime import Engine

THREADS = 8
# SQLite gives the interpreter lock up at every statement and must win it back each time: beside one
# thread that computes, eight people get through a twentieth of their work at Python's 5 ms.
_SWITCH_EVERY = 0.001
_FOLLOW_EVERY = 2.0
"""Seconds between looks at the demo's time, which another process may have moved."""


class UnsafeBinding(Exception):
    """The server would be reachable from other machines in a way that is not safe."""


def check_binding(host: str, settings: Settings) -> None:
    """Refuse to serve a demo, or passwords in clear, to other machines; raises `UnsafeBinding`."""
    if host in LOOPBACK_NAMES:
        return
    if settings.demo:
        raise UnsafeBinding("演示环境只能在本机使用（127.0.0.1）。The demo serves this machine only.")
    if not (settings.https or settings.behind_proxy):
        raise UnsafeBinding("对外服务须经 HTTPS：加 --behind-proxy。Serve others behind an HTTPS proxy.")


def data_folder(path: Path) -> Path:
    """Return the folder, made if need be and open to its owner alone."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path.resolve()


def file_address(path: Path) -> str:
    """Return the database address of a SQLite file."""
    return f"sqlite:///{path}"


def open_engine(address: str, folder: Path) -> Engine:
    """Open a database, made if it is new, and return the engine over it; files lie in the folder.

    Raises `Refused` when the database must be migrated first.
    """
    # The accounts' tables hang on the same metadata and must be known before tables are made.
    import webui.account.tables  # noqa: F401
    from engine.blobs import BlobStore
    from engine.store.database import open_database
    from processes import build_engine
    from webui.migrating import prepare

    database = open_database(address)
    prepare(database)
    engine = build_engine(database)
    engine.blobs = BlobStore(str(folder / "blobs"))
    return engine


def serve(engine: Engine, settings: Settings, host: str, port: int) -> None:
    """Serve pages and do what is due until interrupted; raises `UnsafeBinding`."""
    check_binding(host, settings)
    sys.setswitchinterval(_SWITCH_EVERY)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = application(engine, settings)
    stop = threading.Event()
    runner = _start_background(engine, settings, stop)
    try:
        _listen(app, host, port, settings)
    finally:
        stop.set()
        runner.stop()


def application(engine: Engine, settings: Settings) -> Flask:
    """Return the application, told how the proxy in front of it passes addresses on."""
    from webui.app import create_app

    app = create_app(engine, settings=settings)
    if settings.behind_proxy:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _start_background(engine: Engine, settings: Settings, stop: threading.Event) -> InlineRunner:
    from engine.runners.inline import InlineRunner

    if settings.demo:
        threading.Thread(target=_follow, args=(engine, stop), name="demo-time", daemon=True).start()
    runner = InlineRunner(engine)
    runner.start()
    return runner


def _follow(engine: Engine, stop: threading.Event) -> None:
    from webui.demo import time as demo_time

    while not stop.wait(_FOLLOW_EVERY):
        if demo_time.follow(engine.database):
            engine.wake.set()


def _listen(app: Flask, host: str, port: int, settings: Settings) -> None:
    import waitress

    waitress.serve(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=settings.max_upload_bytes,
        clear_untrusted_proxy_headers=False,
    )
