"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

FOLDER = Path(__file__).resolve().parent / "static"


@cache
def digest(name: str) -> str:
    """Return the first eight digits of a file's SHA-256."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:8]


def asset(name: str) -> str:
    """Return the address of a static file with its content's digest."""
    return url_for("static", filename=name, v=digest(name))


def has_asset(name: str) -> bool:
    """Say whether a static file is there."""
    return (FOLDER / name).is_file()


def init_static_files(app: Flask) -> None:
    """Give templates `asset("app.css")`."""
    app.jinja_env.globals.update(asset=asset, has_asset=has_asset)
