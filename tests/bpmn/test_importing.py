"""Diagrams of other products after their import: what is ours, what is gone, what was left for a person."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.gate import check
from engine.bpmn.importing import Imported, translate
from engine.bpmn.reading import read
from engine.errors import UnsafeDocument
from tests.bpmn.build import KNOWN

FOLDER = Path(__file__).parent.parent / "data" / "diagrams"
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:flowable="http://flowable.org/bpmn" xmlns:activiti="http://activiti.org/bpmn" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
)


def file_of(*parts: str, roots: str = "", spaces: tuple[str, ...] = ("camunda",)) -> bytes:
    """A process with a task between a start and an end, written for the products named."""
    kept = [each for each in NAMESPACES.split() if ":" not in each.split("=")[0] or any(
        each.startswith(f"xmlns:{name}=") for name in (*spaces, "xsi"))]  # fmt: skip
    body = "".join(parts)
    text = (
        f'<definitions {" ".join(kept)} id="d" targetNamespace="t">{roots}<process id="p" name="P" '
        f'isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>{body}'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>'
    )
    return text.encode()


def outcomes(imported: Imported) -> dict[str, str]:
    return {note.setting.rpartition(":")[2]: note.outcome for note in imported.notes}


def task(imported: Imported, tag: str = "userTask") -> etree._Element:
    return next(iter(read(imported.xml).root.iter(f"{{*}}{tag}")))


def errors(imported: Imported) -> set[str]:
    found = check(read(imported.xml), KNOWN, publishing=True)
    return {f"{each.code}@{each.element}" for each in found if each.severity == "error"}


def test_people_become_resource_roles_in_their_place() -> None:
    imported = translate(
        file_of(
            '<userTask id="t" name="T" camunda:assignee="demo" camunda:candidateUsers="ada, bob" '
            'camunda:candidateGroups="${groups}" camunda:dueDate="${deadline}" camunda:priority="60" '
            'camunda:formKey="f" camunda:followUpDate="2026-01-01"><multiInstanceLoopCharacteristics '
            'camunda:collection="${people}" camunda:elementVariable="person"><completionCondition>'
            "${nrOfCompletedInstances == 2}</completionCondition>"
            "</multiInstanceLoopCharacteristics></userTask>"
        ),
        {"f"},
    )
    text = etree.tostring(task(imported), encoding="unicode")
    for part in ("user(demo)", "user(ada), user(bob)", ">groups<", 'due="deadline"', 'priority="60"'):
        assert part in text
    assert "<loopDataInputRef>people<" in text
    assert '<inputDataItem name="person"/>' in text
    assert "numberOfCompletedInstances = 2" in text
    assert "camunda:" not in text.replace("xmlns:camunda", "")
    assert outcomes(imported)["followUpDate"] == "dropped"
    assert errors(imported) == set()


def test_what_cannot_be_translated_is_refused_by_the_gate_at_its_element() -> None:
    imported = translate(
        file_of('<userTask id="t" name="T" camunda:assignee="${users.find(x)}" camunda:formKey="f"/>')
    )
    assert outcomes(imported)["assignee"] == "remains"
    assert errors(imported) == {"expression.template@t"}


def test_services_listeners_and_connectors_are_left_for_a_person() -> None:
    imported = translate(
        file_of(
            '<serviceTask id="t" name="T" camunda:class="org.example.Delegate" camunda:asyncBefore="true">'
            '<extensionElements><camunda:executionListener event="start" class="x"/><camunda:connector/>'
            "<camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></extensionElements>"
            "</serviceTask>"
        )
    )
    assert outcomes(imported) == {
        "class": "remains",
        "executionListener": "remains",
        "connector": "remains",
        "asyncBefore": "dropped",
        "failedJobRetryTimeCycle": "dropped",
    }
    assert errors(imported) == {"activity.service-elsewhere@t"}


def test_mappings_of_calls() -> None:
    imported = translate(
        file_of(
            '<callActivity id="t" name="T" calledElement="other"><extensionElements>'
            '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${a * 2}" target="c"/>'
            '<camunda:out source="x" target="y"/><camunda:in variables="all"/>'
            "</extensionElements></callActivity>"
        )
    )
    found = task(imported, "callActivity")
    assert found.get("{http://wuxing.dev/schema/1.0}in") == "b = a\nc = a * 2"
    assert found.get("{http://wuxing.dev/schema/1.0}out") == "y = x"
    assert [note.before for note in imported.notes if note.outcome == "remains"] == ['variables="all"']


@pytest.mark.parametrize(
    ("language", "script", "lines"),
    [
        ("groovy", 'execution.setVariable("x", a * 2)', "x = a * 2"),
        ("javascript", "var y = a + 1;\nexecution.setVariable('x', y * 2);", "x = (a + 1) * 2"),
        ("groovy", 'def old = x\nexecution.setVariable("x", 1)\nexecution.setVariable("z", old)', None),
        ("groovy", "x = 1", None),
        ("groovy", 'println "hello"', None),
        ("javascript", "for (;;) {}", None),
        ("python", "x = 1", None),
        ("ruby", "x = 1", None),
    ],
)
def test_scripts_that_only_assign(language: str, script: str, lines: str | None) -> None:
    imported = translate(
        file_of(
            f'<scriptTask id="t" name="T" scriptFormat="{language}"><script>{script}</script></scriptTask>'
        )
    )
    found = task(imported, "scriptTask")
    kept = found.findtext("{*}script")
    assert kept == (lines or script)
    assert bool(errors(imported)) == (lines is None)


def test_zeebe() -> None:
    imported = translate(
        file_of(
            '<userTask id="t" name="T"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="f"/>'
            '<zeebe:assignmentDefinition assignee="=manager" candidateGroups="a,b"/>'
            '<zeebe:taskSchedule dueDate="=now()" followUpDate="=now()"/>'
            '<zeebe:priorityDefinition priority="70"/>'
            "</extensionElements><multiInstanceLoopCharacteristics><extensionElements>"
            '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" '
            'outputCollection="results" '
            'outputElement="=result"/></extensionElements></multiInstanceLoopCharacteristics></userTask>'
            '<receiveTask id="r" name="R" messageRef="m"/>'
            '<sequenceFlow id="f3" sourceRef="s" targetRef="r"/>'
            '<sequenceFlow id="f4" sourceRef="r" targetRef="e"/>'
            '<scriptTask id="c" name="C"><extensionElements>'
            '<zeebe:script expression="=a + 1" resultVariable="b"/>'
            '</extensionElements></scriptTask><sequenceFlow id="f5" sourceRef="s" targetRef="c"/>'
            '<sequenceFlow id="f6" sourceRef="c" targetRef="e"/>',
            roots='<message id="m" name="M"><extensionElements>'
            '<zeebe:subscription correlationKey="=orderId"/></extensionElements></message>',
            spaces=("zeebe",),
        ),
        {"f"},
    )
    text = imported.xml.decode()
    for part in (
        "user",
        "group(a), group(b)",
        'correlation="orderId"',
        "b = a + 1",
        ">results<",
        'name="result"',
    ):
        assert part in text
    assert {note.outcome for note in imported.notes} == {"translated", "dropped"}
    assert errors(imported) == set()


def test_spiff() -> None:
    imported = translate(
        file_of(
            '<scriptTask id="t" name="T"><script>a = 1\nb = a + 1\nb += 2</script></scriptTask>'
            '<intermediateCatchEvent id="w" name="W"><timerEventDefinition><timeDuration>"PT5M"'
            "</timeDuration>"
            "</timerEventDefinition></intermediateCatchEvent>"
            '<sequenceFlow id="f3" sourceRef="s" targetRef="w"/>'
            '<sequenceFlow id="f4" sourceRef="w" targetRef="e"/>',
            spaces=("spiffworkflow",),
        )
    )
    text = imported.xml.decode()
    assert "a = 1\nb = a + 1\nb = b + 2" in text
    assert ">PT5M<" in text
    assert errors(imported) == set()


def test_our_own_files_come_back_as_they_are() -> None:
    for name in ("everything_that_runs.bpmn", "bpmn_io_claim.bpmn"):
        content = (FOLDER / name).read_bytes()
        imported = translate(content)
        assert (imported.xml, imported.notes) == (content, ())


def test_importing_twice_changes_nothing_more() -> None:
    for path in sorted(FOLDER.glob("*")):
        try:
            once = translate(path.read_bytes())
        except UnsafeDocument:
            continue
        twice = translate(once.xml)
        assert not twice.changed, path.name


def test_is_executable_only_when_it_was() -> None:
    content = file_of('<task id="t" name="T" camunda:asyncBefore="true"/>').replace(
        b' isExecutable="true"', b""
    )
    imported = translate(content)
    assert b"isExecutable" not in imported.xml
    assert outcomes(imported)["isExecutable"] == "remains"


@pytest.mark.parametrize("seed", range(12))
def test_damaged_files_are_translated_or_refused_quickly(seed: int) -> None:
    dice = random.Random(seed)
    paths = sorted(
        path for path in FOLDER.glob("*") if path.name.startswith(("camunda", "flow", "acti", "spiff"))
    )
    for path in paths:
        text = path.read_text("utf-8")
        for _ in range(12):
            began = time.monotonic()
            try:
                check(read(translate(_damaged(text, dice).encode()).xml), KNOWN)
            except UnsafeDocument:
                continue
            assert time.monotonic() - began < 2


def _damaged(text: str, dice: random.Random) -> str:
    for _ in range(dice.randint(1, 6)):
        place, length = dice.randrange(len(text)), dice.randint(1, 12)
        inserted = dice.choice(
            ["${", "}", "=", "'", "(" * 50, "not ", "%", "[0]", "\\", "é", "${a", "==", "", "x."]
        )
        text = text[:place] + inserted + text[place + dice.choice([0, length]) :]
    return text
