"""Resource roles: who does a task, in the words of the standard (BPMN 2.0.2 §10.3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.parser.events import Definitions
from engine.spiff.parser.xml import Xml, child, child_text, children, local, tag, text
from engine.spiff.port import Role

ROLES = ("humanPerformer", "performer", "resourceRole", "potentialOwner")
PEOPLES = ("userTask", "manualTask")


def roles(node: Xml, definitions: Definitions) -> tuple[Role, ...]:
    """Return the resource roles of a task that people do, in the order of the document."""
    if tag(node) not in PEOPLES:
        return ()
    return tuple(_role(role, definitions) for role in children(node, *ROLES))


def _role(role: Xml, definitions: Definitions) -> Role:
    """Return one role; only a potential owner may be one of several people."""
    owner = tag(role) == "potentialOwner"
    reference = child_text(role, "resourceRef")
    if reference is None:
        assignment = child(role, "resourceAssignmentExpression")
        return Role(owner, text(assignment))
    resource = definitions.find(reference, role)
    bound = dict(_bindings(role))
    declared = [parameter.get("id") or "" for parameter in children(resource, "resourceParameter")]
    values = tuple(bound.get(id, "null") for id in declared) if bound else ()
    return Role(owner, resource=resource.get("name") or resource.get("id") or "", parameters=values)


def _bindings(role: Xml) -> Iterator[tuple[str, str]]:
    """Yield the parameters a role gives its resource, with their expressions."""
    for binding in children(role, "resourceParameterBinding"):
        yield local(binding.get("parameterRef") or ""), text(binding)
