"""Why a task lies where it lies and why it is (not) critical, in a sentence for people."""

from __future__ import annotations

from engine.text import T
from processes.collaboration.schedule import Schedule, ScheduledTask


def why(schedule: Schedule, task_id: str) -> T:
    """Return the reason of a task's float and, after it, what decides its place (specification §5)."""
    task = schedule.tasks[task_id]
    if task.state == "finished":
        return T("已完成，不再影响工期")
    return T("{float}；{place}", float=_float(schedule, task), place=_place(schedule, task))


def _float(schedule: Schedule, task: ScheduledTask) -> T:
    unit = T("工作日") if schedule.timeline.unit == "wd" else T("工作小时")
    if task.total_float < 0:
        return T("关键：已超出 {n} 个{unit}", n=-task.total_float, unit=unit)
    if task.critical:
        return T("关键：晚 1 个{unit}，项目就晚 1 个{unit}", unit=unit)
    return T("不关键：还有 {n} 个{unit}余量", n=task.total_float, unit=unit)


def _place(schedule: Schedule, task: ScheduledTask) -> T:
    if task.driver is None:
        return T("已经开始") if task.state == "begun" else T("没有前置任务卡住它")
    other = schedule.tasks[task.driver.predecessor]
    name = other.name or other.id
    match task.driver.kind:
        case "FS":
            return T("要等“{task}”完成", task=name)
        case "SS":
            return T("要等“{task}”开始", task=name)
        case "FF":
            return T("“{task}”完成后才能完成", task=name)
