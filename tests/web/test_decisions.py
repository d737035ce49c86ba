"""The library of decisions: published after a check, read as tables, tried on the page."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from engine import decisions
from tests.engine.build import World, end, flows, process, start, user
from tests.web.building import post, token_of
from tests.web.travelling import application

RULES = (Path(__file__).parents[1] / "data/decisions/approval_level.dmn").read_bytes()
GAP = RULES.replace(b"&gt;= 5000", b"&gt; 6000")
BROKEN = RULES.replace(b"&lt; 5000", b"&lt; 5000 +")
RATED = process(
    start(),
    '<businessRuleTask id="rate" name="定级" wuxing:decision="approval_level"/>',
    user("sign"),
    end(),
    flows("start", "rate", "sign", "end"),
    process_id="rated",
)


def _window(travels: World, who: str = "李设计") -> FlaskClient:
    client = application(travels).test_client()
    post(client, "/demo/persona", {"person": travels.people[who].id}, page="/demo/persona")
    return client


def _send(client: FlaskClient, xml: bytes, **values: Any) -> Any:
    token = token_of(client, "/decisions/new")
    data = {"csrf_token": token, "file": (io.BytesIO(xml), "rules.dmn"), **values}
    return client.post("/decisions/new", data=data, content_type="multipart/form-data")


def _known(travels: World) -> dict[str, str]:
    with travels.engine.database.read() as uow:
        return decisions.known(uow)


def test_a_model_is_published_and_shown_as_a_table(travels: World) -> None:
    client = _window(travels)
    assert "还没有决策模型" in client.get("/decisions").text
    sent = _send(client, RULES, note="第一版")
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).text
    assert re.findall(r"<td class=\"out\"><code>&#34;(.+?)&#34;", page) == ["部门", "管理层", "总经理"]
    assert "小额由部门定" in page
    assert "第一版" in page
    assert "还没有流程用到它" in page
    travels.publish(RATED)
    assert 'href="/processes/rated"' in client.get(sent.headers["Location"]).text
    assert "审批规则" in client.get("/decisions").text


def test_errors_refuse_a_model_and_nothing_is_published(travels: World) -> None:
    client = _window(travels)
    sent = _send(client, BROKEN)
    assert sent.status_code == 422
    assert "没有发布" in sent.text
    assert "审批级别" in sent.text
    assert _known(travels) == {}


def test_warnings_are_read_before_a_model_is_published(travels: World) -> None:
    client = _window(travels)
    sent = _send(client, GAP, note="有空档")
    assert sent.status_code == 422
    assert _known(travels) == {}
    fields = dict(re.findall(r'name="(csrf_token|packed|note|confirmed)" value="([^"]*)"', sent.text))
    again = client.post("/decisions/new", data={**fields, "read": "1"})
    assert again.status_code == 303
    assert _known(travels) == {"approval_level": "审批级别"}
    assert "有空档" in client.get(again.headers["Location"]).text


def test_what_is_no_decision_model_is_told(travels: World) -> None:
    client = _window(travels)
    for content in (b"", b"no xml", RATED):
        sent = _send(client, content)
        assert sent.status_code == 422
        assert 'role="alert"' in sent.text
    kept = client.post(
        "/decisions/new", data={"csrf_token": token_of(client, "/decisions/new"), "packed": "x"}
    )
    assert kept.status_code == 422


def test_a_decision_is_tried_with_feel_values(travels: World) -> None:
    client = _window(travels)
    address = _send(client, RULES).headers["Location"]

    def attempt(**values: str) -> Any:
        fields = {"decision": "approval_level", **{f"in.{name}": value for name, value in values.items()}}
        return post(client, f"{address}/try", fields, page=address)

    answered = attempt(金额="4000 * 2", 加急="true")
    assert "总经理" in answered.text.split('role="status"')[1]
    assert "成立的规则 3" in answered.text
    wrong = attempt(金额="8000 +", 加急="true")
    assert wrong.status_code == 422
    assert "“金额”" in wrong.text
    assert attempt(加急="false").status_code == 422


def test_others_do_not_see_the_library(travels: World) -> None:
    client = _window(travels)
    address = _send(client, RULES).headers["Location"]
    assert client.get(f"{address}.dmn").data == RULES
    other = _window(travels, "Bo")
    for path in ("/decisions", "/decisions/new", address, f"{address}.dmn"):
        assert other.get(path).status_code == 404
