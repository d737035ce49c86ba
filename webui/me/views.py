"""Language and theme live in cookies of the browser; both switches keep the page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from engine import directory
from engine.text import T
from webui.account.security import signed_in_account
from webui.account.sessions import sessions_of
from webui.addresses import local_path
from webui.catalogue import LANGUAGES
from webui.context import engine, settings
from webui.i18n import COOKIE as LANGUAGE_COOKIE
from webui.identity import current_actor
from webui.permissions import permission

blueprint = Blueprint("me", __name__, template_folder="templates")

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
_YEAR = 365 * 24 * 3600


def theme() -> str:
    """Return the theme of this browser."""
    chosen = request.cookies.get(THEME_COOKIE, THEMES[0])
    return chosen if chosen in THEMES else THEMES[0]


@blueprint.app_context_processor
def _theme() -> dict[str, str]:
    return {"theme": theme(), "here": request.full_path.rstrip("?")}


def _remember(cookie: str, value: str) -> Response:
    response = redirect(local_path(request.form.get("next")), 303)
    secure = settings().https
    response.set_cookie(cookie, value, max_age=_YEAR, samesite="Lax", secure=secure, httponly=True)
    return response


@blueprint.post("/language")
@permission("public")
def switch_language() -> Response:
    """Remember a language and return to the page."""
    chosen = request.form.get("lang", "")
    return _remember(LANGUAGE_COOKIE, chosen if chosen in LANGUAGES else LANGUAGES[0])


@blueprint.post("/theme")
@permission("public")
def switch_theme() -> Response:
    """Remember a theme and return to the page."""
    chosen = request.form.get("theme", "")
    return _remember(THEME_COOKIE, chosen if chosen in THEMES else THEMES[0])


@blueprint.get("/me")
@permission("signed_in")
def show() -> str:
    """Show who one is here, and language, theme, password and sessions."""
    return me_page({})


def me_page(errors: dict[str, T]) -> str:
    """Return the page about oneself, with what was wrong with a new password."""
    account = signed_in_account()
    with engine().database.read() as uow:
        person = directory.get_person(uow, current_actor().id)
        sessions = sessions_of(uow, account.id) if account else []
    return render_template("me/me.html", person=person, account=account, sessions=sessions, errors=errors)
