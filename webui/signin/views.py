"""Signing in and out, joining by a one-time link, changing the password, ending sessions."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_security import login_user, logout_user
from werkzeug.wrappers import Response

from engine import directory
from engine.errors import InvalidInput, NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from webui.account import links
from webui.account.datastore import add_account, find_account, set_password
from webui.account.model import Account
from webui.account.security import SignInForm, hashed, limiter, normal_login, signed_in_account
from webui.account.sessions import end_all, end_others, end_session
from webui.addresses import local_path
from webui.context import engine
from webui.identity import PERSONA, personas_allowed
from webui.me.views import me_page
from webui.permissions import permission
from webui.toasts import toast

blueprint = Blueprint("signin", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]

_WRONG = T("账号或密码不对，或者尝试次数太多、账号暂时锁定。请核对后再试。")


@blueprint.get("/login")
@permission("public")
def login() -> Page:
    """Ask for name and password; a demo on this machine offers its personas instead."""
    following = local_path(request.args.get("next"))
    if personas_allowed() and "form" not in request.args:
        return redirect(url_for("demo.personas", next=following), 303)
    return render_template("signin/login.html", following=following, login="")


@blueprint.post("/login")
@permission("public")
@limiter.limit("20/minute;100/hour")
def sign_in() -> Page:
    """Check name and password and begin a session under a new cookie."""
    following = local_path(request.form.get("following"))
    form = SignInForm()
    if not form.validate() or form.user is None:
        typed = request.form.get("login", "")
        return render_template("signin/login.html", following=following, login=typed, problem=_WRONG), 422
    _enter(form.user)
    return redirect(following, 303)


def _enter(account: Account) -> None:
    # Whatever a stranger put into the old cookie must not be carried into the session.
    session.clear()
    login_user(account, remember=False, authn_via=["password"])


@blueprint.post("/logout")
@permission("signed_in")
def logout() -> Response:
    """End the session on the server."""
    with engine().database.write() as uow:
        end_session(uow)
    session.pop(PERSONA, None)
    logout_user()
    return redirect(url_for("signin.login"), 303)


@blueprint.get("/join/<token>")
@permission("public")
def join(token: str) -> Page:
    """Ask the holder of a one-time link for a login and a password."""
    with engine().database.read() as uow:
        link = links.look_at(uow, token)
        who = directory.get_person(uow, link.person) if link.person else None
    typed = {"name": who.name if who else "", "login": (who.email or "") if who else ""}
    return render_template("signin/join.html", token=token, who=who, typed=typed, errors={})


@blueprint.post("/join/<token>")
@permission("public")
@limiter.limit("20/minute")
def use_link(token: str) -> Page:
    """Make the account, use the link up and sign in."""
    try:
        with engine().database.write() as uow:
            account = _accept(uow, token)
    except InvalidInput as error:
        with engine().database.read() as uow:
            link = links.look_at(uow, token)
            who = directory.get_person(uow, link.person) if link.person else None
        page = render_template(
            "signin/join.html", token=token, who=who, typed=request.form, errors=error.fields
        )
        return page, 422
    _enter(account)
    toast(T("账号已开通，欢迎使用。"))
    return redirect("/", 303)


def _accept(uow: UnitOfWork, token: str) -> Account:
    link = links.use(uow, token)
    password = hashed(request.form.get("password", ""), request.form.get("again", ""))
    person = link.person or _first_administrator(uow, request.form.get("name", "").strip())
    found = find_account(uow, person=person)
    if found is not None:
        end_all(uow, found.id)
        set_password(uow, found.id, password)
    else:
        add_account(uow, person, _free_login(uow), password)
    account = find_account(uow, person=person)
    if account is None:
        raise NotFound(T("没有这个人员"), person=person)
    return account


def _first_administrator(uow: UnitOfWork, name: str) -> int:
    if not name:
        raise InvalidInput(T("请填写姓名"), {"name": T("请填写姓名")})
    try:
        directory.person_named(uow, name)
    except NotFound:
        return directory.add_person(uow, name, None, title="系统管理员", roles=["administrator"])
    raise InvalidInput(T("已经有这个姓名"), {"name": T("已经有这个姓名，请换一个写法")})


def _free_login(uow: UnitOfWork) -> str:
    login_name = normal_login(request.form.get("login", ""))
    if not login_name or len(login_name) > 200:
        raise InvalidInput(T("请填写登录名"), {"login": T("请填写登录名，例如工作邮箱")})
    if find_account(uow, login=login_name) is not None:
        raise InvalidInput(T("登录名已被使用"), {"login": T("这个登录名已被使用，请换一个")})
    return login_name


@blueprint.post("/me/password")
@permission("signed_in")
@limiter.limit("20/minute")
def change_password() -> Page:
    """Replace the own password after proving the present one; all other sessions end."""
    account = signed_in_account()
    if account is None:
        raise NotFound(T("演示身份没有密码"))
    try:
        _replace_password(account)
    except InvalidInput as error:
        return me_page(error.fields), 422
    toast(T("密码已更换，其他设备上的登录已结束。"))
    return redirect(url_for("me.show"), 303)


def _replace_password(account: Account) -> None:
    if account.is_locked([]) or not account.verify_and_update_password(request.form.get("present", "")):
        account.track_failed_authn("password")
        raise InvalidInput(T("现在的密码不对"), {"present": T("现在的密码不对")})
    password = hashed(request.form.get("password", ""), request.form.get("again", ""))
    with engine().database.write() as uow:
        set_password(uow, account.id, password)
        end_others(uow, account.id)


@blueprint.post("/me/sessions")
@permission("signed_in")
def end_other_sessions() -> Response:
    """End the own sessions on all other devices."""
    account = signed_in_account()
    if account is None:
        raise NotFound(T("演示身份没有登录记录"))
    with engine().database.write() as uow:
        end_others(uow, account.id)
    toast(T("其他设备上的登录已结束。"))
    return redirect(url_for("me.show"), 303)
