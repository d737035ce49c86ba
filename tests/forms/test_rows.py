"""Rows: added, removed and moved by submit buttons, within rows too, and never more than allowed."""

from __future__ import annotations

import pytest

from forms.actions import read_action
from forms.catalog import library
from forms.filling import open_form, receive
from forms.merging import merge
from forms.validate import validate
from tests.forms.samples import PREFILL
from tests.forms.world import context, form_of, page, render


def rows(path="rows", *, inner=(), **more):
    columns = [
        {
            "id": f"{path}_name",
            "type": "textfield",
            "key": "name",
            "label": "N",
            "validate": {"required": True},
        }
    ]
    properties = {"appearance": "table", **more.pop("properties", {})}
    return {
        "id": f"c_{path}",
        "type": "dynamiclist",
        "path": path,
        "label": "R",
        "properties": properties,
        "components": [*columns, *inner],
        **more,
    }


NESTED = form_of(rows(inner=[rows("steps")]))
TWO = [("rows-0-_row", "1"), ("rows-0-name", "a"), ("rows-4-_row", "1"), ("rows-4-name", "b")]


def sent(form, do, *pairs, **given):
    return receive(form, page(*pairs, do=do), None, context(), **given).values


def names(values):
    return [row.get("name") for row in values["rows"]]


def test_row_numbers_may_have_gaps_and_are_closed():
    assert names(sent(NESTED, "save", *TWO)) == ["a", "b"]


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("add:rows", ["a", "b", None]),
        ("add:rows:0", ["a", None, "b"]),
        ("del:rows:0", ["b"]),
        ("up:rows:1", ["b", "a"]),
        ("down:rows:0", ["b", "a"]),
        ("up:rows:0", ["a", "b"]),
        ("down:rows:1", ["a", "b"]),
        ("del:rows:9", ["a", "b"]),
        ("del:rows", ["a", "b"]),
        ("add:other", ["a", "b"]),
        ("del:rows-9-steps:0", ["a", "b"]),
        ("drop:rows:1", ["a", "b"]),
        ("add:rows-0", ["a", "b"]),
        ("add:rows-0-name", ["a", "b"]),
    ],
)
def test_row_buttons(do, expected):
    assert names(sent(NESTED, do, *TWO)) == expected


def test_rows_within_rows():
    pairs = [*TWO, ("rows-0-steps-0-name", "s0"), ("rows-4-steps-2-name", "s1")]
    values = sent(NESTED, "add:rows-1-steps", *pairs)
    assert values["rows"][0]["steps"] == [{"name": "s0"}]
    assert values["rows"][1]["steps"] == [{"name": "s1"}, {}]
    assert sent(NESTED, "del:rows-0-steps:0", *pairs)["rows"][0]["steps"] == []


def test_errors_lie_at_the_row_the_person_sees():
    received = receive(
        NESTED,
        page(("rows-0-_row", "1"), ("rows-1-name", "b"), ("rows-1-steps-0-_row", "1")),
        None,
        context(),
    )
    assert received.errors == {}
    assert received.validated.values["rows"] == [{"name": "b", "steps": []}]
    half = form_of(rows(inner=[{"id": "n", "type": "number", "key": "n", "label": "n"}]))
    received = receive(half, page(("rows-0-_row", "1"), ("rows-1-n", "5")), None, context())
    assert list(received.errors) == ["rows-1-name"]
    assert received.view().errors[0].where == "R 2 · N"


def test_a_row_with_nothing_but_defaults_counts_as_empty():
    column = {
        "id": "t",
        "type": "select",
        "key": "t",
        "label": "t",
        "defaultValue": "FS",
        "values": [{"value": "FS", "label": "FS"}],
    }
    form = form_of(rows(inner=[column]))
    assert receive(form, page(("rows-0-t", "FS"), ("rows-0-name", "")), None, context()).validated.values == {
        "rows": []
    }


def test_too_few_rows():
    form = form_of(rows(properties={"minRows": 2}))
    assert str(receive(form, page(("rows-0-name", "a")), None, context()).errors["rows"]) == "请至少填写 2 行"


def test_ten_thousand_rows_are_cut_at_the_limit_and_said_so():
    form = form_of(rows(properties={"maxRows": 50}))
    received = receive(form, page(*[(f"rows-{n}-name", "x") for n in range(9_999)]), None, context())
    assert len(received.values["rows"]) == 50
    assert str(received.errors["rows"]) == "最多 50 行，多出的没有收下"
    assert list(received.errors) == ["rows"]
    assert "rows" in validate(form, {"rows": [{"name": "x"}] * 10_000}, context()).errors


def test_adding_stops_at_the_limit():
    form = form_of(rows(properties={"maxRows": 2}))
    assert len(sent(form, "add:rows", ("rows-0-name", "a"), ("rows-1-name", "b"))["rows"]) == 2


def test_a_hundred_thousand_names_are_read_in_part():
    received = receive(NESTED, page(*[(f"evil{n}", "x") for n in range(100_000)]), None, context())
    assert "" in received.errors
    assert len(received.draft) <= 1


FIXED = form_of(
    rows(
        allowAddRemove=False,
        inner=[
            {"id": "i", "type": "identity", "key": "id"},
            {"id": "g", "type": "textfield", "key": "given", "label": "G", "properties": {"readonly": True}},
        ],
    )
)
GIVEN = {"rows": [{"id": 7, "given": "seven"}, {"id": 8, "given": "eight"}]}


def test_fixed_rows_keep_what_was_handed_out():
    pairs = [
        ("rows-0-id", "8"),
        ("rows-0-name", "b"),
        ("rows-1-id", "7"),
        ("rows-1-name", "a"),
        ("rows-2-id", "9"),
        ("rows-2-name", "evil"),
    ]
    values = sent(FIXED, "add:rows", *pairs, prefill=GIVEN)
    assert values["rows"] == [
        {"id": 7, "given": "seven", "name": "a"},
        {"id": 8, "given": "eight", "name": "b"},
    ]


def test_read_only_columns_cannot_be_sent():
    received = receive(
        FIXED,
        page(("rows-0-id", "7"), ("rows-0-name", "a"), ("rows-0-given", "forged")),
        None,
        context(),
        prefill=GIVEN,
    )
    assert received.values["rows"][0]["given"] == "seven"
    assert "rows-0-given" in str(received.errors[""])


def test_an_identity_that_was_not_handed_out_makes_a_new_row():
    form = form_of(rows(inner=[{"id": "i", "type": "identity", "key": "id"}]))
    given = {"rows": [{"id": 7, "name": "a"}]}
    values = sent(
        form,
        "save",
        ("rows-0-id", "7"),
        ("rows-0-name", "a2"),
        ("rows-1-id", "99"),
        ("rows-1-name", "b"),
        prefill=given,
    )
    assert values["rows"] == [{"id": 7, "name": "a2"}, {"name": "b"}]


def test_unknown_keys_in_rows_are_refused():
    judged = validate(
        NESTED,
        merge(NESTED, {}, {"rows": [{"name": "a", "evil": 1, "steps": [{"name": "s", "bad": 2}]}]}),
        context(),
    )
    assert set(judged.errors) == {"rows-0", "rows-0-steps-0"}


@pytest.mark.parametrize(
    "text", ["add:", "add:Rows", "del:rows:-1", "del:rows:1:2", "x" * 500, "add:rows:" + "9" * 30, "提交", ""]
)
def test_odd_buttons_only_show_the_form_again(text):
    assert read_action([text]).kind == "refresh"


def test_a_button_of_the_page_keeps_its_word_and_none_means_submit():
    assert read_action(["claim"]).kind == "claim"
    assert read_action([]).kind == "submit"


def test_joint_planning_keeps_what_other_departments_wrote():
    form, prefill = library().get("f05_joint"), PREFILL["f05_joint"]
    forged = page(("tasks-0-id", "11"), ("tasks-0-task_name", "forged"), ("tasks-0-stage", "策划"))
    received = receive(form, forged, None, context(), prefill=prefill)
    assert received.values["tasks"][0]["task_name"] == "完成策划方案"
    assert "" in received.errors


def test_new_rows_come_with_their_defaults_and_inner_rows():
    values = sent(library().get("f05_tasks"), "add:tasks", prefill=PREFILL["f05_tasks"])
    assert values["tasks"][0]["priority"] == "中"
    assert values["tasks"][0]["standard"] == [{"operator": "≥"}]
    html = render(open_form(library().get("f05_tasks"), context(), prefill=PREFILL["f05_tasks"]))
    assert 'name="tasks-0-standard-0-criterion"' in html
