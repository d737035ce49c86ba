"""The blueprint all pages of administrators hang on, and the health check."""

from __future__ import annotations

from flask import Blueprint

from webui.context import engine
from webui.permissions import permission

blueprint = Blueprint("admin", __name__, template_folder="templates")


@blueprint.get("/healthz")
@permission("public")
def healthz() -> tuple[str, int, dict[str, str]]:
    """Answer `ok` when the database answers; no versions, no names."""
    with engine().database.read() as uow:
        uow.sql("select 1").fetchone()
    return "ok", 200, {"Content-Type": "text/plain; charset=utf-8"}
