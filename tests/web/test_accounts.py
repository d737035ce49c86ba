"""Signing in, one-time links, sessions, passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import directory
from engine.clock import FrozenClock
from engine.store.database import Database
from tests.web.building import PASSWORD, application, invited, person, post, signed_in, token_of
from webui.account import links
from webui.account.tables import account, account_link, account_session

SIGN_IN = {"login": "wang@example.org", "password": PASSWORD}


def test_right_password_opens_the_pages_of_the_person(app: Flask, org: Database) -> None:
    invited(app, org, "王丽", login="Wang@Example.org ")
    client = app.test_client()
    assert post(client, "/login", SIGN_IN).status_code == 303
    assert "王丽" in client.get("/me").text


def test_password_is_kept_as_argon2_only(app: Flask, org: Database) -> None:
    invited(app, org, "王丽", login="wang@example.org")
    with org.read() as uow:
        kept = uow.execute(sa.select(account.c.password)).scalar_one()
    assert kept.startswith("$argon2id$")


@pytest.mark.parametrize(
    "typed", [{"login": "wang@example.org", "password": "wrong"}, {"login": "nobody"}, {}]
)
def test_wrong_password_and_unknown_login_get_the_same_answer(
    app: Flask, org: Database, typed: dict[str, str]
) -> None:
    invited(app, org, "王丽", login="wang@example.org")
    client = app.test_client()
    answer = post(client, "/login", {"password": "some password", **typed})
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.text
    assert client.get("/me").status_code == 303


def test_account_closes_for_a_while_after_five_failures(app: Flask, org: Database, at: FrozenClock) -> None:
    invited(app, org, "王丽", login="wang@example.org")
    client = app.test_client()
    for _ in range(5):
        post(client, "/login", {**SIGN_IN, "password": "guess"})
    assert post(client, "/login", SIGN_IN).status_code == 422
    at.advance(timedelta(minutes=2))
    assert post(client, "/login", SIGN_IN).status_code == 303


def test_one_address_may_not_try_without_end(org: Database) -> None:
    client = application(org, limited=True).test_client()
    values = {"csrf_token": token_of(client), "login": "nobody", "password": "guess"}
    answers = [client.post("/login", data=values).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_link_works_once(app: Flask, org: Database) -> None:
    with org.write() as uow:
        token = links.make_link(uow, links.INVITATION, person=directory.person_named(uow, "王丽").id)
    values = {"login": "wang", "password": PASSWORD, "again": PASSWORD}
    assert post(app.test_client(), f"/join/{token}", values, page=f"/join/{token}").status_code == 303
    assert app.test_client().get(f"/join/{token}").status_code == 404
    assert post(app.test_client(), f"/join/{token}", values).status_code == 404


def test_link_expires(app: Flask, org: Database, at: FrozenClock) -> None:
    with org.write() as uow:
        token = links.make_link(uow, links.FIRST_ADMINISTRATOR)
    at.advance(timedelta(minutes=61))
    assert app.test_client().get(f"/join/{token}").status_code == 404


def test_link_is_kept_as_digest_only(org: Database) -> None:
    with org.write() as uow:
        token = links.make_link(uow, links.FIRST_ADMINISTRATOR)
        row = uow.execute(sa.select(account_link)).one()
    assert token not in str(row)


def test_refused_password_leaves_the_link_usable(app: Flask, org: Database) -> None:
    with org.write() as uow:
        token = links.make_link(uow, links.FIRST_ADMINISTRATOR)
    client, page = app.test_client(), f"/join/{token}"
    short = post(client, page, {"name": "贺鹏", "login": "he", "password": "short", "again": "short"}, page)
    assert short.status_code == 422
    assert "密码至少 10 个字符" in short.text
    assert 'value="贺鹏"' in short.text
    good = {"name": "贺鹏", "login": "he", "password": PASSWORD, "again": PASSWORD}
    assert post(client, page, good, page).status_code == 303
    assert client.get("/admin/people").status_code == 200


def test_first_administrator_is_needed_until_there_is_one(app: Flask, org: Database) -> None:
    with org.read() as uow:
        assert links.needs_administrator(uow)
    signed_in(app, org, "administrator")
    with org.read() as uow:
        assert not links.needs_administrator(uow)


def test_administrator_invites_and_the_link_is_shown(app: Flask, org: Database) -> None:
    client = signed_in(app, org, "administrator")
    shown = post(client, f"/admin/people/{person(org, '王丽')}/invite", page="/admin/people")
    assert shown.status_code == 200
    assert "/join/" in shown.text


def test_closing_an_account_ends_its_sessions_at_once(app: Flask, org: Database) -> None:
    member = invited(app, org, "王丽", login="wang@example.org")
    admin = signed_in(app, org, "administrator")
    assert member.get("/me").status_code == 200
    post(admin, f"/admin/people/{person(org, '王丽')}/close", page="/admin/people")
    assert member.get("/me").status_code == 303
    assert post(app.test_client(), "/login", SIGN_IN).status_code == 422


def test_logout_ends_the_session_on_the_server(app: Flask, org: Database) -> None:
    client = invited(app, org, "王丽", login="wang@example.org")
    stolen = client.get_cookie("wuxing")
    assert stolen is not None
    assert post(client, "/logout", page="/me").status_code == 303
    thief = app.test_client()
    thief.set_cookie("wuxing", stolen.value)
    assert thief.get("/me").status_code == 303


def test_session_ends_when_idle_and_at_last(app: Flask, org: Database, at: FrozenClock) -> None:
    client = invited(app, org, "王丽", login="wang@example.org")
    for _ in range(20):
        at.advance(timedelta(hours=7))
        assert client.get("/me").status_code == 200
    at.advance(timedelta(hours=9))
    assert client.get("/me").status_code == 303


def test_session_ends_after_seven_days_even_when_used(app: Flask, org: Database, at: FrozenClock) -> None:
    client = invited(app, org, "王丽", login="wang@example.org")
    for _ in range(24):
        at.advance(timedelta(hours=7))
        last = client.get("/me").status_code
    assert last == 303


def test_new_password_ends_other_sessions_and_keeps_this_one(app: Flask, org: Database) -> None:
    here = invited(app, org, "王丽", login="wang@example.org")
    elsewhere = app.test_client()
    post(elsewhere, "/login", SIGN_IN)
    new = {"present": PASSWORD, "password": "another long one", "again": "another long one"}
    assert post(here, "/me/password", new, page="/me").status_code == 303
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 303


def test_new_password_needs_the_present_one(app: Flask, org: Database) -> None:
    client = invited(app, org, "王丽", login="wang@example.org")
    new = {"present": "guess", "password": "another long one", "again": "another long one"}
    answer = post(client, "/me/password", new, page="/me")
    assert answer.status_code == 422
    assert "现在的密码不对" in answer.text
    assert post(app.test_client(), "/login", SIGN_IN).status_code == 303


def test_own_sessions_are_listed_and_the_others_can_be_ended(app: Flask, org: Database) -> None:
    here = invited(app, org, "王丽", login="wang@example.org")
    elsewhere = app.test_client()
    post(elsewhere, "/login", SIGN_IN)
    assert "结束其他设备上的登录" in here.get("/me").text
    post(here, "/me/sessions", page="/me")
    assert elsewhere.get("/me").status_code == 303
    assert here.get("/me").status_code == 200


def test_cookie_holds_a_secret_whose_digest_alone_is_kept(app: Flask, org: Database) -> None:
    client = invited(app, org, "王丽", login="wang@example.org")
    with client.session_transaction() as cookie:
        token = cookie["sid"]
    with org.read() as uow:
        row = uow.execute(sa.select(account_session)).one()
    assert token not in str(row)


def test_signing_in_replaces_what_a_stranger_put_into_the_cookie(app: Flask, org: Database) -> None:
    invited(app, org, "王丽", login="wang@example.org")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["planted"] = "x"
    post(client, "/login", SIGN_IN)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_following_page_after_sign_in_is_never_foreign(app: Flask, org: Database) -> None:
    invited(app, org, "王丽", login="wang@example.org")
    for address in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = post(app.test_client(), "/login", {**SIGN_IN, "following": address})
        assert answer.headers["Location"] == "/"
