"""The diagram a new process begins with: one start, one step, one end; arranged when opened."""

from __future__ import annotations

import re
from string import Template
from xml.sax.saxutils import quoteattr

from engine.errors import InvalidInput
from engine.text import T

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")

_BLANK = Template("""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                  xmlns:wuxing="http://wuxing.dev/schema/1.0"
                  id="definitions" targetNamespace="http://wuxing.dev/processes">
  <bpmn:process id="$id" name=$name isExecutable="true">
    <bpmn:startEvent id="begin" name="$begin"><bpmn:outgoing>to_step</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="step" name="$step">
      <bpmn:incoming>to_step</bpmn:incoming><bpmn:outgoing>to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="$done"><bpmn:incoming>to_done</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_step" sourceRef="begin" targetRef="step"/>
    <bpmn:sequenceFlow id="to_done" sourceRef="step" targetRef="done"/>
  </bpmn:process>
</bpmn:definitions>
""")


def blank_diagram(process_id: str, name: str) -> bytes:
    """Return the first draft of a process; raises `InvalidInput` with the field that is wrong."""
    wrong: dict[str, T] = {}
    if not _ID.fullmatch(process_id):
        wrong["process"] = T("编号以字母开头，只用字母、数字、点、横线和下划线")
    if not name.strip():
        wrong["name"] = T("请填写名称")
    if wrong:
        raise InvalidInput(T("请修改标出的内容"), wrong)
    words = {"begin": "开始", "step": "第一步", "done": "结束"}
    return _BLANK.substitute(id=process_id, name=quoteattr(name.strip()), **words).encode()
