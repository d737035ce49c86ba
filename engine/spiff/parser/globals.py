"""Global tasks: reusable tasks that only call activities run (BPMN 2.0.2 §10.3.7)."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from engine.bpmn.namespaces import BPMN
from engine.spiff.parser.xml import Xml, tag

TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
OF_THE_PROCESS = ("documentation", "ioSpecification")


def as_process(root: Xml, id: str) -> Xml | None:
    """Return the global task with an id as a process that holds only that task; None without one.

    Process and task have the same id. What the task asks for and gives back (`ioSpecification`)
    belongs to the process, which is what is called; everything else to the task.
    """
    found = next((node for node in root if tag(node) in TASKS and node.get("id") == id), None)
    if found is None:
        return None
    process = etree.Element(f"{{{BPMN}}}process", {"id": id, "isExecutable": "true"})
    task = etree.SubElement(process, f"{{{BPMN}}}{TASKS[tag(found)]}")
    task.attrib.update(found.attrib)
    for part in found:
        (process if tag(part) in OF_THE_PROCESS else task).append(deepcopy(part))
    return process
