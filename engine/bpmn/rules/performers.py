"""People: who does a task, in which form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.expressions import ROLES
from engine.bpmn.findings import Known
from engine.bpmn.model import Model, child, children, everything, reference, words
from engine.bpmn.namespaces import own
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_GROUP = re.compile(r'"(role|dept):([^"\\]+)"')


@rule(
    "activity.form-missing",
    "Wuxing D19",
    T("用户任务“{name}”没有表单"),
    T("在 wuxing:form 中选一张表单；不选时办理人只能看说明并点“完成”"),
    severity="warning",
)
def form_missing(model: Model, known: Known) -> Hits:
    """A person usually has something to fill in."""
    for xml in peoples(model, "userTask"):
        if not own(xml, "form"):
            yield hit(xml)


@rule(
    "activity.performer-missing",
    "Wuxing D19",
    T("“{name}”没有说明由谁办理"),
    T("在 wuxing:assignee 写一个人，或在 wuxing:candidates 写一组人"),
    severity="warning",
)
def performer_missing(model: Model, known: Known) -> Hits:
    """Somebody has to find the work in an inbox."""
    for xml in peoples(model, "userTask", "manualTask"):
        if not own(xml, "assignee") and not own(xml, "candidates") and not children(xml, *ROLES):
            yield hit(xml)


@rule(
    "activity.role-empty",
    "BPMN 2.0.2 §10.3.1",
    T("“{name}”的资源角色没有说明是谁"),
    T("写 resourceAssignmentExpression（FEEL，或 user(…)、group(…)）或 resourceRef，或删除这个角色"),
)
def role_empty(model: Model, known: Known) -> Hits:
    """A resource role says who it is."""
    for role in _roles(model):
        assignment = child(role, "resourceAssignmentExpression")
        if not words(child(role, "resourceRef")) and not everything(assignment):
            yield hit(role)


@rule(
    "activity.role-query",
    "BPMN 2.0.2 §10.3.1",
    T("“{name}”的资源“{resource}”带有参数，但没有同名的函数来查人"),
    T("把资源的名称改成已登记的函数，或删除参数"),
)
def role_query(model: Model, known: Known) -> Hits:
    """A resource with parameters is a query for people, which is a function of ours."""
    registered = {*(known.functions or ()), *(known.queries or ())}
    for role in _roles(model):
        resource = model.tagged(reference(words(child(role, "resourceRef"))), "resource")
        if resource is None or not children(role, "resourceParameterBinding") or known.functions is None:
            continue
        name = resource.get("name") or resource.get("id") or ""
        if name not in registered:
            yield hit(role, resource=name)


@rule(
    "activity.form-unknown",
    "Wuxing D19",
    T("“{name}”的表单“{form}”不存在"),
    T("改成已有表单的编号，或先建立这张表单"),
)
def form_unknown(model: Model, known: Known) -> Hits:
    """A form that is named exists."""
    for xml in (*(node.xml for node in model.running_nodes), *model.by_tag.get("globalUserTask", ())):
        form = own(xml, "form")
        if form and known.forms is not None and form not in known.forms:
            yield hit(xml, form=form)


@rule(
    "activity.group-unknown",
    "Wuxing D19",
    T("“{name}”交给“{group}”，没有这个部门或角色"),
    T("改成已有的部门（dept:…）或角色（role:…）"),
)
def group_unknown(model: Model, known: Known) -> Hits:
    """A group that is named exists; what an expression computes is not known here."""
    exists = {"role": known.roles, "dept": known.departments}
    for node in model.running_nodes:
        for attribute in ("assignee", "candidates"):
            for kind, name in _GROUP.findall(own(node.xml, attribute)):
                groups = exists[kind]
                if groups is not None and name not in groups:
                    yield hit(node.xml, group=f"{kind}:{name}")


def peoples(model: Model, *tags: str) -> Iterator[etree._Element]:
    """Yield the tasks and global tasks of these kinds, all of which people do."""
    for tag in tags:
        yield from model.by_tag.get(tag, ())
        yield from model.by_tag.get(f"global{tag[0].upper()}{tag[1:]}", ())


def _roles(model: Model) -> Iterator[etree._Element]:
    for tag in ROLES:
        yield from model.by_tag.get(tag, ())
