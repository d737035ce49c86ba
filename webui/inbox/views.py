"""The page one opens first: what is mine, what my groups may take, what I wait for, what I have done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import clock, inbox, notices, work
from engine.directory import Actor
from engine.errors import WuxingError
from engine.inbox import Page
from engine.store.database import UnitOfWork
from engine.text import T
from webui.context import engine
from webui.identity import current_actor
from webui.inbox.rows import rows_of
from webui.permissions import permission
from webui.toasts import toast

blueprint = Blueprint("inbox", __name__, template_folder="templates")

TABS: dict[str, T] = {
    "mine": T("我的"),
    "groups": T("可认领"),
    "waiting": T("等他人"),
    "done": T("已办"),
}


@blueprint.get("/")
@permission("signed_in")
def show() -> str:
    """Show one tab of the inbox."""
    tab = request.args.get("tab", "mine")
    tab = tab if tab in TABS else "mine"
    actor = current_actor()
    with engine().database.read() as uow:
        page = _page(uow, actor, tab)
        rows = rows_of(uow, page)
        counts = inbox.counts(uow, actor)
        news = notices.page(uow, actor, limit=6)
    return render_template(
        "inbox/inbox.html",
        tab=tab,
        tabs=_tabs(counts),
        here=url_for("inbox.show", tab=tab),
        rows=rows,
        next_page=_next(tab, page),
        news=news,
        now=clock.now(),
    )


def _tabs(counts: dict[str, int]) -> list[tuple[str, T, int | None]]:
    shown = {"mine": counts["mine"], "groups": counts["offered"]}
    return [(url_for("inbox.show", tab=name), label, shown.get(name)) for name, label in TABS.items()]


def _page(uow: UnitOfWork, actor: Actor, tab: str) -> Page:
    if tab == "done":
        return inbox.done(uow, actor, before=_number("before"))
    read: dict[str, Callable[..., Page]] = {
        "mine": inbox.mine,
        "groups": inbox.offered,
        "waiting": inbox.waiting_for_others,
    }
    rank, item = _number("rank"), _number("item")
    return read[tab](uow, actor, after=None if rank is None or item is None else (rank, item))


def _number(name: str) -> int | None:
    return request.args.get(name, type=int)


def _next(tab: str, page: Page) -> str:
    if page.after is None:
        return ""
    rank, item = page.after
    place: dict[str, Any] = {"before": item} if tab == "done" else {"rank": rank, "item": item}
    return url_for("inbox.show", tab=tab, **place)


@blueprint.post("/claim")
@permission("signed_in")
def claim_many() -> Response:
    """Claim several offered items; says for how many it worked and why not for the others."""
    actor = current_actor()
    taken = 0
    for item in request.form.getlist("item", type=int):
        try:
            with engine().database.write() as uow:
                work.claim(uow, actor, item, clock.now())
            taken += 1
        except WuxingError as error:
            toast(error.text, "warn")
    if taken:
        toast(T("已认领{n}项", n=taken))
    return redirect(url_for("inbox.show", tab="mine" if taken else "groups"), 303)


@blueprint.post("/notices/read")
@permission("signed_in")
def read_notices() -> Response:
    """Mark all notices as read."""
    with engine().database.write() as uow:
        notices.mark_read(uow, current_actor(), clock.now())
    return redirect(url_for("inbox.show"), 303)
