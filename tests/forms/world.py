"""A small organisation for forms: people, departments, tasks, files, and pages that render them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from werkzeug.datastructures import FileStorage, MultiDict

from forms.catalog import library
from forms.context import FormContext, Signer
from forms.options import Option, OptionTable, fixed
from forms.schema import Form, load
from webui.catalogue import catalogue

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent

PEOPLE = [
    Option(1, "王丽", "第一负责人", group="市场部"),
    Option(2, "陈涛", "产品市场专员", group="市场部"),
    Option(3, "冯雪", "设计师", group="设计部"),
    Option(4, "钱莉", "第一负责人", group="设计部"),
    Option(5, "曹军", "第一负责人", group="物流部"),
]
DEPARTMENTS = [Option(name, name) for name in ("市场部", "设计部", "物流部")]
TASKS = [Option(11, "完成策划方案"), Option(12, "设计主视觉")]
FILES = {
    31: {"attachment": 31, "name": "会员节-策划方案-20260925.pdf", "size": 2048},
    32: {"attachment": 32, "name": "会员节-设计稿-20260925.pdf", "size": 4096},
}


def sources() -> OptionTable:
    return OptionTable(
        {
            "persons": fixed(PEOPLE),
            "departments": fixed(DEPARTMENTS),
            "project_departments": fixed(DEPARTMENTS),
            "project_team": fixed(PEOPLE),
            "project_tasks": fixed(TASKS),
            "project_deliverables": fixed([Option(5, "策划方案")]),
            "approval_steps": fixed([Option("applicant", "申请人")]),
        }
    )


def english(message: str) -> str:
    return catalogue("en").get(message, message)


def context(language: str = "zh", **changes: Any) -> FormContext:
    made = FormContext(
        now=NOW,
        language=language,
        translate=english if language == "en" else str,
        options=sources(),
        signer=Signer(1, "王丽"),
        attachment=FILES.get,
        form=library().find,
        signed={"instance": 7, "element": "decide", "subject": "project:12"},
    )
    return replace(made, **changes)


def form_of(*components: Mapping[str, Any], **properties: Any) -> Form:
    """Make a form whose labels are ASCII, so that no translation is needed."""
    document = {
        "schemaVersion": 19,
        "type": "default",
        "id": "made",
        "properties": {"title": "made", **properties},
        "components": [{"id": f"c{n}", "label": "L", **c} for n, c in enumerate(components)],
        "i18n": {"en": {"made": "made", **{f"rule_{n}": "broken" for n in range(9)}}},
    }
    return load(document)


def page(*pairs: tuple[str, str], do: str = "submit") -> MultiDict[str, str]:
    return MultiDict([("_do", do), ("csrf_token", "t"), *pairs])


def uploads(*files: tuple[str, str, bytes]) -> MultiDict[str, FileStorage]:
    return MultiDict([(name, FileStorage(io.BytesIO(body), filename)) for name, filename, body in files])


@dataclass
class Shelf:
    """Keeps uploads the way a view does."""

    kept: list[tuple[str, str]]

    def __call__(self, path: str, upload: Any) -> dict[str, Any]:
        self.kept.append((path, upload.filename))
        return {"attachment": 30 + len(self.kept), "name": upload.filename, "size": 2048}


def templates(language: str = "zh") -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "webui" / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )

    def gettext(message: str, **params: Any) -> str:
        text = english(message) if language == "en" else message
        return text.format(**params) if params else text

    environment.globals.update(
        _=gettext,
        asset=lambda name: f"/static/{name}",
        url_for=lambda endpoint, attachment_id: f"/files/{attachment_id}",
    )
    return environment


def render(view: Any, language: str = "zh", **given: Any) -> str:
    source = '{% from "forms/form.html" import render_form %}{{ render_form(view, "/tasks/1", **given) }}'
    return templates(language).from_string(source).render(view=view, given=given)
