"""The auditor's pages: finding an instance and replaying its history on the diagram it ran."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("audit", __name__, template_folder="templates")

from webui.audit import views  # noqa: E402,F401  (routes register themselves on the blueprint)
