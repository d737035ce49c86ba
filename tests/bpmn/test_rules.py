"""Each rule refuses its bad example at the right element, and accepts the correct twin."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import raise_for_errors
from engine.bpmn.rules.chapters import all_rules
from engine.errors import PublishRefused
from tests.bpmn.build import diagram, errors, findings, simple
from tests.bpmn.examples_correlation import ACCEPTED, CORRELATION, REFUSED
from tests.bpmn.examples_data import DATA
from tests.bpmn.examples_drawings import DRAWINGS
from tests.bpmn.examples_events import EVENTS
from tests.bpmn.examples_files import FILES
from tests.bpmn.examples_flows import FLOWS, Example
from tests.bpmn.examples_items import ITEMS
from tests.bpmn.examples_undoing import UNDOING

EXAMPLES: dict[str, Example] = {
    **FLOWS,
    **EVENTS,
    **FILES,
    **UNDOING,
    **DATA,
    **ITEMS,
    **DRAWINGS,
    **CORRELATION,
}
SEVERITY = {rule.code: rule.severity for rule in all_rules()}


def test_each_rule_has_an_example_and_its_twin() -> None:
    assert set(EXAMPLES) == set(SEVERITY)
    assert len(SEVERITY) == len(all_rules())


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_bad_example_is_found_at_its_element(code: str) -> None:
    found = [finding for finding in findings(EXAMPLES[code].bad) if finding.code == code]
    assert found, errors(EXAMPLES[code].bad)
    assert EXAMPLES[code].element in [finding.element for finding in found]
    assert {finding.severity for finding in found} == {SEVERITY[code]}


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_correct_twin_is_accepted(code: str) -> None:
    assert errors(EXAMPLES[code].good) == []
    assert code not in {finding.code for finding in findings(EXAMPLES[code].good)}


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_finding_says_element_rule_hint_source_and_line(code: str) -> None:
    for finding in findings(EXAMPLES[code].bad):
        plain = finding.as_json()
        assert plain["rule"]
        assert plain["hint"]
        assert plain["source"]
        assert "{" not in plain["rule"].replace("${", "").replace("#{", ""), plain
        assert plain["line"] >= 1


@pytest.mark.parametrize(("xml", "code", "element"), REFUSED)
def test_what_is_wrong_with_a_correlation_key_is_said_at_its_element(
    xml: bytes, code: str, element: str
) -> None:
    found = [finding for finding in findings(xml) if finding.code == code]
    assert element in [finding.element for finding in found], errors(xml)
    if code == "expression.syntax":
        assert all(finding.spot for finding in found)


@pytest.mark.parametrize("xml", ACCEPTED)
def test_correlation_keys_that_say_enough_are_accepted(xml: bytes) -> None:
    assert errors(xml) == []


def test_all_findings_come_at_once_in_the_order_of_the_file() -> None:
    xml = diagram(
        '\n<startEvent id="s"/>\n<businessRuleTask id="g" wuxing:decision="nobody"/>\n'
        '<sequenceFlow id="a" sourceRef="s" targetRef="x"/>\n'
        '<sequenceFlow id="b" sourceRef="g" targetRef="s"/>\n'
        '<userTask id="t" wuxing:form="nowhere" name="t"/>'
    )
    found = findings(xml)
    expected = {"activity.decision-unknown", "flow.dangling", "flow.into-start", "activity.form-unknown"}
    assert expected <= {finding.code for finding in found}
    assert [finding.line for finding in found] == sorted(finding.line for finding in found)


def test_errors_refuse_publishing_and_warnings_do_not() -> None:
    raise_for_errors(findings(simple('<userTask id="t"/>')))
    with pytest.raises(PublishRefused) as refused:
        raise_for_errors(findings(simple('<callActivity id="t"/>')))
    assert "activity.call-missing" in {finding.code for finding in refused.value.findings}
