"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import Flask

FOLDER = Path(__file__).resolve().parent / "static"


@cache
def asset(name: str) -> str:
    """Return the address of a static file with the first eight digits of its SHA-256."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:8]
    return f"/static/{quote(name)}?v={digest}"


@cache
def has_asset(name: str) -> bool:
    """Say whether a static file is there."""
    return (FOLDER / name).is_file()


def init_static_files(app: Flask) -> None:
    """Give templates `asset("app.css")`."""
    app.jinja_env.globals.update(asset=asset, has_asset=has_asset)
