"""Placeholder for wiring."""

from __future__ import annotations
from flask import Flask


def init_accounts(app: Flask) -> None:
    """Nothing yet."""
