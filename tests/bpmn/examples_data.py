"""Rules about data, callables and resource roles: a diagram that breaks each, and its twin."""

from __future__ import annotations

from tests.bpmn.build import chain, end, plain_sub, simple, start, sub, user
from tests.bpmn.examples_flows import Example

ROLE = "<potentialOwner>{}</potentialOwner>"
EXPRESSION = (
    "<resourceAssignmentExpression><formalExpression>{}</formalExpression></resourceAssignmentExpression>"
)
OWNER = ROLE.format(EXPRESSION.format("{}"))
RESOURCE = '<resource id="res" name="{}"><resourceParameter id="par" name="dept"/></resource>'
QUERY = ROLE.format(
    '<resourceRef>res</resourceRef><resourceParameterBinding parameterRef="par">'
    "<formalExpression>x</formalExpression></resourceParameterBinding>"
)

SPECIFICATION = (
    '<ioSpecification><dataInput id="in" name="x"/><dataOutput id="out" name="y"/>'
    "<inputSet>{}<dataInputRefs>in</dataInputRefs></inputSet>"
    "<outputSet><dataOutputRefs>out</dataOutputRefs></outputSet></ioSpecification>"
)
OBJECT = '<dataObject id="d" name="d"/>'
INNER = '<subProcess id="b" name="b"><dataObject id="d" name="d"/><task id="c" name="c"/></subProcess>'


def into(*parts: str, source: str = "d", target: str = "in") -> str:
    """A user task with an input association."""
    ends = f"<sourceRef>{source}</sourceRef>" if source else ""
    ends += f"<targetRef>{target}</targetRef>"
    inner = f'<dataInputAssociation id="a">{ends}{"".join(parts)}</dataInputAssociation>'
    return user("t", SPECIFICATION.format("") + inner)


def assigned(source: str, target: str) -> str:
    """An assignment."""
    return f"<assignment><from>{source}</from><to>{target}</to></assignment>"


DATA: dict[str, Example] = {
    "activity.role-empty": Example(
        simple(user("t", ROLE.format(""))), "t", simple(user("t", OWNER.format("user(ada), group(sales)")))
    ),
    "activity.role-query": Example(
        simple(user("t", QUERY), "t", roots=RESOURCE.format("nobody knows")),
        "t",
        simple(user("t", QUERY), "t", roots=RESOURCE.format("head")),
    ),
    "data.association-ends": Example(
        simple(into(source="d</sourceRef><sourceRef>d"), "t", OBJECT), "t", simple(into(), "t", OBJECT)
    ),
    "data.association-side": Example(simple(into(target="d"), "t", OBJECT), "t", simple(into(), "t", OBJECT)),
    "data.out-of-reach": Example(simple(into(), "t", INNER), "t", simple(into(), "t", OBJECT)),
    "data.assignment": Example(
        simple(into(assigned("1", "y.z")), "t", OBJECT),
        "t",
        simple(into(assigned("1", "x.z")), "t", OBJECT),
    ),
    "data.sub-process": Example(
        simple(sub("t", SPECIFICATION.format(""), start("a"), end("z"), chain("a", "z"))),
        "t",
        simple(plain_sub("t")),
    ),
    "data.set-member": Example(
        simple(user("t", SPECIFICATION.format("<dataInputRefs>out</dataInputRefs>"))),
        "t",
        simple(user("t", SPECIFICATION.format(""))),
    ),
    "data.state": Example(
        simple(user(), "t", '<dataObject id="d" name="d"><dataState id="st" name="new"/></dataObject>'),
        "d",
        simple(user(), "t", OBJECT),
    ),
}
