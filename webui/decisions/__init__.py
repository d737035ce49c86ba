"""Pages of decision models: the library, one model with its tables, publishing, and trying a decision."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("decisions", __name__, template_folder="templates")

from webui.decisions import views  # noqa: E402,F401  (routes register themselves on the blueprint)
