"""Which variables are known where: by the order of the diagram, through scopes, with their types."""

from __future__ import annotations

from engine.bpmn.findings import Finding, Known
from engine.bpmn.gate import check
from engine.bpmn.knowledge import Knowledge
from engine.bpmn.reading import read
from engine.feel.inference import settled
from engine.feel.types import SIMPLE
from tests.bpmn.build import chain, diagram, end, flow, node, start


def script(id: str, text: str) -> str:
    return node("scriptTask", id, f"<script>{text}</script>")


def known_at(xml: bytes, id: str, known: Known = Known(), *, left: bool = False) -> dict[str, str]:  # noqa: B008
    model = read(xml).model
    found = model.node(id)
    assert found is not None
    return {each.name: settled(each.kind) for each in Knowledge(model, known).variables(found, left=left)}


def told(xml: bytes, known: Known = Known()) -> list[Finding]:  # noqa: B008
    codes = ("expression.types", "expression.variable-later")
    return [finding for finding in check(read(xml), known=known) if finding.code in codes]


ROW = diagram(start(), script("a", "x = 1"), script("b", "y = string(x)"), end(), chain("s", "a", "b", "e"))


def test_what_comes_before_is_known_with_its_type() -> None:
    assert known_at(ROW, "a") == {}
    assert known_at(ROW, "a", left=True) == {"x": "number"}
    assert known_at(ROW, "b") == {"x": "number"}
    assert known_at(ROW, "e") == {"x": "number", "y": "string"}


def test_in_a_loop_what_comes_later_came_before() -> None:
    xml = diagram(
        start(),
        node("exclusiveGateway", "g", "", 'default="back"'),
        script("a", "x = 1"),
        end(),
        chain("s", "a", "g"),
        flow("g", "e", "x &gt; 3"),
        '<sequenceFlow id="back" sourceRef="g" targetRef="a"/>',
    )
    assert known_at(xml, "a") == {"x": "number"}
    assert told(xml) == []


def test_a_parallel_branch_may_have_set_it() -> None:
    xml = diagram(
        start(),
        node("parallelGateway", "p"),
        script("a", "x = 1"),
        script("b", "y = x"),
        end(),
        end("e2"),
        chain("s", "p", "a", "e"),
        chain("p", "b", "e2"),
    )
    assert known_at(xml, "b") == {"x": "number"}
    assert told(xml) == []


def test_a_sub_process_sees_what_came_before_it_and_gives_what_it_sets() -> None:
    inner = start("is") + script("ia", "z = x + 1") + end("ie") + chain("is", "ia", "ie")
    xml = diagram(
        start(),
        script("a", "x = 1"),
        node("subProcess", "sub", inner),
        script("b", "y = z"),
        end(),
        chain("s", "a", "sub", "b", "e"),
    )
    assert known_at(xml, "ia") == {"x": "number"}
    assert known_at(xml, "b") == {"x": "number", "z": "number"}


def test_forms_and_decisions_bring_their_types() -> None:
    known = Known(
        forms={"f"},
        form_values={"f": {"amount": SIMPLE["number"], "note": None}},
        decisions={"level"},
        decision_values={"level": ("级别", SIMPLE["string"])},
    )
    xml = diagram(
        start(),
        '<userTask id="a" name="a" wuxing:form="f" wuxing:assignee="1"/>',
        '<businessRuleTask id="b" name="b" wuxing:decision="level"/>',
        script("c", 'd = 级别 + 1\nf = amount &gt; "2"\ng = note + 1'),
        end(),
        chain("s", "a", "b", "c", "e"),
    )
    assert known_at(xml, "c", known) == {"amount": "number", "note": "", "级别": "string"}
    assert [(each.element, each.spot) for each in told(xml, known)] == [("c", (1, 8)), ("c", (2, 12))]


def test_two_setters_of_different_types_leave_the_type_open() -> None:
    xml = diagram(
        start(),
        node("exclusiveGateway", "g", "", 'default="other"'),
        script("a", "x = 1"),
        script("b", "x = string(1)"),
        script("c", "y = x + 1"),
        end(),
        chain("s", "g"),
        flow("g", "a", "given"),
        '<sequenceFlow id="other" sourceRef="g" targetRef="b"/>',
        chain("a", "c"),
        chain("b", "c", "e"),
    )
    assert known_at(xml, "c") == {"x": ""}
    assert told(xml) == []


def test_a_condition_that_is_no_truth_and_a_time_that_is_none_are_told() -> None:
    xml = diagram(
        start(),
        script("a", "x = 1"),
        node("exclusiveGateway", "g", "", 'default="d"'),
        node(
            "intermediateCatchEvent",
            "t",
            "<timerEventDefinition><timeDuration>x</timeDuration></timerEventDefinition>",
        ),
        end(),
        chain("s", "a", "t", "g"),
        flow("g", "e", "x + 1"),
        '<endEvent id="e2"/><sequenceFlow id="d" sourceRef="g" targetRef="e2"/>',
    )
    assert sorted(finding.element for finding in told(xml)) == ["g-e", "t"]


def test_a_name_that_is_set_only_later_is_told_unless_it_is_set_here() -> None:
    xml = diagram(start(), script("a", "x = y"), script("b", "y = 1"), end(), chain("s", "a", "b", "e"))
    assert [finding.element for finding in told(xml)] == ["a"]
    counted = diagram(start(), script("a", "n = n + 1"), end(), chain("s", "a", "e"))
    assert told(counted) == []
