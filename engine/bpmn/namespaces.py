"""XML namespaces of diagrams: the standard's and our own."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WUXING = "http://wuxing.dev/schema/1.0"
XINCLUDE = "http://www.w3.org/2001/XInclude"
