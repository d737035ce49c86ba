"""Rules about data, callables and resource roles: a diagram that breaks each, and its twin."""

from __future__ import annotations

from tests.bpmn.build import simple, user
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

DATA: dict[str, Example] = {
    "activity.role-empty": Example(
        simple(user("t", ROLE.format(""))), "t", simple(user("t", OWNER.format("user(ada), group(sales)")))
    ),
    "activity.role-query": Example(
        simple(user("t", QUERY), "t", roots=RESOURCE.format("nobody knows")),
        "t",
        simple(user("t", QUERY), "t", roots=RESOURCE.format("head")),
    ),
}
