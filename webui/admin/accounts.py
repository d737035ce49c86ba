"""Opening and closing people's accounts: an invitation is a link that works once."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from engine import directory
from engine.errors import NotFound, Refused
from engine.text import T
from webui.account import links
from webui.account.datastore import close_account, find_account
from webui.account.sessions import end_all
from webui.admin.rooms import blueprint
from webui.context import engine
from webui.identity import current_actor
from webui.permissions import permission
from webui.toasts import toast


@blueprint.post("/admin/people/<int:person>/invite")
@permission("administrator")
def invite(person: int) -> str:
    """Make a one-time link by which a person sets a password; it is shown this once."""
    with engine().database.write() as uow:
        who = directory.get_person(uow, person)
        token = links.make_link(uow, links.INVITATION, person=person, by=current_actor().id)
    address = url_for("signin.join", token=token, _external=True)
    return render_template("admin/invited.html", who=who, address=address)


@blueprint.post("/admin/people/<int:person>/close")
@permission("administrator")
def close(person: int) -> Response:
    """Close a person's account and end all its sessions."""
    if person == current_actor().id:
        raise Refused(T("不能停用自己的账号"))
    with engine().database.write() as uow:
        who = directory.get_person(uow, person)
        account = find_account(uow, person=person)
        if account is None:
            raise NotFound(T("{name}还没有账号", name=who.name))
        close_account(uow, account.id)
        end_all(uow, account.id)
    toast(T("已停用{name}的账号，所有登录已结束。", name=who.name))
    return redirect(url_for(".people"), 303)
