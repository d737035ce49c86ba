"""The designer's pages: processes with their versions, and the modeller that edits and publishes them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("processes", __name__, template_folder="templates")

from webui.studio import answers, views  # noqa: E402,F401  (routes register themselves on the blueprint)
