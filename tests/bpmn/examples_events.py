"""For each rule about events, activities and texts: a diagram that breaks it, and its correct twin."""

from __future__ import annotations

from tests.bpmn.build import (
    boundary,
    catch,
    chain,
    definitions,
    diagram,
    end,
    flow,
    node,
    plain_sub,
    process,
    simple,
    start,
    throw,
    timer,
    user,
)
from tests.bpmn.examples_flows import MESSAGE, ON_MESSAGE, Example

ERROR = '<error id="er" name="er" errorCode="E1"/>'


MESSAGE_2 = '<messageEventDefinition messageRef="m2"/>'


def on_boundary(definition: str, attributes: str = "", roots: str = "", host: str = user()) -> bytes:
    """start → t → end with a boundary event at t."""
    return simple(
        host, "t", boundary("b", "t", definition, attributes), user("u"), chain("b", "u", "e"), roots=roots
    )


def two_boundaries(first: str, second: str, roots: str) -> bytes:
    """A task with two boundary events."""
    return simple(
        plain_sub(),
        "t",
        boundary("b", "t", first),
        boundary("c", "t", second),
        user("u"),
        chain("b", "u", "e"),
        chain("c", "u"),
        roots=roots,
    )


def looped(characteristics: str) -> bytes:
    """A user task with loop characteristics."""
    return simple(user("t", characteristics))


def instances(inner: str, attributes: str = "") -> bytes:
    """A user task with multiple instances."""
    return looped(
        f"<multiInstanceLoopCharacteristics {attributes}>{inner}</multiInstanceLoopCharacteristics>"
    )


def script(text: str, attributes: str = "") -> bytes:
    """A script task."""
    return simple(node("scriptTask", "t", f"<script>{text}</script>", attributes))


def service(attributes: str) -> bytes:
    """A service task."""
    return simple(node("serviceTask", "t", "", attributes))


def rule_task(attributes: str = "") -> bytes:
    """A business rule task."""
    return simple(node("businessRuleTask", "t", "", attributes))


def call(attributes: str) -> bytes:
    """A call activity."""
    return simple(node("callActivity", "t", "", attributes))


def instantiating(attributes: str, second: str = MESSAGE_2) -> bytes:
    """A process that an event-based gateway with two messages begins."""
    return diagram(
        node("eventBasedGateway", "g", "", attributes),
        catch("a", ON_MESSAGE),
        catch("b", second),
        user("t"),
        end(),
        chain("g", "a", "t", "e"),
        chain("g", "b", "t"),
        roots=MESSAGE + '<message id="m2" name="m2"/>',
    )


def conditional_start(text: str) -> bytes:
    """A process that begins when a condition becomes true, and a data store."""
    inner = f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"
    store = '<dataStoreReference id="ds" name="archive"/>'
    return diagram(start("s", inner), user(), end(), chain("s", "t", "e"), store)


def conditional(text: str, attributes: str = "") -> bytes:
    """A choice with one written condition."""
    return diagram(
        start(),
        node("exclusiveGateway", "g", "", 'default="g-b"'),
        user("a"),
        user("b"),
        end(),
        chain("s", "g"),
        f'<sequenceFlow id="g-a" sourceRef="g" targetRef="a">'
        f'<conditionExpression xsi:type="tFormalExpression" {attributes}>{text}'
        f"</conditionExpression></sequenceFlow>",
        flow("g", "b"),
        chain("a", "e"),
        chain("b", "e"),
    )


EVENTS: dict[str, Example] = {
    "event.definition-illegal": Example(
        simple(throw("t", timer("PT1H"))), "t", simple(catch("t", timer("PT1H")))
    ),
    "event.error-not-interrupting": Example(
        on_boundary('<errorEventDefinition errorRef="er"/>', 'cancelActivity="false"', ERROR),
        "b",
        on_boundary('<errorEventDefinition errorRef="er"/>', "", ERROR),
    ),
    "event.definition-missing": Example(simple(catch("t")), "t", simple(throw("t"))),
    "event.boundary-host": Example(
        simple(
            plain_sub(),
            "t",
            boundary("b", "ts", timer("PT1H")).replace('attachedToRef="ts"', 'attachedToRef=""'),
            user("u"),
            chain("b", "u", "e"),
        ),
        "b",
        on_boundary(timer("PT1H"), host=plain_sub()),
    ),
    "event.boundary-same-error": Example(
        two_boundaries(
            '<errorEventDefinition errorRef="er"/>', '<errorEventDefinition errorRef="er"/>', ERROR
        ),
        "c",
        two_boundaries('<errorEventDefinition errorRef="er"/>', "<errorEventDefinition/>", ERROR),
    ),
    "event.cancel-outside-transaction": Example(
        diagram(start(), user(), end("e", "<cancelEventDefinition/>"), chain("s", "t", "e")),
        "e",
        diagram(start(), user(), end("e", "<terminateEventDefinition/>"), chain("s", "t", "e")),
    ),
    "event.unconnected": Example(
        simple(user(), "t", throw("idle"), chain("t", "idle")), "idle", simple(throw("t"))
    ),
    "activity.cardinality": Example(
        instances("<loopCardinality>-2</loopCardinality>"),
        "t",
        instances("<loopCardinality>count(list) - 2</loopCardinality>"),
    ),
    "event.timer-missing": Example(
        simple(catch("t", "<timerEventDefinition/>")), "t", simple(catch("t", timer("P2D")))
    ),
    "event.timer-several": Example(
        simple(
            catch(
                "t",
                "<timerEventDefinition><timeDate>2026-01-01</timeDate><timeDuration>PT1H</timeDuration></timerEventDefinition>",
            )
        ),
        "t",
        simple(catch("t", timer("2026-01-01", "timeDate"))),
    ),
    "event.timer-unbounded": Example(
        simple(catch("t", timer("R/PT1H", "timeCycle"))),
        "t",
        simple(catch("t", timer("R3/PT1H", "timeCycle"))),
    ),
    "event.reference-missing": Example(
        simple(catch("t", "<messageEventDefinition/>")),
        "t",
        simple(catch("t", ON_MESSAGE), "t", roots=MESSAGE),
    ),
    "event.code-open": Example(
        on_boundary('<errorEventDefinition errorRef="er"/>', roots='<error id="er"/>'),
        "b",
        on_boundary('<errorEventDefinition errorRef="er"/>', roots=ERROR),
    ),
    "event.code-missing": Example(
        diagram(
            start(),
            user(),
            end("e", '<errorEventDefinition errorRef="er"/>'),
            chain("s", "t", "e"),
            roots='<error id="er"/>',
        ),
        "e",
        diagram(
            start(),
            user(),
            end("e", '<errorEventDefinition errorRef="er"/>'),
            chain("s", "t", "e"),
            roots=ERROR,
        ),
    ),
    "gateway.event-parallel": Example(
        instantiating('eventGatewayType="Parallel"'),
        "g",
        instantiating('eventGatewayType="Parallel" instantiate="true"'),
    ),
    "event.timer-start": Example(
        diagram(start("s", timer("delay")), user(), end(), chain("s", "t", "e")),
        "s",
        diagram(start("s", timer("duration(&quot;P1D&quot;) * 2")), user(), end(), chain("s", "t", "e")),
    ),
    "event.condition-start": Example(conditional_start("x &gt; 3"), "s", conditional_start("archive &gt; 3")),
    "event.condition-missing": Example(
        simple(catch("t", "<conditionalEventDefinition><condition/></conditionalEventDefinition>")),
        "t",
        simple(
            catch(
                "t",
                "<conditionalEventDefinition><condition>x &gt; 1</condition></conditionalEventDefinition>",
            )
        ),
    ),
    "activity.form-missing": Example(
        simple('<userTask id="t" name="t" wuxing:assignee="1"/>'), "t", simple()
    ),
    "activity.performer-missing": Example(simple('<manualTask id="t" name="t"/>'), "t", simple()),
    "activity.form-unknown": Example(
        simple('<userTask id="t" name="t" wuxing:form="nowhere" wuxing:assignee="1"/>'), "t", simple()
    ),
    "activity.group-unknown": Example(
        simple(user().replace("initiator()", "[&quot;role:nobody&quot;]")),
        "t",
        simple(user().replace("initiator()", "[&quot;role:auditor&quot;, &quot;dept:市场部&quot;]")),
    ),
    "activity.service-missing": Example(
        service('camunda:asyncBefore="true"'), "t", service('wuxing:service="notify"')
    ),
    "activity.service-elsewhere": Example(
        service('camunda:class="com.example.Send"'), "t", service('implementation="##unspecified"')
    ),
    "activity.service-unknown": Example(
        service('wuxing:service="nobody"'), "t", service('wuxing:service="notify" wuxing:execution="local"')
    ),
    "activity.decision-missing": Example(rule_task(), "t", rule_task('wuxing:decision="approval_level"')),
    "activity.decision-elsewhere": Example(
        rule_task('implementation="http://example.com/rules"'),
        "t",
        rule_task('implementation="##unspecified"'),
    ),
    "activity.decision-unknown": Example(
        rule_task('wuxing:decision="nobody"'), "t", rule_task('wuxing:decision="approval_level"')
    ),
    "activity.message-missing": Example(
        simple('<receiveTask id="t" name="t"/>'),
        "t",
        simple('<receiveTask id="t" name="t" messageRef="m"/>', "t", roots=MESSAGE),
    ),
    "activity.call-missing": Example(call(""), "t", call('calledElement="other"')),
    "activity.call-unknown": Example(call('calledElement="nowhere"'), "t", call('calledElement="other"')),
    "activity.call-itself": Example(call('calledElement="p"'), "t", call('calledElement="other"')),
    "activity.script-empty": Example(
        simple('<scriptTask id="t" name="t"/>'), "t", script("a = 1\nb = a + 1")
    ),
    "activity.quantity-invalid": Example(
        simple(user("t", "", 'startQuantity="0"')), "t", simple(user("t", "", 'startQuantity="1"'))
    ),
    "activity.loop-several": Example(
        looped(
            "<standardLoopCharacteristics><loopCondition>x</loopCondition></standardLoopCharacteristics><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        ),
        "t",
        looped("<standardLoopCharacteristics><loopCondition>x</loopCondition></standardLoopCharacteristics>"),
    ),
    "activity.loop-endless": Example(
        looped("<standardLoopCharacteristics/>"),
        "t",
        looped('<standardLoopCharacteristics loopMaximum="3"/>'),
    ),
    "activity.loop-maximum": Example(
        looped('<standardLoopCharacteristics loopMaximum="-1"/>'),
        "t",
        looped('<standardLoopCharacteristics loopMaximum="1"/>'),
    ),
    "activity.instances-undefined": Example(
        instances(""), "t", instances("<loopCardinality>3</loopCardinality>")
    ),
    "activity.instances-twice": Example(
        instances("<loopCardinality>3</loopCardinality><loopDataInputRef>depts</loopDataInputRef>"),
        "t",
        instances(
            '<loopDataInputRef>depts</loopDataInputRef><inputDataItem name="dept"/>', 'isSequential="true"'
        ),
    ),
    "activity.item-without-collection": Example(
        instances('<loopCardinality>3</loopCardinality><inputDataItem name="dept"/>'),
        "t",
        instances(
            "<loopDataInputRef>a</loopDataInputRef><loopDataOutputRef>b</loopDataOutputRef>"
            '<inputDataItem name="x"/><outputDataItem name="y"/>'
        ),
    ),
    "activity.collection-name": Example(
        instances("<loopDataInputRef>my-list</loopDataInputRef>"),
        "t",
        instances("<loopDataInputRef>部门</loopDataInputRef>"),
    ),
    "expression.language": Example(
        conditional("x", 'language="http://www.java.com/java"'), "g-a", conditional("x", 'language="FEEL"')
    ),
    "expression.default-language": Example(
        definitions(
            process(
                start(), end(), user(), chain("s", "t", "e"), catch("c", timer("due")), chain("t", "c", "e")
            ),
            attributes='expressionLanguage="http://www.mvel.org/2.0"',
        ),
        "definitions",
        definitions(
            process(start(), end(), user(), chain("s", "t", "e")),
            attributes='expressionLanguage="http://www.w3.org/1999/XPath"',
        ),
    ),
    "expression.empty": Example(conditional(""), "g-a", conditional("x")),
    "expression.template": Example(
        conditional("${amount &gt; 1000}"), "g-a", conditional('= name = "${amount}"')
    ),
    "expression.syntax": Example(
        conditional("approved == True"), "g-a", conditional("approved = true and amount &gt;= 10")
    ),
    "expression.script": Example(
        script("print('x')", 'scriptFormat="feel"'),
        "t",
        script("total = sum(amounts)", 'scriptFormat="application/feel"'),
    ),
    "expression.content": Example(script("<b>x</b>"), "t", script("x = 1")),
    "expression.timer": Example(
        simple(catch("t", timer("P1X"))),
        "t",
        simple(catch("t", timer("= due - duration(&quot;P1D&quot;)", "timeDate"))),
    ),
    "expression.function-unknown": Example(
        conditional("guess(1) &gt; 2"), "g-a", conditional("fact(1) &gt; 2 and count(list) &gt; 0")
    ),
}
