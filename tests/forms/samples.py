"""For every form of the library: what is handed out, and what a person then rightly enters."""

from __future__ import annotations

from typing import Any

PROJECT: dict[str, Any] = {
    "project_name": "2026中秋会员节",
    "project_type": "大型市场活动",
    "initiating_dept": "市场部",
    "lead": 1,
    "priority": "高",
    "visibility": "参与部门",
    "budget": 1500000,
    "light": False,
    "background": "会员规模连续三年增长。",
    "goal": [{"statement": "会员节办得成功", "measure": "到场会员数", "target": "5000", "unit": "人"}],
    "scope": "线下会员节和线上会场",
    "out_of_scope": None,
    "deliverables": [{"name": "策划方案", "standard": "三部门会签", "owner_dept": "市场部"}],
    "unit": "wd",
    "start_date": "2026-08-17",
    "end_date": "2026-10-09",
    "involved_depts": ["市场部", "设计部"],
}
STANDARD = [{"criterion": "会签部门", "operator": "≥", "target": "3", "unit": "个"}]
TASK: dict[str, Any] = {
    "task_name": "完成策划方案",
    "owner": 2,
    "plan_start": "2026-08-20",
    "plan_end": "2026-08-28",
    "standard": STANDARD,
    "deliverable": 5,
}
PLANNED = {
    **TASK,
    "stage": "策划",
    "receiver": "设计部",
    "purpose": "用于主视觉设计",
    "co_depts": ["物流部"],
    "priority": "高",
    "key_result": True,
    "milestone": "策划定稿",
    "weight": 7,
    "risk_note": "如果策划推迟，设计就会推迟",
    "risk_level": "中",
}
RECORD = {"values": PROJECT}
SPAN = {"unit": "wd", "project_start": "2026-08-17", "project_end": "2026-10-09"}
MEETING = {
    "time": "2026-03-05T14:00:00+08:00",
    "place": "三楼会议室",
    "host": 1,
    "recorder": 2,
    "attendees": [1, 2, 3, 4],
}
JUDGED = {"id": 1, "criterion": "到场人数", "operator": "≥", "target": "5000", "unit": "人"}

PREFILL: dict[str, dict[str, Any]] = {
    "f02_approval": {"round": "第 2 轮", "level": "1/2", "subject": RECORD, "light": True},
    "f03_kickoff": {"project": RECORD, "approved_at": "2026-03-01T09:00+08:00"},
    "f03_confirmation": {"dept": "市场部", "project": RECORD, "notes": "会上已说明"},
    "f04_nominate": {"dept": "市场部", "project": RECORD},
    "f04_team": {"dept": "市场部", "first_responsible": 1},
    "f05_first_level": {**SPAN, "project": RECORD},
    "f05_tasks": {**SPAN, "dept": "市场部"},
    "f05_joint": {
        **SPAN,
        "tasks": [
            {**TASK, "id": 11, "task_no": "B01", "dept": "市场部", "stage": "策划"},
            {**TASK, "id": 12, "task_no": "B02", "task_name": "设计主视觉", "dept": "设计部", "owner": 3},
        ],
    },
    "plan_confirm": {"dept": "市场部", "length": 35, "tasks": [{"task_no": "B01", "critical": True}]},
    "f08_deliverable_confirm": {
        "result": "策划方案",
        "dept": "市场部",
        "owner": 2,
        "confirmers": [1, 4],
        "files": [{"attachment": 31, "name": "会员节-策划方案-20260925.pdf"}],
        "checklist": [JUDGED],
    },
    "f09_daily_update": {
        "task_name": "物料制作",
        "plan_end": "2026-09-16",
        "last_percent": 40,
        "standard": STANDARD,
    },
    "f15_call": {"round": 1, "items": [{"task": "现场执行", "criterion": "到场人数", "target": "5000"}]},
    "f15_acceptance": {
        "round": 1,
        "dept": "市场部",
        "items": [
            {**JUDGED, "task": "现场执行", "dept": "市场部"},
            {**JUDGED, "id": 2, "criterion": "页面缺陷", "operator": "≤", "target": "5", "task": "页面上线"},
        ],
    },
    "f16_certificate": {
        "cert_no": "YS-1",
        "project": "会员节",
        "basis": "v1",
        "conclusion": "通过",
        "depts": ["市场部"],
    },
    "f17_archive": {"dept": "市场部", "checklist": [{"material_type": "方案", "source": "策划方案"}]},
    "f17_check": {
        "submissions": [
            {"dept": "市场部", "material_type": "方案", "file": {"attachment": 31, "name": "a.pdf"}}
        ]
    },
    "f18_retrospective": {"goal_vs_actual": [{"goal": "到场", "target": "5000", "actual": "5210"}]},
    "f18_confirm": {"report": {"values": {"highlights": [{"highlight": "沟通顺畅"}]}}},
    "kickoff_organise": {"project": RECORD, "may_object": True, "approved_at": "2026-03-01T09:00+08:00"},
    "kickoff_objection": {"objections": [{"dept": "设计部", "person": 4, "objection": "工期太紧"}]},
}

TYPED: dict[str, dict[str, Any]] = {
    "f01_project_info": PROJECT,
    "f02_approval": {"decision": "同意", "light_ok": True, "comment": "同意立项"},
    "f03_kickoff": {**MEETING, "notes": "目标和范围已说明"},
    "f03_confirmation": {"goal_ok": True, "scope_ok": True, "duties": "负责策划和现场"},
    "f04_nominate": {"first_responsible": 1, "deputy": 2, "key_executors": [2], "contact": "8001"},
    "f04_team": {"executors": [1, 2], "key_executors": [2], "duty": "策划和现场", "deputy": 2},
    "f05_first_level": {"tasks": [{**TASK, "dept": "市场部"}]},
    "f05_tasks": {"tasks": [PLANNED]},
    "f05_joint": {
        "tasks": [
            {"id": "11", "stage": "策划", "milestone": "策划定稿", "predecessors": []},
            {
                "id": "12",
                "stage": "设计",
                "milestone": "设计定稿",
                "plan_start": "2026-08-31",
                "plan_end": "2026-09-04",
                "predecessors": [{"task": "11", "dep_type": "FS", "lag": 0}],
            },
        ]
    },
    "plan_confirm": {"decision": "确认"},
    "f08_deliverable_confirm": {"checklist": [{"id": "1", "actual": "5210"}], "decision": "确认"},
    "f09_daily_update": {"status": "进行中", "percent": 60, "note": "物料到货"},
    "f15_call": {"date": "2026-03-09", "method": "现场", "participants": [1, 4]},
    "f15_acceptance": {
        "items": [{"id": "1", "actual": "5210"}, {"id": "2", "actual": "7"}],
        "correction": [{"item": "修复缺陷", "owner": 3, "due": "2026-03-20"}],
    },
    "f16_certificate": {"decision": "签署", "sign": "王 丽"},
    "f17_archive": {"files": [{"file": {"attachment": 31}, "material_type": "方案"}]},
    "f17_check": {"decision": "接收"},
    "f18_retrospective": {
        "time": "2026-03-02T14:00:00+08:00",
        "host": 1,
        "attendees": [1, 2, 4],
        "highlights": [{"highlight": "沟通顺畅"}],
        "problems": [{"problem": "物料晚到", "cause": "只有一家供应商"}],
        "measures": [{"measure": "建立备选供应商", "owner": 5, "due": "2026-04-30"}],
    },
    "f18_confirm": {"decision": "退回", "comment": "请补充原因分析"},
    "kickoff_organise": {**MEETING, "agenda": "目标、范围、分工"},
    "kickoff_objection": {"resolution": "工期延长两天", "scope_changed": False},
}
