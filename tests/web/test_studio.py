"""The designer's pages: versions and drafts, upload, the gate's answers, the modeller in a browser."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from engine import definitions
from engine.bpmn.layout import layout
from engine.spiff.program import load_program
from tests.engine.build import World, end, flows, process, start, user
from tests.engine.test_pools import BUYER
from tests.web.building import post, token_of
from tests.web.chromium import served, visitor
from tests.web.messages import ROOT
from tests.web.travelling import SETTLEMENT, TRAVEL, application, save_draft, travelled
from webui.diagrams.drawn import with_drawing
from webui.studio.blank import blank_diagram

DIAGRAMS = sorted((ROOT / "processes").rglob("*.bpmn"))
BROKEN = process(
    start(), user("step", assignee="1 +"), end(), flows("start", "step", "end"), process_id="broken"
)
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "x">]><definitions/>'


def _window(travels: World, who: str = "李设计") -> FlaskClient:
    client = application(travels).test_client()
    post(client, "/demo/persona", {"person": travels.people[who].id}, page="/demo/persona")
    return client


def _send(client: FlaskClient, path: str, name: str, xml: bytes, **values: Any) -> Any:
    token = token_of(client, "/processes/new")
    data = {"csrf_token": token, name: (io.BytesIO(xml), "diagram.bpmn"), **values}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_list_tells_versions_running_instances_and_drafts(travels: World) -> None:
    travels.start("travel", reviewers=[1], approved=True)
    travels.publish(TRAVEL.replace(b'name="fill"', b'name="fill in"'))
    travels.start("travel", reviewers=[1], approved=True)
    save_draft(travels, "settlement", SETTLEMENT)
    page = _window(travels).get("/processes").text
    assert "第 2 版" in page
    assert re.findall(r"v(\d) · (\d)", page) == [("2", "1"), ("1", "1")]
    assert page.count("有草稿") == 1


def test_process_page_shows_a_version_who_published_it_and_where_it_is_used(travels: World) -> None:
    client = _window(travels)
    page = client.get("/processes/settlement").text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram"' in page
    assert 'href="/processes/travel">travel</a>' in page
    assert "系统" in page
    assert client.get("/processes/settlement?version=7").status_code == 404
    assert client.get("/processes/none").status_code == 404


def test_the_second_pool_of_a_file_is_edited_where_the_file_is(travels: World) -> None:
    travels.publish(BUYER)
    client = _window(travels)
    page = client.get("/processes/shop").text
    assert "画在同一个文件里" in page
    assert 'href="/processes/buyer"' in page
    assert client.get("/studio/shop").headers["Location"] == "/studio/buyer"
    assert client.get("/studio/buyer").status_code == 200
    assert "画在同一个文件里" not in client.get("/processes/buyer").text


def test_download_gives_back_the_published_bytes(travels: World) -> None:
    answer = _window(travels).get("/processes/travel/versions/1.bpmn")
    assert answer.data == TRAVEL
    assert answer.headers["Content-Disposition"] == "attachment; filename=travel-v1.bpmn"


def test_upload_is_read_safely_checked_and_kept_as_a_draft(travels: World) -> None:
    client = _window(travels)
    hostile = _send(client, "/processes/upload", "file", DOCTYPE)
    assert hostile.status_code == 422
    assert "DOCTYPE" in hostile.text
    kept = _send(client, "/processes/upload", "file", BROKEN)
    assert kept.headers["Location"] == "/processes/broken"
    page = client.get("/processes/broken").text
    assert "检查发现 1 处错误" in page
    assert "发布草稿" not in page


def test_upload_replaces_a_draft_only_when_told(travels: World) -> None:
    client = _window(travels)
    save_draft(travels, "travel", TRAVEL)
    again = _send(client, "/processes/upload", "file", TRAVEL)
    assert again.status_code == 409
    assert "已有草稿" in again.text
    assert _send(client, "/processes/upload", "file", TRAVEL, replace="1").status_code == 303


def test_upload_of_another_product_offers_its_translation_first(travels: World) -> None:
    client = _window(travels)
    vacation = (ROOT / "tests/data/diagrams/activiti_vacation.bpmn20.xml").read_bytes()
    offer = _send(client, "/processes/upload", "file", vacation)
    assert offer.status_code == 200
    assert "vacationApproved = &#34;true&#34;" in offer.text
    packed = re.findall(r'name="packed" value="([^"]+)"', offer.text)[0]
    values = {"packed": packed, "as": "translated"}
    kept = post(client, "/processes/upload", values, page="/processes/new")
    assert kept.status_code == 303
    draft = client.get(f"{kept.headers['Location']}/draft.bpmn").data
    assert b'vacationApproved = "true"' in draft
    values = {"packed": packed, "as": "original", "replace": "1"}
    assert post(client, "/processes/upload", values, page="/processes/new").status_code == 303
    assert client.get(f"{kept.headers['Location']}/draft.bpmn").data == vacation
    values = {"packed": "%%", "as": "original"}
    assert post(client, "/processes/upload", values, page="/processes/new").status_code == 422


def test_upload_needs_a_file_and_its_token(travels: World) -> None:
    client = _window(travels)
    assert post(client, "/processes/upload", {}, page="/processes/new").status_code == 422
    data = {"file": (io.BytesIO(TRAVEL), "x.bpmn")}
    assert client.post("/processes/upload", data=data).status_code == 400


def test_new_process_begins_with_a_blank_draft(travels: World) -> None:
    client = _window(travels)
    made = post(client, "/processes/new", {"process": "leave", "name": "请假<申请>"}, page="/processes/new")
    assert made.headers["Location"] == "/studio/leave"
    assert "请假&lt;申请&gt;" in client.get("/studio/leave").text
    assert b"BPMNShape" in client.get("/studio/leave/file").data


@pytest.mark.parametrize("given", ["", "9lives", "a b", "travel", "中文"])
def test_new_process_needs_a_free_and_plain_id(travels: World, given: str) -> None:
    client = _window(travels)
    refused = post(client, "/processes/new", {"process": given, "name": "名"}, page="/processes/new")
    assert refused.status_code == 422
    assert 'id="process-e"' in refused.text


def test_check_answers_with_findings_and_outline(travels: World) -> None:
    client = _window(travels)
    answer = _send(client, "/studio/broken/check", "xml", BROKEN).json
    assert ("error", "step") in [(f["severity"], f["element"]) for f in answer["findings"]]
    assert [entry["id"] for entry in answer["outline"]] == ["start", "step", "end"]
    assert answer["outline"][1]["kind"] == "用户任务"
    hostile = _send(client, "/studio/broken/check", "xml", DOCTYPE)
    assert hostile.status_code == 422
    assert "DOCTYPE" in hostile.json["text"]


def test_save_refuses_when_somebody_else_saved_first(travels: World) -> None:
    client = _window(travels)
    assert _send(client, "/studio/travel/draft", "xml", TRAVEL, revision=0).json["revision"] == 1
    late = _send(client, "/studio/travel/draft", "xml", TRAVEL, revision=0)
    assert late.status_code == 409
    assert late.json["text"].startswith("草稿已被")
    assert _send(client, "/studio/travel/draft", "xml", SETTLEMENT, revision=1).status_code == 422


def test_publish_refuses_with_findings_and_keeps_running_instances(travels: World) -> None:
    client = _window(travels)
    instance = travels.start("travel", reviewers=[1], approved=True)
    wrong = TRAVEL.replace(b'assignee="reviewer"', b'assignee="1 +"')
    refused = _send(client, "/studio/travel/publish", "xml", wrong, note="试")
    assert refused.status_code == 422
    assert refused.json["findings"][0]["element"] == "review"
    better = TRAVEL.replace(b'name="fill"', 'name="填写"'.encode())
    confirmed = "\n".join(_warnings(client, better))
    done = _send(client, "/studio/travel/publish", "xml", better, note="改名", confirmed=confirmed)
    assert done.json == {"version": 2, "location": "/processes/travel"}
    with travels.engine.database.read() as uow:
        assert definitions.running_by_version(uow, "travel") == {1: 1}
        assert definitions.find_version(uow, "travel", 2).note == "改名"
        row = uow.sql(
            "select d.version from instance i join definition d on d.id = i.definition where i.id = ?",
            (instance,),
        ).fetchone()
    assert row[0] == 1
    other = _send(client, "/studio/travel/publish", "xml", SETTLEMENT, note="")
    assert other.status_code == 422


def _warnings(client: FlaskClient, xml: bytes) -> list[str]:
    """Return the keys of what the gate warns of, as the editor sends them back."""
    answer = _send(client, "/studio/travel/check", "xml", xml).json
    return [finding["key"] for finding in answer["findings"] if finding["severity"] == "warning"]


def test_warnings_are_confirmed_by_name_before_publishing(travels: World) -> None:
    client = _window(travels)
    warned = TRAVEL.replace(b'name="fill"', b'name=""')
    keys = _warnings(client, warned)
    assert "name.missing@fill" in keys
    for confirmed in ("", "\n".join(keys[1:])):
        refused = _send(client, "/studio/travel/publish", "xml", warned, note="无名", confirmed=confirmed)
        assert refused.status_code == 422
        assert "提醒" in refused.json["text"]
        assert [found["key"] for found in refused.json["findings"]] == keys
    done = _send(client, "/studio/travel/publish", "xml", warned, note="无名", confirmed="\n".join(keys))
    assert done.json["version"] == 2
    assert f"确认了 {len(keys)} 处提醒" in client.get("/processes/travel").text


def test_page_of_a_draft_asks_for_its_warnings_without_javascript(travels: World) -> None:
    client = _window(travels)
    save_draft(travels, "travel", TRAVEL)
    page, keys = "/processes/travel", _warnings(client, TRAVEL)
    shown = client.get(page).text
    assert all(f'name="confirmed" value="{key}"' in shown for key in keys)
    unread = {"note": "更清楚", "confirmed": keys}
    assert post(client, f"{page}/draft/publish", unread, page=page).status_code == 422
    assert post(client, f"{page}/draft/publish", {**unread, "read": "1"}, page=page).status_code == 303


def test_draft_is_published_or_discarded_without_javascript(travels: World) -> None:
    client = _window(travels)
    save_draft(travels, "travel", TRAVEL.replace(b'name="fill"', b'name="fill in"'))
    page = "/processes/travel"
    values = {"note": "更清楚", "confirmed": _warnings(client, TRAVEL), "read": "1"}
    assert post(client, f"{page}/draft/publish", values, page=page).status_code == 303
    assert "更清楚" in client.get(page).text
    save_draft(travels, "travel", TRAVEL)
    assert "有草稿" in client.get(page).text
    post(client, f"{page}/draft/discard", page=page)
    assert "有草稿" not in client.get(page).text


def test_only_designers_edit(travels: World) -> None:
    client = _window(travels, "Cai")
    assert client.get("/processes").status_code == 200
    assert "/studio/" not in client.get("/processes/travel").text
    assert client.get("/studio/travel").status_code == 404
    assert _window(travels, "Anna").get("/processes").status_code == 404


def test_pages_carry_no_inline_script_or_style(travels: World) -> None:
    client = _window(travels)
    for path in ("/processes", "/processes/travel", "/studio/travel", "/processes/new", "/audit"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), path


def test_a_diagram_without_a_drawing_gets_one_that_says_the_same() -> None:
    drawn = with_drawing(TRAVEL, "travel")
    before, after = (
        load_program(TRAVEL, "travel", {"settlement": SETTLEMENT}),
        load_program(drawn, "travel", {"settlement": SETTLEMENT}),
    )
    assert before.elements == after.elements
    assert not layout(drawn, "travel").automatic
    assert with_drawing(drawn, "travel") == drawn
    assert layout(with_drawing(blank_diagram("leave", "请假"), "leave"), "leave").shapes


# ---------------------------------------------------------------- in the browser


def _open(page: Page, address: str) -> list[str]:
    foreign: list[str] = []
    page.on(
        "request",
        lambda r: foreign.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None,
    )
    page.on("pageerror", lambda error: foreign.append(str(error)))
    return foreign


def _pick(page: Page, element: str) -> None:
    page.locator(f'[data-part=outline] [data-element="{element}"]').click()


def _ready(page: Page, process_id: str, query: str = "") -> None:
    page.goto(f"/studio/{process_id}{query}")
    page.wait_for_selector("[data-studio][data-ready]")


def _saved(travels: World, process_id: str) -> etree._Element:
    with travels.engine.database.read() as uow:
        found = definitions.latest(uow, process_id)
    assert found is not None
    return etree.fromstring(found.xml)


@pytest.mark.browser
def test_a_designer_draws_fills_the_panel_saves_checks_and_publishes(
    travels: World, chromium: Browser
) -> None:
    save_draft(travels, "leave", blank_diagram("leave", "请假"))
    with served(application(travels)) as address:
        context, page = visitor(chromium, address, travels.people["李设计"].id)
        faults = _open(page, address)
        _ready(page, "leave")
        expect(page.locator("[data-part=summary]")).to_have_attribute("data-state", "warning")

        _pick(page, "step")
        page.locator("#bio-properties-panel-wuxing-form").select_option("trip")
        page.locator("#bio-properties-panel-wuxing-assignee").fill("1")
        page.locator("#bio-properties-panel-wuxing-due").fill('@"2026-12-01"')
        page.keyboard.press("Tab")
        expect(page.locator("[data-part=state]")).to_have_text("有未保存的修改")

        page.locator('.djs-context-pad [data-action="append.gateway"]').click()
        page.locator('.djs-context-pad [data-action="append.end-event"]').click()
        flow = page.evaluate(
            "() => { const r = wuxingStudio.studio.modeler.get('elementRegistry');"
            " const g = r.find(e => e.type === 'bpmn:ExclusiveGateway');"
            " wuxingStudio.studio.modeler.get('modeling').connect(g, r.get('done'));"
            " wuxingStudio.studio.modeler.get('modeling').removeConnection(r.get('to_done'));"
            " return [g.outgoing[0].id, g.outgoing[1].id] }"
        )
        page.evaluate("id => wuxingStudio.studio.choose(id)", flow[0])
        page.locator("#bio-properties-panel-wuxing-condition").fill("days > 3")
        page.keyboard.press("Tab")
        page.evaluate("id => wuxingStudio.studio.choose(id)", flow[1])
        page.locator("#bio-properties-panel-wuxing-default").check()

        expect(page.locator("[data-part=summary]")).to_have_attribute(
            "data-state", re.compile("clean|warning")
        )
        page.keyboard.press("Control+s")
        expect(page.locator("[data-part=state]")).to_contain_text("已保存")
        page.locator("[data-do=publish]").click()
        page.locator("#publish-note").fill("第一版")
        warned = page.locator("[data-part=publish-form] [name=confirmed]")
        if warned.is_visible():
            warned.check()
        page.locator("[data-part=publish-form] button.pri").click()
        page.wait_for_url("**/processes/leave")
        expect(page.locator("body")).to_contain_text("已发布为第 1 版")
        context.close()
    assert not faults
    root = _saved(travels, "leave")
    ours = "{http://wuxing.dev/schema/1.0}"
    step = root.find(".//{*}userTask")
    assert step is not None
    said = {name.removeprefix(ours): value for name, value in step.attrib.items() if name.startswith(ours)}
    assert said == {"form": "trip", "assignee": "1", "due": '@"2026-12-01"'}
    gateway = root.find(".//{*}exclusiveGateway")
    assert gateway is not None
    assert gateway.get("default") == flow[1]
    assert [c.text for c in root.iter("{*}conditionExpression")] == ["days > 3"]


COUNTED = process(
    start(),
    '<scriptTask id="count" name="count"><script>总额 = 5\ntotal = 1</script></scriptTask>',
    '<scriptTask id="after" name="after"><script>y = 1</script></scriptTask>',
    end(),
    flows("start", "count", "after", "end"),
    process_id="counted",
)


@pytest.mark.browser
def test_names_known_at_the_element_are_offered_while_one_types(travels: World, chromium: Browser) -> None:
    save_draft(travels, "counted", COUNTED)
    with served(application(travels)) as address:
        context, page = visitor(chromium, address, travels.people["李设计"].id)
        faults = _open(page, address)
        _ready(page, "counted")
        _pick(page, "after")
        field = page.locator("#bio-properties-panel-wuxing-script")
        field.fill("y = ")
        field.press("End")
        field.press_sequentially("tot")
        offered = page.locator(".completion [role=option]")
        expect(offered).to_have_text(["total数值"])
        field.press("Enter")
        expect(field).to_have_value("y = total")
        field.press_sequentially(" + 总")
        expect(offered).to_have_text(["总额数值"])
        offered.click()
        expect(field).to_have_value("y = total + 总额")
        field.press_sequentially(" + str")
        field.press("Escape")
        expect(page.locator(".completion")).to_be_hidden()
        field.press("Tab")
        _pick(page, "count")
        page.locator("#bio-properties-panel-wuxing-script").press("Control+Space")
        expect(offered.first).not_to_have_text("total数值")
        context.close()
    assert not faults


@pytest.mark.browser
def test_undo_takes_back_what_the_panel_wrote(travels: World, chromium: Browser) -> None:
    with served(application(travels)) as address:
        context, page = visitor(chromium, address, travels.people["李设计"].id)
        _ready(page, "travel")
        _pick(page, "review")
        item = page.locator("#bio-properties-panel-wuxing-item")
        item.fill("who")
        page.keyboard.press("Tab")
        page.evaluate("() => wuxingStudio.studio.modeler.get('canvas').focus()")
        page.keyboard.press("Control+z")
        expect(item).to_have_value("reviewer")
        expect(page.locator("[data-part=state]")).to_have_text("没有修改")
        context.close()


@pytest.mark.browser
def test_the_outline_is_walked_with_the_keyboard_and_selects(travels: World, chromium: Browser) -> None:
    with served(application(travels)) as address:
        context, page = visitor(chromium, address, travels.people["李设计"].id)
        _ready(page, "travel")
        page.locator('[data-part=outline] [data-element="begin"]').focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator('[data-part=outline] [data-element="fill"]')).to_have_attribute(
            "aria-selected", "true"
        )
        expect(page.locator(".bio-properties-panel-header-label")).to_have_text("fill")
        context.close()


@pytest.mark.browser
def test_every_word_of_the_editor_is_chinese_and_the_mark_is_visible(
    travels: World, chromium: Browser
) -> None:
    source = (ROOT / "processes" / "collaboration" / "approval.bpmn").read_bytes()
    save_draft(travels, "approval", source)
    with served(application(travels)) as address:
        context, page = visitor(chromium, address, travels.people["李设计"].id)
        _ready(page, "approval")
        missing = page.evaluate(
            "async () => { const m = wuxingStudio.studio.modeler;"
            " for (const e of m.get('elementRegistry').getAll()) { m.get('selection').select(e);"
            "   await new Promise(done => setTimeout(done, 10)); }"
            " return [...wuxingStudio.untranslated] }"
        )
        assert missing == []
        mark = page.locator(".bjs-powered-by")
        expect(mark).to_be_visible()
        mark.click(trial=True)
        context.close()


@pytest.mark.browser
def test_a_phone_reads_the_diagram_and_is_told_why(travels: World, chromium: Browser) -> None:
    with served(application(travels)) as address:
        viewport = {"width": 390, "height": 844}
        context, page = visitor(chromium, address, travels.people["李设计"].id, viewport=viewport)
        page.goto("/studio/travel")
        expect(page.get_by_text("编辑流程图需要更宽的屏幕")).to_be_visible()
        expect(page.locator("svg.diagram")).to_be_visible()
        expect(page.locator("[data-studio]")).to_be_hidden()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        context.close()


LOOKS = [(1440, "light", "zh"), (1440, "dark", "en"), (390, "light", "en"), (390, "dark", "zh")]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_axe_finds_nothing(travels: World, chromium: Browser, width: int, theme: str, language: str) -> None:
    instance = travelled(travels)
    save_draft(travels, "broken", BROKEN)
    with served(application(travels)) as address:
        viewport = {"width": width, "height": 900}
        # The policy of our pages rightly refuses the script that looks for faults.
        context, page = visitor(
            chromium, address, travels.people["李设计"].id, viewport=viewport, bypass_csp=True
        )
        cookies = {"theme": theme, "lang": language}
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items()])
        for path in (
            "/processes",
            "/processes/broken",
            "/studio/broken",
            "/audit",
            f"/audit/instances/{instance}",
        ):
            answer = page.goto(path, wait_until="networkidle")
            assert answer is not None
            assert answer.ok, path
            found = Axe().run(page).response["violations"]
            assert not found, (path, [(each["id"], each["nodes"][0]["html"]) for each in found])
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
        context.close()


def _meaning(xml: str | bytes) -> list[str]:
    """Return what a diagram says: no drawing, no order of attributes, no default written out."""
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    found = []
    for element in root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}*"):
        tag = etree.QName(element).localname
        if tag in ("incoming", "outgoing", "flowNodeRef", "definitions"):
            continue
        held = {k: v for k, v in element.attrib.items() if "XMLSchema-instance" not in k}
        attributes = sorted(held.items() - {("isSequential", "false")})
        found.append(f"{tag} {attributes} {(element.text or '').strip()}")
    return sorted(found)


@pytest.mark.browser
@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_opening_and_saving_a_diagram_changes_nothing(travels: World, chromium: Browser, path: Path) -> None:
    source = path.read_bytes()
    save_draft(travels, path.stem, source)
    with served(application(travels)) as address:
        context, page = visitor(chromium, address, travels.people["李设计"].id)
        _ready(page, path.stem)
        saved = page.evaluate("() => wuxingStudio.studio.xml()")
        context.close()
    assert _meaning(saved) == _meaning(source)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_offer_of_a_translation_fits_the_screen(
    travels: World, chromium: Browser, width: int, scheme: str
) -> None:
    with served(application(travels)) as address:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        context, page = visitor(chromium, address, travels.people["李设计"].id, **options)
        page.goto("/processes/new")
        page.set_input_files("#file", ROOT / "tests/data/diagrams/camunda7_invoice.bpmn")
        page.get_by_role("button", name="上传并检查").click()
        expect(page.get_by_role("button", name="采用翻译")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert Axe().run(page).response["violations"] == []
        page.get_by_role("button", name="采用翻译").click()
        expect(page).to_have_url(re.compile("/processes/invoice$"))
        context.close()
