"""What is due, what failed: seen, retried, or given up with a reason."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import incidents, jobs
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.store.database import UnitOfWork
from engine.text import T
from webui.admin.places import places
from webui.admin.rooms import blueprint
from webui.context import engine
from webui.identity import current_actor
from webui.permissions import permission
from webui.toasts import toast

PAGE = 25

JOB_STATES = {
    "due": (T("等待中"), "acc"),
    "dead": (T("失败"), "err"),
    "done": (T("已完成"), "ok"),
    "skipped": (T("已跳过"), "mute"),
    "cancelled": (T("已取消"), "mute"),
    "paused": (T("已暂停"), "warn"),
}
JOB_KINDS = {
    "timer": T("计时器"),
    "start": T("启动流程"),
    "start_timer": T("按时间启动流程"),
    "start_condition": T("按条件启动流程"),
    "remind": T("提醒办理人"),
    "deliver": T("送达消息"),
    "signal": T("广播信号"),
    "receive": T("接收信号"),
    "continue": T("继续执行"),
    "cancel": T("取消流程"),
    "cancel_linked": T("取消关联流程"),
}
INCIDENT_STATES = {
    "open": (T("未处理"), "err"),
    "retried": (T("已重试"), "ok"),
    "gone": (T("已消失"), "mute"),
}


@blueprint.get("/admin/jobs")
@permission("administrator", "coordinator")
def due_jobs() -> str:
    """List jobs, newest first, of one state."""
    state = request.args.get("state", "due")
    with engine().database.read() as uow:
        found = jobs.page(uow, state=_one_of(state, JOB_STATES), before=_before(), limit=PAGE + 1)
        shown = found[:PAGE]
        counts = jobs.counts(uow)
        where = places(uow, [job.instance for job in shown])
    more = url_for(".due_jobs", state=state, before=shown[-1].id) if len(found) > PAGE else ""
    return render_template(
        "admin/jobs.html",
        jobs=shown,
        places=where,
        state=state,
        counts=counts,
        more=more,
        states=JOB_STATES,
        kinds=JOB_KINDS,
    )


@blueprint.post("/admin/jobs/<int:job>/retry")
@permission("administrator", "coordinator")
def retry_job(job: int) -> Response:
    """Make a job due now."""
    from engine.running import retry_job as retry

    retry(engine(), current_actor(), job)
    toast(T("作业 {id} 会马上重试。", id=job))
    return redirect(url_for(".due_jobs"), 303)


@blueprint.post("/admin/jobs/<int:job>/skip")
@permission("administrator", "coordinator")
def skip_job(job: int) -> Response:
    """Give a job up with a reason."""
    from engine.running import skip_job as skip

    skip(engine(), current_actor(), job, request.form.get("note", ""))
    toast(T("已跳过作业 {id}。", id=job))
    return redirect(url_for(".due_jobs"), 303)


@blueprint.get("/admin/incidents")
@permission("administrator", "coordinator")
def open_incidents() -> str:
    """List what could not be executed, newest first, of one state."""
    state = request.args.get("state", "open")
    with engine().database.read() as uow:
        found = incidents.page(uow, state=_one_of(state, INCIDENT_STATES), before=_before(), limit=PAGE + 1)
        shown = found[:PAGE]
        where = places(uow, [entry.instance for entry in shown])
    more = url_for(".open_incidents", state=state, before=shown[-1].id) if len(found) > PAGE else ""
    return render_template(
        "admin/incidents.html", incidents=shown, places=where, state=state, more=more, states=INCIDENT_STATES
    )


@blueprint.post("/admin/incidents/<int:incident>/retry")
@permission("administrator", "coordinator")
def retry_incident(incident: int) -> Response:
    """Run a failed element again."""
    from engine.running import retry_incident as retry

    retry(engine(), current_actor(), incident)
    toast(T("故障 {id} 已重试。如果再次失败，会出现新的故障。", id=incident))
    return redirect(url_for(".open_incidents"), 303)


def count_incidents(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many incidents wait for an operator."""
    return incidents.open_count(uow) if actor.has("administrator", "coordinator") else 0


def _before() -> int | None:
    return request.args.get("before", type=int)


def _one_of(state: str, known: dict[str, tuple[T, str]]) -> str:
    if state not in known:
        raise InvalidInput(T("没有这种状态"))
    return state
