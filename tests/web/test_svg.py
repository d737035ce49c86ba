"""Diagrams drawn on the server: wrapped names, signs, marks, and who may see them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from engine.bpmn.layout import layout
from tests.engine.build import World, end, exclusive, flows, process, start, user
from tests.web.building import post
from tests.web.travelling import TRAVEL, application, travelled
from webui.diagrams.marks import Mark, Marks
from webui.diagrams.svg import picture
from webui.diagrams.wrapping import fit, width, wrap

SVG = "{http://www.w3.org/2000/svg}"


def _lines(text: str) -> list[str]:
    return wrap(text, 96, 12)


def test_chinese_names_break_anywhere_but_before_a_closing_mark() -> None:
    assert _lines("确认目标、范围与职责分工") == ["确认目标、范围与", "职责分工"]
    assert all(
        not line.startswith(("，", "）", "？")) for line in _lines("目标或范围是否变更，是否有新的？（全部）")
    )


def test_latin_names_break_at_spaces_only() -> None:
    assert _lines("Nominate the first responsible") == ["Nominate the", "first responsible"]


def test_a_name_too_long_for_its_shape_gets_smaller_then_ends_in_an_ellipsis() -> None:
    assert fit("短名", 106, 68).size == 12
    block = fit("很长的名字" * 20, 106, 68)
    assert block.size == 10
    assert block.lines[-1].endswith("…")
    assert all(width(line, block.size) <= 106 for line in block.lines)


def _drawn(xml: bytes, marks: Marks, process_id: str = "p") -> dict[str, object]:
    made = picture(layout(xml, process_id), name="p", marks=marks)
    return {shape.id: shape for shape in (*made.containers, *made.shapes)} | {"picture": made}


def test_marks_are_word_sign_and_count() -> None:
    marks = Marks(
        {
            "fill": Mark(done=2),
            "review": Mark(live=2, done=1, items=(2, 3)),
            "mail": Mark(live=1, failed=1),
        },
        frozenset({"begin_fill"}),
    )
    shapes = _drawn(TRAVEL, marks, "travel")
    texts = {name: shapes[name].badge.text for name in ("fill", "review", "mail")}  # type: ignore[attr-defined]
    assert texts == {"fill": "✓ 已完成 ×2", "review": "▶ 进行中 1/3", "mail": "! 出错"}
    assert shapes["pay"].badge is None  # type: ignore[attr-defined]
    made = shapes["picture"]
    assert [flow.id for flow in made.connections if flow.taken] == ["begin_fill"]  # type: ignore[attr-defined]
    assert made.description == "出错: mail; 进行中: review; 已完成: fill"  # type: ignore[attr-defined]


def test_a_sequence_of_kinds_has_its_signs() -> None:
    shapes = _drawn(TRAVEL, Marks({}), "travel")
    forms = {name: shapes[name].form for name in ("begin", "fill", "ok", "pay", "done")}  # type: ignore[attr-defined]
    assert forms == {
        "begin": "start",
        "fill": "activity",
        "ok": "gateway",
        "pay": "callActivity",
        "done": "end",
    }
    assert len(shapes["review"].signs) == 2  # type: ignore[attr-defined]


def _sign_in(travels: World, who: str):  # type: ignore[no-untyped-def]
    client = application(travels).test_client()
    with travels.engine.database.read() as uow:
        found = uow.sql("select id from person where name = ?", (who,)).fetchone()[0]
    post(client, "/demo/persona", {"person": found}, page="/demo/persona")
    return client


def test_the_picture_of_an_instance_shows_its_tokens(travels: World) -> None:
    instance = travelled(travels)
    answer = _sign_in(travels, "Cai").get(f"/instances/{instance}/diagram.svg")
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.text)
    assert root.get("role") == "img"
    failed = [group for group in root.iter(f"{SVG}g") if "dg-failed" in group.get("class", "")]
    assert [group.get("id") for group in failed] == ["dg-mail"]
    assert "! 出错" in answer.text


def test_the_picture_of_an_earlier_moment_and_of_a_called_process(travels: World) -> None:
    instance = travelled(travels)
    client = _sign_in(travels, "Cai")
    early = client.get(f"/instances/{instance}/diagram.svg?at=3").text
    assert "▶ 进行中" in early
    assert "出错" not in early
    called = client.get(f"/instances/{instance}/diagram.svg?process=settlement").text
    assert "check_receipts" in called


def test_the_picture_is_for_those_who_may_see_the_instance(travels: World) -> None:
    instance = travels.start("travel", reviewers=[1], approved=True)
    assert _sign_in(travels, "Anna").get(f"/instances/{instance}/diagram.svg").status_code == 200
    assert _sign_in(travels, "Bo").get(f"/instances/{instance}/diagram.svg").status_code == 404


def test_names_cannot_bring_markup_into_the_picture(travels: World) -> None:
    evil = process(
        start(), user("step").replace('name="step"', 'name="&lt;script&gt;alert(1)&lt;/script&gt;"'), end(),
        flows("start", "step", "end"), process_id="evil",
    )  # fmt: skip
    travels.publish(evil)
    instance = travels.start("evil")
    text = _sign_in(travels, "Anna").get(f"/instances/{instance}/diagram.svg").text
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.parametrize("kind", ["exclusiveGateway"])
def test_an_unmarked_exclusive_gateway_has_no_cross(kind: str) -> None:
    from dataclasses import replace

    found = layout(process(start(), exclusive("g"), end(), flows("start", "g", "end")), "p")
    plain = replace(found, shapes=tuple(replace(s, marker=s.kind != kind) for s in found.shapes))
    signs = {shape.id: shape.signs for shape in picture(plain, name="p").shapes}
    assert signs["g"] == ()
