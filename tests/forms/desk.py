"""A desk with one form on it: the smallest application that shows, keeps and takes a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, redirect, request, send_from_directory

from forms.catalog import library
from forms.filling import open_form, receive
from tests.forms.samples import PREFILL
from tests.forms.world import ROOT, Shelf, context, templates

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
PAGE = """<!doctype html><html lang="{{ 'zh-CN' if language == 'zh' else 'en' }}" data-theme="{{ theme }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/mark.svg"><title>{{ view.title }}</title>
<link rel="stylesheet" href="/static/app.css"><link rel="stylesheet" href="/static/forms.css">
<script type="module" src="/static/forms.js"></script></head>
<body><main><div class="page narrow"><h1>{{ view.title }}</h1>
{% from "forms/form.html" import render_form %}
{{ render_form(view, "/" ~ view.id, csrf="t", draft_url="/" ~ view.id ~ "/draft", saved_at=saved) }}
</div></main></body></html>"""


@dataclass
class Desk:
    """What the application remembers: drafts, accepted values, stored files."""

    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=lambda: Shelf([]))


def application(desk: Desk) -> Flask:
    app = Flask("desk", static_folder=None)
    app.config["MAX_FORM_PARTS"] = 20_000

    def surroundings() -> Any:
        return context(request.cookies.get("lang", "zh"))

    def shown(view: Any, status: int = 200) -> Response:
        language = request.cookies.get("lang", "zh")
        page = templates(language).from_string(PAGE)
        saved = "10:42" if view.id in desk.drafts else ""
        html = page.render(
            view=view, language=language, theme=request.cookies.get("theme", "light"), saved=saved
        )
        return Response(html, status, {"Content-Security-Policy": CSP})

    def take(form_id: str) -> Any:
        return receive(
            library().get(form_id),
            request.form,
            request.files,
            surroundings(),
            prefill=PREFILL.get(form_id, {}),
            draft=desk.drafts.get(form_id),
            store=desk.shelf,
        )

    @app.get("/static/<path:name>")
    def asset(name: str) -> Response:
        return send_from_directory(ROOT / "webui" / "static", name)

    @app.get("/<form_id>")
    def show(form_id: str) -> Response:
        form, draft = library().get(form_id), desk.drafts.get(form_id)
        return shown(open_form(form, surroundings(), prefill=PREFILL.get(form_id, {}), draft=draft))

    @app.post("/<form_id>")
    def submit(form_id: str) -> Any:
        received = take(form_id)
        if received.ok:
            desk.accepted[form_id] = received.validated.values
            return redirect("/done")
        desk.drafts[form_id] = received.draft
        return shown(received.view(), 422 if received.errors else 200)

    @app.post("/<form_id>/draft")
    def draft(form_id: str) -> Response:
        desk.drafts[form_id] = take(form_id).draft
        return jsonify(saved="10:42", revision=1)

    @app.get("/done")
    def done() -> str:
        return '<!doctype html><title>done</title><link rel="icon" href="/static/mark.svg">done'

    return app
