"""Who may open a page: every route declares it, and nothing opens that declares nothing.

A page whose very existence is not the actor's business answers as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webui.context import settings
from webui.identity import actor_or_none
from webui.security import from_loopback

if TYPE_CHECKING:
    from engine.directory import Actor

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, SIGNED_IN, DEMO = "public", "signed_in", "demo"
ROLES = frozenset({"management", "coordinator", "designer", "auditor", "administrator"})
KNOWN = ROLES | {PUBLIC, SIGNED_IN, DEMO}

_OF_EXTENSIONS = {"static": frozenset({PUBLIC})}


def permission(*names: str) -> Callable[[View], View]:
    """Declare who may open a view; of several roles one is enough."""
    unknown = set(names) - KNOWN
    if unknown or not names:
        raise ValueError(f"unknown permission: {sorted(unknown)}")

    def declare(view: View) -> View:
        view.__dict__["permission"] = frozenset(names)
        return view

    return declare


def declared(app: Flask, endpoint: str) -> frozenset[str] | None:
    """Return what a route declares, `None` when it declares nothing."""
    if endpoint in _OF_EXTENSIONS:
        return _OF_EXTENSIONS[endpoint]
    return getattr(app.view_functions[endpoint], "permission", None)


def allows(names: frozenset[str], actor: Actor | None) -> bool:
    """Say whether a declaration lets this actor (or nobody) in; only `demo` asks for more."""
    if PUBLIC in names:
        return True
    if DEMO in names:
        return settings().demo and from_loopback()
    return actor is not None and (SIGNED_IN in names or bool(names & actor.roles))


def may_open(endpoint: str, app: Flask, actor: Actor | None) -> bool:
    """Say whether the navigation should offer a route to this actor."""
    names = declared(app, endpoint) if endpoint in app.view_functions else None
    return names is not None and allows(names, actor)


def enforce(app: Flask) -> Response | None:
    """Let the request pass, send a stranger to the sign-in page, or answer 404."""
    if request.endpoint is None:
        return None
    names = declared(app, request.endpoint) or frozenset()
    actor = None if PUBLIC in names else actor_or_none()
    if allows(names, actor):
        return None
    if actor is None and DEMO not in names:
        return redirect(url_for("signin.login", next=_way_back()), 303)
    abort(404)


def _way_back() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def check_declared(app: Flask) -> None:
    """Refuse to start with a route that declares no permission."""
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if declared(app, rule.endpoint) is None]
    if silent:
        raise RuntimeError(f"routes without a permission: {sorted(silent)}")


def init_permissions(app: Flask) -> None:
    """Enforce the declarations before every request."""
    app.before_request(lambda: enforce(app))
