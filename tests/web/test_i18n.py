"""Two languages everywhere, and no sentence outside the catalogue."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, render_template_string
from jinja2 import Environment, nodes

from engine.clock import FrozenClock
from engine.store.database import Database
from engine.text import T
from tests.conftest import MONDAY
from tests.web.building import post, signed_in, token_of
from tests.web.messages import ROOT, files, used
from webui.catalogue import catalogue, catalogue_files, read_catalogue
from webui.dates import due_kind, due_text, moment_text, relative_text
from webui.i18n import locale, render_text

_CHINESE = re.compile("[\u4e00-\u9fff]")
_PLACE = re.compile(r"\{(\w+)\}")


def test_every_sentence_has_an_english_translation() -> None:
    english = catalogue("en")
    missing = [f"{path}: {m}" for m, path in used().items() if _CHINESE.search(m) and m not in english]
    assert not missing, "\n".join(sorted(missing))


def test_translations_keep_the_places_of_their_sentences() -> None:
    for path in catalogue_files("en"):
        for message, translation in read_catalogue(path).items():
            assert set(_PLACE.findall(message)) == set(_PLACE.findall(translation)), (path.name, message)


def test_one_sentence_has_one_translation() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for path in catalogue_files("en"):
        for message, translation in read_catalogue(path).items():
            before = seen.setdefault(message, (translation, path.name))
            assert before[0].casefold() == translation.casefold(), (message, before, path.name)


def test_translations_are_english_but_for_quoted_words() -> None:
    for path in catalogue_files("en"):
        for message, translation in read_catalogue(path).items():
            assert not re.search("[\u4e00-\u9fff]{4}", translation), (path.name, message)


def test_templates_hold_no_sentence_outside_the_catalogue() -> None:
    for path in files(".html"):
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for data in tree.find_all(nodes.TemplateData):
            bare = re.sub(r'lang="zh-CN">中文', "", data.data)
            assert not _CHINESE.search(bare), (path.relative_to(ROOT), data.lineno, bare.strip()[:60])


def test_chinese_comes_first(app: Flask) -> None:
    page = app.test_client().get("/login", headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-CN"' in page
    assert "登录名" in page


def test_language_switch_keeps_the_page(app: Flask, org: Database) -> None:
    client = signed_in(app, org, "administrator")
    here = "/admin/people?dept=市场部"
    answer = post(client, "/language", {"lang": "en", "next": here}, page="/me")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/admin/people?dept=")
    page = client.get(here).text
    assert '<html lang="en"' in page
    assert "Organisation" in page
    assert "Marketing" in page


def test_switch_leads_to_no_foreign_page(app: Flask) -> None:
    client = app.test_client()
    answer = post(client, "/language", {"lang": "en", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_unknown_language_is_chinese(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("lang", "xx")
    assert '<html lang="zh-CN"' in client.get("/login").text


def test_pages_in_english_show_chinese_only_in_names(app: Flask, org: Database) -> None:
    client = signed_in(app, org, "administrator")
    client.get("/me")
    client.set_cookie("lang", "en")
    for address in ("/me", "/admin/jobs", "/admin/incidents", "/admin/departments"):
        page = re.sub(r"五行|中文|某\w+|王丽|<span[^>]*>.</span>", "", client.get(address).text)
        assert not _CHINESE.search(page), (address, _CHINESE.findall(page))


def test_constant_sentences_are_translated_when_compiled(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        environment = app.jinja_env
        assert environment.locale == "en"
        source = environment.compile('{{ _("下一页") }} {{ _("第 {n} 次失败", n=3) }}', raw=True)
        assert "Next" in source
        assert "下一页" not in source
        text = environment.from_string('{{ _("第 {n} 次失败", n=n) }}{{ _(word) }}')
        assert text.render(n="<3>", word="下一页") == "Failure no. &lt;3&gt;Next"


def test_text_of_the_engine_is_rendered_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        assert locale() == "en"
        assert render_text(T("{when}到期", when=T("今天 {at}", at="18:00"))) == "due today 18:00"
        assert render_template_string("{{ none|t }}") == ""
    with app.test_request_context():
        assert render_text(T("{when}到期", when=T("今天 {at}", at="18:00"))) == "今天 18:00到期"


@pytest.mark.parametrize(
    ("ahead", "chinese", "english"),
    [
        (timedelta(), "刚刚", "just now"),
        (timedelta(minutes=-5), "5 分钟前", "5 min ago"),
        (timedelta(minutes=30), "30 分钟后", "in 30 min"),
        (timedelta(hours=5), "今天 14:00", "today 14:00"),
        (timedelta(hours=20), "明天 05:00", "tomorrow 05:00"),
        (timedelta(hours=-20), "昨天 13:00", "yesterday 13:00"),
        (timedelta(days=3), "3 天后", "in 3 d"),
        (timedelta(days=-6), "6 天前", "6 d ago"),
        (timedelta(days=40), "4月11日", "11 Apr"),
        (timedelta(days=-400), "2025年1月26日", "26 Jan 2025"),
    ],
)
def test_time_is_told_as_seen_from_now(
    app: Flask, at: FrozenClock, ahead: timedelta, chinese: str, english: str
) -> None:
    for language, expected in (("zh", chinese), ("en", english)):
        with app.test_request_context(headers={"Cookie": f"lang={language}"}):
            assert relative_text(MONDAY + ahead) == expected


@pytest.mark.parametrize(
    ("ahead", "text", "kind"),
    [
        (timedelta(hours=9), "今天 18:00到期", "warn"),
        (timedelta(days=2), "2 天后到期", "mute"),
        (timedelta(hours=-3), "逾期 3 小时", "err"),
        (timedelta(days=-2), "逾期 2 天", "err"),
    ],
)
def test_due_time_says_how_late(app: Flask, at: FrozenClock, ahead: timedelta, text: str, kind: str) -> None:
    with app.test_request_context():
        assert due_text(MONDAY + ahead) == text
        assert due_kind(MONDAY + ahead) == kind


def test_absolute_time_is_in_the_zone_of_the_organisation(app: Flask) -> None:
    with app.test_request_context():
        assert moment_text(MONDAY) == "2026年3月2日 周一 09:00"
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        assert moment_text(MONDAY) == "Mon 2 Mar 2026, 09:00"


def test_theme_switch_keeps_the_page(app: Flask) -> None:
    client = app.test_client()
    token = token_of(client)
    client.post("/theme", data={"csrf_token": token, "theme": "dark", "next": "/login"})
    assert 'data-theme="dark"' in client.get("/login").text
