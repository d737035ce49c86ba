"""Sentences people of the samples write; content is in one language and is not translated (D1)."""

from __future__ import annotations

from collections.abc import Mapping

from processes.collaboration.organisation import Lang

PHRASES: Mapping[str, Mapping[Lang, str]] = {
    "agree": {"zh": "同意，请按计划推进", "en": "Agreed, please go ahead as planned"},
    "place": {"zh": "三号会议室，同步视频会议", "en": "Meeting room 3, with video"},
    "agenda": {
        "zh": "目标与范围；各部门职责；节奏与沟通方式",
        "en": "Goal and scope; duties of each department; rhythm and channels",
    },
    "notes": {
        "zh": "逐条对齐目标与范围，各部门确认职责，沟通以项目会话为准",
        "en": "We went through goal and scope, each department confirmed its duties; we talk in the project",
    },
    "duties": {"zh": "负责：{tasks}", "en": "Responsible for: {tasks}"},
    "duty": {"zh": "按计划完成本部门任务并每日更新进度", "en": "Do the department's tasks and report daily"},
    "moving": {"zh": "按计划推进", "en": "On plan"},
    "done": {"zh": "已完成，按标准自查通过", "en": "Done and checked against the standard"},
    "stuck": {"zh": "仍在等待，已催办", "en": "Still waiting, reminded them"},
    "accepted": {"zh": "符合交付标准", "en": "Meets the delivery standard"},
    "evidence": {
        "zh": "{task}\n\n自查结论：符合交付标准。\n{standard}\n",
        "en": "{task}\n\nOwn check: meets the delivery standard.\n{standard}\n",
    },
}


def say(key: str, lang: Lang, **words: str) -> str:
    """Return a sentence in a language."""
    return PHRASES[key][lang].format(**words)
