"""XML namespaces of diagrams: the standard's and our own."""

from __future__ import annotations

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WUXING = "http://wuxing.dev/schema/1.0"
# How the namespaces of other products begin, and what they are called.
PRODUCTS: tuple[tuple[str, str], ...] = (
    ("http://camunda.org/schema/1.0/bpmn", "Camunda 7"),
    ("http://camunda.org/schema/zeebe", "Camunda 8"),
    ("http://activiti.org/bpmn", "Activiti"),
    ("http://activiti.com/modeler", "Activiti"),
    ("http://flowable.org/bpmn", "Flowable"),
    ("http://flowable.org/modeler", "Flowable"),
    ("http://www.jboss.org/drools", "jBPM"),
    ("http://www.omg.org/bpmn20/jbpm", "jBPM"),
    ("http://spiffworkflow.org/bpmn/schema", "SpiffWorkflow"),
    ("http://www.bizagi.com", "Bizagi"),
    ("http://www.signavio.com", "Signavio"),
)


def own(xml: etree._Element, attribute: str) -> str:
    """Return one of our extension attributes of an element, without surrounding space."""
    return xml.get(f"{{{WUXING}}}{attribute}", "").strip()
