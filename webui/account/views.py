"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webui.account.sessions import end_session
from webui.context import engine
from webui.identity import PERSONA, personas_allowed
from webui.me.views import local_path
from webui.permissions import permission

blueprint = Blueprint("account", __name__, template_folder="templates")


@blueprint.get("/login")
@permission("public")
def login() -> str | Response:
    """Ask for name and password."""
    if personas_allowed():
        return redirect(url_for("demo.personas", next=local_path(request.args.get("next"))), 303)
    return render_template("account/login.html", next=local_path(request.args.get("next")))


@blueprint.post("/logout")
@permission("signed_in")
def logout() -> Response:
    """End the session on the server."""
    with engine().database.write() as uow:
        end_session(uow)
    session.pop(PERSONA, None)
    return redirect(url_for("account.login"), 303)
