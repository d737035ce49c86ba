"""The names of departments in the language of the page; their ids are their Chinese names."""

from __future__ import annotations

from flask import Flask, g

from engine import directory
from webui.catalogue import SOURCE
from webui.context import engine
from webui.i18n import locale, translate


def department_name(dept: str | None) -> str:
    """Return a department's name as people of this request's language call it."""
    if not dept or locale() == SOURCE:
        return dept or ""
    if "departments" not in g:
        with engine().database.read() as uow:
            g.departments = {entry.id: entry.name_en for entry in directory.departments(uow)}
    return str(g.departments.get(dept) or translate(dept))


def init_departments(app: Flask) -> None:
    """Give templates the filter `dept`."""
    app.jinja_env.filters["dept"] = department_name
