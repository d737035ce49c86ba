"""Every route declares who may open it, and opens for nobody else."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from engine.store.database import Database
from tests.web.building import ROLES, application, post, signed_in, token_of
from webui import permissions
from webui.permissions import DEMO, PUBLIC, SIGNED_IN, check_declared, declared, permission

EVERYBODY = ("stranger", "member", *ROLES)


def _address(rule: Rule) -> str:
    """Return an address of the route; every thing it names is one that does not exist."""
    values = {
        name: 10**9 if isinstance(converter, IntegerConverter) else "nothing"
        for name, converter in rule._converters.items()
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


def _routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def _allowed(names: frozenset[str], who: str) -> bool:
    if PUBLIC in names:
        return True
    if who == "stranger" or DEMO in names:
        return False
    return SIGNED_IN in names or who in names


def _is_refusal(status: int, location: str, who: str, names: frozenset[str]) -> bool:
    if who == "stranger" and DEMO not in names:
        return status == 303 and location.startswith("/login")
    return status == 404


@pytest.mark.parametrize("who", EVERYBODY)
def test_page_opens_exactly_for_those_it_declares(app: Flask, org: Database, who: str) -> None:
    client = app.test_client() if who == "stranger" else signed_in(app, org, who)
    wrong = []
    for rule in _routes(app):
        names = declared(app, rule.endpoint)
        assert names is not None
        if "GET" not in (rule.methods or ()):
            continue
        answer = client.get(_address(rule))
        refused = _is_refusal(answer.status_code, answer.headers.get("Location", ""), who, names)
        if _allowed(names, who):
            # A page about a thing that does not exist answers 404 to everybody; the others must open.
            unknown = bool(rule.arguments) and answer.status_code == 404
            fine = unknown or (answer.status_code < 400 and not refused)
        else:
            fine = refused
        if not fine:
            wrong.append((rule.rule, who, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_write_is_refused_to_those_who_may_not(app: Flask, org: Database, who: str) -> None:
    client = app.test_client() if who == "stranger" else signed_in(app, org, who)
    token = token_of(client)
    wrong = []
    for rule in _routes(app):
        names = declared(app, rule.endpoint)
        assert names is not None
        if "POST" not in (rule.methods or ()) or _allowed(names, who):
            continue
        answer = client.post(_address(rule), data={"csrf_token": token})
        if not _is_refusal(answer.status_code, answer.headers.get("Location", ""), who, names):
            wrong.append((rule.rule, who, answer.status_code))
    assert wrong == []


def test_application_does_not_start_with_a_silent_route(app: Flask) -> None:
    app.view_functions["silent"] = lambda: "seen"
    app.url_map.add(Rule("/silent", endpoint="silent"))
    with pytest.raises(RuntimeError, match="silent"):
        check_declared(app)


def test_silent_route_opens_for_nobody(app: Flask, org: Database) -> None:
    app.view_functions["silent"] = lambda: "seen"
    app.url_map.add(Rule("/silent", endpoint="silent"))
    assert app.test_client().get("/silent").status_code == 303
    assert signed_in(app, org, "administrator").get("/silent").status_code == 404


def test_unknown_permission_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="everyone"):
        permission("everyone")
    with pytest.raises(ValueError, match="unknown"):
        permission()


def test_every_role_of_the_directory_can_be_asked_for() -> None:
    from engine.directory import ROLES as KNOWN

    assert frozenset(KNOWN) == permissions.ROLES


def test_stranger_comes_back_to_the_page_after_signing_in(app: Flask) -> None:
    answer = app.test_client().get("/admin/people?q=王")
    assert answer.headers["Location"].startswith("/login?next=/admin/people?q%3D")


def test_side_bar_offers_only_what_opens(app: Flask, org: Database) -> None:
    member, administrator = signed_in(app, org, "member"), signed_in(app, org, "administrator")
    assert "/admin/jobs" not in member.get("/me").text
    assert "/admin/jobs" in administrator.get("/me").text


def test_demo_routes_open_in_a_demo_on_this_machine_only(org: Database) -> None:
    there = {"REMOTE_ADDR": "192.0.2.7"}
    demo, plain = application(org, demo=True), application(org)
    assert demo.test_client().get("/demo/persona").status_code == 200
    assert demo.test_client().get("/demo/persona", environ_base=there).status_code == 404
    assert plain.test_client().get("/demo/persona").status_code == 404


def test_persona_counts_on_this_machine_only(demo: Flask) -> None:
    client = demo.test_client()
    post(client, "/demo/persona", {"person": 1}, page="/demo/persona")
    assert client.get("/me").status_code == 200
    assert client.get("/me", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303
    assert client.get("/me", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 303
    assert client.get("/me", headers={"Host": "wuxing.example"}).status_code == 400


def test_persona_cookie_is_worth_nothing_outside_a_demo(org: Database) -> None:
    client = application(org).test_client()
    with client.session_transaction() as cookie:
        cookie["persona"] = 1
    assert client.get("/me").status_code == 303
