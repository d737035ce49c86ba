"""Decision tables: every hit policy, outputs, defaults, allowed values (DMN 1.5 §8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.dmn.build import decided, decision, input_data, linked, needs, table, value

AMOUNT = input_data("金额", "number")
LEVEL = input_data("level", "string")


def levels(policy: str, aggregation: str = "", **more: Any) -> Any:
    """A table in which several rules match one amount."""
    rules = ('>= 100 | "部门"', '>= 1000 | "副总"', '>= 10000 | "总经理"')
    logic = table({"金额": "number"}, {"": "string"}, *rules, policy=policy, aggregation=aggregation, **more)
    return linked(AMOUNT, decision("审批人", logic, needs(inputs=("金额",))))


def points(policy: str, aggregation: str = "") -> Any:
    rules = ("< 10 | 1", "< 20 | 2", "< 30 | 4")
    logic = table({"age": "number"}, {"": "number"}, *rules, policy=policy, aggregation=aggregation)
    return linked(input_data("age", "number"), decision("points", logic, needs(inputs=("age",))))


def test_unique_answers_the_only_rule_that_matches() -> None:
    assert value(levels("UNIQUE"), "审批人", {"金额": 500}) == "部门"


def test_unique_is_null_and_says_which_rules_matched_together() -> None:
    found = decided(levels("UNIQUE"), "审批人", {"金额": 5000})
    assert found.value is None
    assert [problem.code for problem in found.problems] == ["overlap"]
    assert "1, 2" in str(found.problems[0].text)


def test_no_match_is_null() -> None:
    assert decided(levels("UNIQUE"), "审批人", {"金额": 1}).value is None


def test_first_answers_the_first_rule() -> None:
    assert value(levels("FIRST"), "审批人", {"金额": 50000}) == "部门"


def test_any_answers_when_all_agree() -> None:
    logic = table({"金额": ""}, {"": ""}, '> 1 | "yes"', '> 2 | "yes"', '> 9 | "no"', policy="ANY")
    model = linked(AMOUNT, decision("ok", logic, needs(inputs=("金额",))))
    assert value(model, "ok", {"金额": 5}) == "yes"
    found = decided(model, "ok", {"金额": 10})
    assert (found.value, [problem.code for problem in found.problems]) == (None, ["overlap"])


def test_priority_answers_what_the_output_values_list_first() -> None:
    model = levels("PRIORITY", values={"": '"总经理", "副总", "部门"'})
    assert value(model, "审批人", {"金额": 5000}) == "副总"
    assert value(model, "审批人", {"金额": 50000}) == "总经理"


def test_priority_of_several_outputs_is_that_of_the_first_then_the_second() -> None:
    logic = table(
        {"level": "string"},
        {"a": "string", "b": "string"},
        '- | "low" | "x"',
        '- | "high" | "y"',
        '- | "high" | "x"',
        policy="PRIORITY",
        values={"a": '"high", "low"', "b": '"x", "y"'},
    )
    model = linked(LEVEL, decision("best", logic, needs(inputs=("level",))))
    assert value(model, "best", {"level": "any"}) == {"a": "high", "b": "x"}


def test_rule_order_lists_all_in_the_order_of_the_rules() -> None:
    assert value(levels("RULE ORDER"), "审批人", {"金额": 5000}) == ["部门", "副总"]


def test_output_order_lists_all_in_the_order_of_the_output_values() -> None:
    model = levels("OUTPUT ORDER", values={"": '"总经理", "副总", "部门"'})
    assert value(model, "审批人", {"金额": 50000}) == ["总经理", "副总", "部门"]


def test_collect_lists_all() -> None:
    assert value(levels("COLLECT"), "审批人", {"金额": 50000}) == ["部门", "副总", "总经理"]


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 7), ("MIN", 1), ("MAX", 4), ("COUNT", 3)])
def test_collect_aggregates(aggregation: str, expected: int) -> None:
    assert value(points("COLLECT", aggregation), "points", {"age": 5}) == Decimal(expected)


def test_aggregation_of_several_outputs_is_null_with_a_reason() -> None:
    logic = table({"level": ""}, {"a": "", "b": ""}, "- | 1 | 2", policy="COLLECT", aggregation="SUM")
    found = decided(linked(LEVEL, decision("d", logic, needs(inputs=("level",)))), "d", {"level": "x"})
    assert (found.value, [problem.code for problem in found.problems]) == (None, ["aggregation"])


def test_several_outputs_make_a_context() -> None:
    logic = table(
        {"level": "string"},
        {"折扣": "number", "说明": "string"},
        '"金" | 0.2 | "贵宾"',
        '"银" | 0.1 | "会员"',
    )
    model = linked(LEVEL, decision("优惠", logic, needs(inputs=("level",))))
    assert value(model, "优惠", {"level": "金"}) == {"折扣": Decimal("0.2"), "说明": "贵宾"}


def test_default_output_answers_when_nothing_matches() -> None:
    model = levels("UNIQUE", defaults={"": '"科长"'})
    assert value(model, "审批人", {"金额": 1}) == "科长"


def test_input_outside_its_allowed_values_is_null() -> None:
    rules = ("not(null) | 1", "null | 2")
    logic = table({"level": "string"}, {"": ""}, *rules, values={"level": '"a", "b"'}, policy="FIRST")
    model = linked(LEVEL, decision("d", logic, needs(inputs=("level",))))
    assert value(model, "d", {"level": "a"}) == 1
    found = decided(model, "d", {"level": "c"})
    assert (found.value, [problem.code for problem in found.problems]) == (2, ["not_allowed"])
    assert found.tables[0].inputs == {"level": None}


def test_output_outside_its_allowed_values_is_null() -> None:
    outputs = {"a": "string", "b": "number"}
    logic = table({"level": "string"}, outputs, "- | level | 1", values={"a": '"x", "y"'})
    model = linked(LEVEL, decision("d", logic, needs(inputs=("level",))))
    assert value(model, "d", {"level": "x"}) == {"a": "x", "b": 1}
    found = decided(model, "d", {"level": "z"})
    assert (found.value, [problem.code for problem in found.problems]) == (
        {"a": None, "b": 1},
        ["not_allowed"],
    )


def test_cells_may_use_other_inputs_and_the_value_itself() -> None:
    logic = table(
        {"金额": "number", "limit": "number"},
        {"": ""},
        '> limit | - | "over"',
        '? <= limit and ? > 0 | - | "ok"',
    )
    model = linked(
        AMOUNT, input_data("limit", "number"), decision("check", logic, needs(inputs=("金额", "limit")))
    )
    assert value(model, "check", {"金额": 5, "limit": 3}) == "over"
    assert value(model, "check", {"金额": 2, "limit": 3}) == "ok"


def test_orientation_changes_nothing() -> None:
    for orientation in ("Rule-as-Row", "Rule-as-Column", "CrossTable"):
        model = levels("FIRST", attributes=f'preferredOrientation="{orientation}"')
        assert value(model, "审批人", {"金额": 50000}) == "部门"


def test_matched_rules_are_kept_with_inputs_outputs_and_annotations() -> None:
    logic = table(
        {"金额": "number"},
        {"人": "string"},
        '< 100 | "部门" | 小额',
        '>= 100 | "副总" | 大额',
        annotations=("依据",),
    )
    model = linked(AMOUNT, decision("审批人", logic, needs(inputs=("金额",))))
    (run,) = decided(model, "审批人", {"金额": 500}).tables
    assert (run.place.name, run.inputs, run.value) == ("审批人", {"金额": 500}, "副总")
    (rule,) = run.rules
    assert (rule.number, rule.outputs, rule.annotations) == (2, {"人": "副总"}, {"依据": "大额"})
