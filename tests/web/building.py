"""Builders of an organisation, an application over it, and browsers signed in to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

import webui.account.tables
from engine import directory
from engine.runtime import Engine
from engine.store.database import Database, open_database
from webui.account import links
from webui.app import create_app
from webui.settings import Settings

assert webui.account.tables.account is not None

PASSWORD = "correct horse battery"
ROLES = ("management", "coordinator", "designer", "auditor", "administrator")


def organisation(folder: Path) -> Database:
    """Return a database with two departments, a member, and one person for each role."""
    database = open_database(f"sqlite:///{folder / 'web.db'}")
    database.create()
    with database.write() as uow:
        directory.add_department(uow, "市场部", "Marketing")
        directory.add_department(uow, "研发部", "R&D", parent="市场部")
        head = directory.add_person(uow, "王丽", "市场部", title="第一负责人", pinyin="wang li")
        directory.set_head(uow, "市场部", head)
        for role in ROLES:
            directory.add_person(uow, f"某{role}", "研发部", roles=[role], email=f"{role}@example.org")
    return database


def application(database: Database, *, limited: bool = False, **settings: Any) -> Flask:
    """Return the application with cheap password hashes; limits on attempts only where asked for."""
    return create_app(
        Engine(database),
        settings=Settings(secret_key="test", **settings),
        TESTING=True,
        RATELIMIT_ENABLED=limited,
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={"argon2__time_cost": 1, "argon2__memory_cost": 64},
    )


def token_of(client: FlaskClient, path: str = "/login?form") -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None, f"no token on {path}"
    return found.group(1)


def post(
    client: FlaskClient, path: str, values: dict[str, Any] | None = None, page: str = "/login?form"
) -> Any:
    """Send a form with the token of a page."""
    return client.post(path, data={"csrf_token": token_of(client, page), **(values or {})})


def person(database: Database, name: str) -> int:
    """Return the id of a person."""
    with database.read() as uow:
        return directory.person_named(uow, name).id


def invited(app: Flask, database: Database, name: str, *, login: str) -> FlaskClient:
    """Return a browser of somebody who has followed an invitation and is signed in."""
    with database.write() as uow:
        token = links.make_link(uow, links.INVITATION, person=directory.person_named(uow, name).id)
    client = app.test_client()
    values = {"login": login, "password": PASSWORD, "again": PASSWORD}
    assert post(client, f"/join/{token}", values, page=f"/join/{token}").status_code == 303
    return client


def signed_in(app: Flask, database: Database, role: str) -> FlaskClient:
    """Return a browser of the person with this role, or of `member` without any."""
    name = "王丽" if role == "member" else f"某{role}"
    return invited(app, database, name, login=f"{role}@example.org")
