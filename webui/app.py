"""The composition of the web application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask

from webui import (
    admin,
    audit,
    decisions,
    demo,
    diagrams,
    files,
    inbox,
    me,
    projects,
    signin,
    start,
    studio,
    tasks,
)
from webui.account.security import init_accounts
from webui.admin.operations import count_incidents
from webui.dates import init_dates
from webui.departments import init_departments
from webui.errors import init_errors
from webui.i18n import LocalizedFlask, init_i18n
from webui.navigation import count_tasks, count_with, init_navigation
from webui.permissions import check_declared, init_permissions
from webui.security import init_csrf, init_security
from webui.settings import Settings
from webui.static_files import init_static_files

if TYPE_CHECKING:
    from engine.runtime import Engine

FEATURES: tuple[Blueprint, ...] = (
    admin.blueprint,
    audit.blueprint,
    demo.blueprint,
    diagrams.blueprint,
    decisions.blueprint,
    files.blueprint,
    inbox.blueprint,
    me.blueprint,
    projects.blueprint,
    signin.blueprint,
    start.blueprint,
    studio.blueprint,
    tasks.blueprint,
)
"""Every feature folder is listed here by its `blueprint`."""


def create_app(engine: Engine, *, settings: Settings | None = None, **config: Any) -> Flask:
    """Return the application over an engine; `config` overrides Flask's settings in tests."""
    settings = settings or Settings()
    app = LocalizedFlask("webui")
    app.extensions.update(engine=engine, settings=settings)
    init_security(app, settings)
    app.config.update(config)
    init_i18n(app)
    init_dates(app)
    init_departments(app)
    init_static_files(app)
    init_navigation(app)
    init_permissions(app)
    init_csrf(app)
    init_accounts(app)
    init_errors(app)
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)
    count_with(app, "inbox.show", count_tasks)
    count_with(app, "admin.open_incidents", count_incidents)
    check_declared(app)
    return app
