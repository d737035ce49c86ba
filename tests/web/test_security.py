"""What protects every page."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from engine.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused, UnsafeDocument
from engine.store.database import Database
from engine.text import T
from tests.web.building import ROLES, application, signed_in, token_of
from tests.web.test_permissions import _address, _routes
from webui.errors import status_of
from webui.permissions import permission
from webui.security import POLICY
from webui.serving import UnsafeBinding, check_binding
from webui.settings import Settings, read_secret


def test_policy_allows_no_inline_code_and_no_other_host() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_every_response_carries_the_headers(app: Flask, org: Database) -> None:
    client = signed_in(app, org, "administrator")
    pages = [_address(rule) for rule in _routes(app) if "GET" in (rule.methods or ())]
    for address in (*pages, "/static/app.css", "/nowhere"):
        with client.get(address) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"] == POLICY, address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] == "same-origin", address


@pytest.mark.parametrize("role", ["member", *ROLES])
def test_every_write_asks_for_its_token(app: Flask, org: Database, role: str) -> None:
    client = signed_in(app, org, role)
    for rule in _routes(app):
        writes = {"POST", "PUT", "PATCH", "DELETE"} & set(rule.methods or ())
        for method in writes:
            answer = client.open(_address(rule), method=method)
            assert answer.status_code in (400, 404), (rule.rule, answer.status_code)
            if answer.status_code == 400:
                assert "expired_page" in answer.text


def test_write_sent_by_another_site_is_refused(app: Flask) -> None:
    client = app.test_client()
    values = {"csrf_token": token_of(client), "lang": "en"}
    for site in ("cross-site", "same-site"):
        answer = client.post("/language", data=values, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert client.post("/language", data=values, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_link_from_another_site_still_opens_a_page(app: Flask) -> None:
    assert app.test_client().get("/login", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(org: Database) -> None:
    plain = application(org).test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    secure = application(org, https=True).test_client().get("/login").headers["Set-Cookie"]
    assert secure.startswith("__Host-wuxing=")
    assert "Secure" in secure
    assert "Domain" not in secure


def test_too_large_a_submission_is_refused_in_words(org: Database) -> None:
    client = application(org, max_upload_bytes=1000).test_client()
    answer = client.post("/login", data={"csrf_token": token_of(client), "login": "x" * 2000})
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text


def test_pages_are_never_kept_by_a_cache_and_versioned_files_are(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    for address, expected in (("/static/app.css", "no-cache"), ("/static/app.css?v=1", "immutable")):
        with client.get(address) as answer:
            assert expected in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput(T("错")), 422),
        (UnsafeDocument(T("错")), 422),
        (Conflict(T("错")), 409),
        (Refused(T("错")), 409),
        (NotFound(T("错")), 404),
        (Forbidden(T("错")), 403),
    ],
)
def test_error_of_ours_is_a_page_with_its_sentence_and_code(app: Flask, error: Conflict, status: int) -> None:
    @permission("public")
    def failing() -> str:
        raise error

    app.add_url_rule("/failing", view_func=failing)
    answer = app.test_client().get("/failing")
    assert status_of(error) == answer.status_code == status
    assert f"<code>{error.code}</code>" in answer.text
    assert '<p class="lead">错</p>' in answer.text


def test_fault_is_a_page_with_a_reference_and_no_trace(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @permission("public")
    def failing() -> str:
        raise ZeroDivisionError("secret detail")

    app.add_url_rule("/failing", view_func=failing)
    answer = app.test_client().get("/failing")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    reference = caplog.messages[0].split()[1]
    assert reference in answer.text


def test_error_in_a_fragment_becomes_a_toast(app: Flask) -> None:
    answer = app.test_client().get("/nowhere", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.text


def test_healthz_says_no_more_than_ok(app: Flask) -> None:
    assert app.test_client().get("/healthz").text == "ok"


def test_demo_serves_this_machine_only() -> None:
    check_binding("127.0.0.1", Settings(demo=True))
    for host in ("0.0.0.0", "192.0.2.1", "::"):
        with pytest.raises(UnsafeBinding):
            check_binding(host, Settings(demo=True, behind_proxy=True))


def test_passwords_are_not_served_in_clear_to_others() -> None:
    with pytest.raises(UnsafeBinding):
        check_binding("0.0.0.0", Settings())
    check_binding("0.0.0.0", Settings(behind_proxy=True, https=True))


def test_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = read_secret(tmp_path)
    assert len(first) == 64
    assert read_secret(tmp_path) == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
