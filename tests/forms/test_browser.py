"""Forms in a real browser: with JavaScript and without, accessible, inside the window, silent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.forms.desk import Desk, application
from tests.forms.samples import TYPED
from tests.forms.test_library import IDS
from tests.web.chromium import open_chromium, served

pytestmark = pytest.mark.browser

F01 = "f01_project_info"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(application(desk)) as url:
        yield url


@pytest.fixture(params=[True, False], ids=["js", "nojs"])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """A window with and without JavaScript; nothing may be said on its console."""
    window = chromium.new_context(base_url=address, java_script_enabled=request.param)
    opened = window.new_page()
    opened.set_default_timeout(10_000)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    window.close()
    assert [line for line in said if "422" not in line] == []


def test_a_project_is_filed_row_by_row(page: Page, desk: Desk) -> None:
    page.goto(f"/{F01}")
    page.get_by_label("项目名称").fill("2026中秋会员节")
    page.get_by_label("项目类型").select_option("大型市场活动")
    page.get_by_label("发起部门").select_option("市场部")
    page.get_by_label("项目负责人").select_option(label="王丽 · 第一负责人")
    page.get_by_label("预算").fill("150万")
    for row, (measure, target) in enumerate([("到场会员数", "5000"), ("销售额（万元）", "1200")]):
        if row:
            page.get_by_role("button", name="添加一个目标").click()
        page.get_by_label(f"目标 {row + 1}", exact=True).fill("会员节办得成功")
        page.get_by_label(f"衡量指标 {row + 1}").fill(measure)
        page.get_by_label(f"目标值 {row + 1}").fill(target)
    page.get_by_role("button", name="添加一个目标").click()
    expect(page.get_by_label("目标 3", exact=True)).to_be_visible()
    page.get_by_role("button", name="删除第 3 行").click()
    expect(page.get_by_label("目标 3", exact=True)).to_have_count(0)
    page.get_by_label("项目范围").fill("线下会员节和线上会场")
    page.get_by_label("交付物 1").fill("策划方案")
    page.get_by_label("验收标准 1").fill("三部门会签")
    page.get_by_label("负责部门 1").select_option("市场部")
    page.get_by_label("开始日期").fill("2026-08-17")
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator(".errs li")).to_have_count(2)
    page.locator(".errs a", has_text="结束日期").click()
    page.get_by_label("结束日期").fill("2026-10-09")
    page.get_by_role("checkbox", name="市场部").check()
    page.get_by_role("checkbox", name="设计部").check()
    page.get_by_role("button", name="提交审批").click()
    expect(page).to_have_title("done")
    stored = desk.accepted[F01]
    assert stored["budget"] == 1500000
    assert [goal["target"] for goal in stored["goal"]] == ["5000", "1200"]
    assert stored["involved_depts"] == ["市场部", "设计部"]


def test_a_blocked_task_asks_for_reason_and_time(page: Page, desk: Desk) -> None:
    page.goto("/f09_daily_update")
    page.get_by_label("完成百分比").fill("70")
    page.get_by_text("受阻", exact=True).click()
    if page.get_by_label("受阻原因").count() == 0:
        page.get_by_role("button", name="更新进度").click()
    page.get_by_label("受阻原因").fill("印刷厂停电")
    page.get_by_label("预计解决时间").fill("2026-03-05T10:00")
    page.get_by_role("button", name="更新进度").click()
    expect(page).to_have_title("done")
    assert desk.accepted["f09_daily_update"]["expected_resolution"] == "2026-03-05T10:00:00+08:00"


def test_files_are_uploaded_and_removed(page: Page, desk: Desk) -> None:
    page.goto("/f17_archive")
    page.get_by_label("文件 1").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"}
    )
    page.get_by_role("button", name="提交资料").click()
    expect(page.get_by_role("link", name="a.pdf")).to_be_visible()
    expect(page.locator(".errs li")).to_have_count(1)
    page.get_by_role("button", name="移除 a.pdf").click()
    expect(page.get_by_role("link", name="a.pdf")).to_have_count(0)
    page.get_by_label("文件 1").set_input_files(
        {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"x"}
    )
    page.get_by_label("资料类型 1").select_option("方案")
    page.get_by_role("button", name="提交资料").click()
    expect(page).to_have_title("done")
    assert desk.accepted["f17_archive"]["files"][0]["file"]["name"] in ("会员节-设计稿-20260925.pdf", "b.pdf")


def test_enter_in_a_field_neither_submits_nor_deletes(page: Page, desk: Desk) -> None:
    page.goto(f"/{F01}")
    page.get_by_label("项目名称").fill("会员节")
    page.get_by_label("项目名称").press("Enter")
    expect(page.get_by_label("项目名称")).to_have_value("会员节")
    expect(page.get_by_label("目标 1", exact=True)).to_be_visible()
    expect(page.locator(".errs")).to_have_count(0)
    assert desk.accepted == {}


@pytest.fixture
def lively(chromium: Browser, address: str) -> Iterator[Page]:
    """A window with JavaScript only."""
    window = chromium.new_context(base_url=address)
    yield window.new_page()
    window.close()


def test_the_draft_saves_itself_and_survives(lively: Page, desk: Desk) -> None:
    lively.goto(f"/{F01}")
    lively.get_by_label("项目名称").press_sequentially("会员节")
    expect(lively.locator("[data-draft-state]")).to_have_text("有未保存的修改")
    expect(lively.locator("[data-draft-state]")).to_have_text("草稿已于 10:42 保存")
    assert desk.drafts[F01]["project_name"] == "会员节"
    lively.reload()
    expect(lively.get_by_label("项目名称")).to_have_value("会员节")


def test_a_draft_that_cannot_be_saved_says_so(lively: Page) -> None:
    lively.goto(f"/{F01}")
    lively.route("**/draft", lambda route: route.abort())
    lively.get_by_label("项目名称").fill("会员节")
    expect(lively.locator("[data-draft-state]")).to_have_text("草稿没有保存成功，请点“保存草稿”")


def test_a_row_comes_without_a_new_page_and_takes_the_focus(lively: Page) -> None:
    lively.goto(f"/{F01}")
    lively.evaluate("() => { window.same = true }")
    lively.get_by_role("button", name="添加一个交付物").click()
    expect(lively.get_by_label("交付物 2")).to_be_focused()
    assert lively.evaluate("() => window.same")


def test_rows_can_be_added_when_the_connection_fails_once(lively: Page) -> None:
    """The button then does what it does without JavaScript."""
    lively.goto(f"/{F01}")
    lively.route(
        "**/f01_project_info",
        lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_(),
    )
    lively.get_by_role("button", name="添加一个交付物").click()
    expect(lively.get_by_label("交付物 2")).to_be_visible()


def test_words_typed_while_the_server_answers_are_kept(lively: Page) -> None:
    lively.goto(f"/{F01}")
    waiting = []
    lively.route("**/f01_project_info", lambda route: waiting.append(route))
    lively.get_by_label("发起部门").select_option("设计部")
    lively.wait_for_timeout(200)
    lively.get_by_label("项目范围").press_sequentially("线下会员节")
    lively.get_by_role("checkbox", name="物流部").check()
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(lively.get_by_label("项目负责人").locator("option")).to_have_count(3)
    expect(lively.get_by_label("项目范围")).to_have_value("线下会员节")
    expect(lively.get_by_role("checkbox", name="物流部")).to_be_checked()


def test_a_file_chosen_while_the_server_answers_is_kept(lively: Page, desk: Desk) -> None:
    """The window for choosing a file was opened over the form that the answer replaces."""
    lively.goto("/f09_daily_update")
    lively.get_by_text("已完成", exact=True).click()
    lively.get_by_label("完成百分比").fill("100")
    chosen = lively.get_by_label("成果文件").element_handle()
    waiting = []
    lively.route("**/f09_daily_update", lambda route: waiting.append(route))
    lively.evaluate("() => { window.old = document.forms[0] }")
    lively.get_by_text("进行中", exact=True).click()
    lively.get_by_text("已完成", exact=True).click()
    lively.wait_for_timeout(200)
    waiting[-1].continue_()
    lively.wait_for_function("() => !window.old.isConnected")
    lively.unroute("**/f09_daily_update")
    chosen.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    lively.get_by_role("button", name="更新进度").click()
    expect(lively).to_have_title("done")
    assert len(desk.accepted["f09_daily_update"]["evidence"]) == 1


def test_the_date_is_told_in_words(lively: Page) -> None:
    lively.goto(f"/{F01}")
    lively.get_by_label("开始日期").fill("2026-08-17")
    expect(lively.locator("[data-date-words]").first).to_have_text("2026年8月17日周一")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_forms_are_accessible_and_fit(
    chromium: Browser, address: str, desk: Desk, language: str, theme: str
) -> None:
    window = chromium.new_context(base_url=address)
    window.add_cookies(
        [{"name": n, "value": v, "url": address} for n, v in (("lang", language), ("theme", theme))]
    )
    opened = window.new_page()
    wrong = []
    for form_id in IDS:
        desk.drafts[form_id] = TYPED[form_id]
        for width in (1440, 390, 360):
            opened.set_viewport_size({"width": width, "height": 900})
            opened.goto(f"/{form_id}")
            if opened.evaluate("() => document.documentElement.scrollWidth") > width:
                wrong.append(f"{form_id} at {width} scrolls sideways")
        found = Axe().run(opened).response["violations"]
        wrong += [
            f"{form_id}: {v['id']} {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary'][:200]}"
            for v in found
        ]
    window.close()
    assert wrong == []


def test_faulty_forms_are_accessible(chromium: Browser, address: str) -> None:
    window = chromium.new_context(base_url=address)
    opened = window.new_page()
    wrong = []
    for form_id in (F01, "f05_tasks", "f15_acceptance", "f16_certificate"):
        opened.goto(f"/{form_id}")
        opened.locator(".bar .pri").click()
        expect(opened.locator(".errs")).to_be_focused()
        found = Axe().run(opened).response["violations"]
        wrong += [
            f"{form_id}: {v['id']} {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary'][:200]}"
            for v in found
        ]
    window.close()
    assert wrong == []
