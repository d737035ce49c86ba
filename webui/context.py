"""What a view may ask of the application it runs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from engine.runtime import Engine
    from webui.settings import Settings


def engine() -> Engine:
    """Return the engine of the running application."""
    return cast("Engine", current_app.extensions["engine"])


def settings() -> Settings:
    """Return the settings of the running application."""
    return cast("Settings", current_app.extensions["settings"])
