"""The history of an instance in words: who did what, when, and what they said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import directory, history
from engine.history import Event
from engine.spiff.port import Element
from engine.spiff.program import Program
from engine.store.database import UnitOfWork
from engine.text import T

_SAID = ("comment", "objection", "resolution", "block_reason", "refuse", "none_reason", "note")
"""Fields of forms whose words belong into the timeline."""

_VERDICTS = ("decision", "status", "conclusion")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline; `seq` is the event it tells of."""

    seq: int
    at: datetime
    who: str
    what: T
    note: str = ""
    kind: str = ""
    verdict: str = ""


def entries(
    uow: UnitOfWork, program: Program, instance_id: int, *, most: int = 40, skip_openings: bool = True
) -> list[Entry]:
    """Return the newest entries of an instance's history, the newest first."""
    told: list[Entry] = []
    events = history.events(uow, instance_id)
    names = directory.names(uow, people_of(events))
    for event in reversed(events):
        if skip_openings and event.kind == "work.opened":
            continue
        what = sentence(event, program, names)
        if what is not None:
            who = names.get(event.actor, "")
            told.append(Entry(event.seq, event.at, who, what, said(event), kind_of(event), verdict_of(event)))
        if len(told) == most:
            break
    return told


def people_of(events: Iterable[Event]) -> set[int]:
    """Return everybody whose name a timeline of these events needs."""
    people: set[int] = set()
    for event in events:
        body = event.body or {}
        for value in (
            event.actor,
            event.on_behalf_of,
            body.get("to"),
            body.get("from"),
            body.get("assignee"),
        ):
            if isinstance(value, int):
                people.add(value)
    return people


def sentence(event: Event, program: Program, names: dict[int, str]) -> T | None:
    """Return what an event says to people, or None for one that only moves tokens."""
    body = event.body or {}
    step = T(step_name(program, event.element)) if event.element else T("流程")
    plain: dict[str, T] = {
        "instance.started": T("发起了流程"),
        "instance.completed": T("流程全部完成"),
        "instance.failed": T("流程因未处理的错误而失败"),
        "instance.cancelled": T("流程已终止"),
        "instance.suspended": T("暂停了流程"),
        "instance.resumed": T("恢复了流程"),
        "work.completed": T("完成了“{step}”", step=step),
        "work.claimed": T("认领了“{step}”", step=step),
        "work.released": T("退回了“{step}”，等待他人认领", step=step),
        "timer.fired": T("“{step}”到时", step=step),
        "message.received": T("“{step}”收到消息", step=step),
        "correlation.set": T("“{step}”确定了关联键的值", step=step),
        "store.written": T("“{step}”写入了数据存储“{store}”", step=step, store=body.get("store", "")),
        "signal.received": T("“{step}”收到广播", step=step),
        "incident.opened": T("“{step}”无法执行，等待处理", step=step),
        "incident.retried": T("重试了“{step}”", step=step),
    }
    if event.kind == "work.opened":
        return T("“{step}”交给{who}", step=step, who=holder(body, names))
    if event.kind == "work.reassigned":
        return T("把“{step}”转交给{who}", step=step, who=names.get(body.get("to") or 0, ""))
    return plain.get(event.kind) or _of_content(event, body)


def _of_content(event: Event, body: dict[str, Any]) -> T | None:
    """Return the sentence that the content put into its own event."""
    words = body.get("text")
    if event.kind == "moved" or not isinstance(words, str):
        return None
    params = body.get("params")
    return T(words, **params) if isinstance(params, dict) else T(words)


def holder(body: dict[str, Any], names: dict[int, str]) -> str | T:
    """Return who has an opened item in words."""
    if body.get("assignee"):
        return names.get(body["assignee"], "")
    return T("待认领")


def step_name(program: Program, element: str) -> str:
    """Return the name of an element, its id when it has none."""
    found: Element | None = program.elements.get(element)
    if found is None:
        found = next((e[element] for e in program.processes.values() if element in e), None)
    return (found.name if found is not None else "") or element


def said(event: Event) -> str:
    """Return the words a person put into the form: the reason or the note."""
    values = (event.body or {}).get("values")
    if not isinstance(values, dict):
        reason = (event.body or {}).get("reason") or (event.body or {}).get("message")
        return reason if isinstance(reason, str) and event.kind != "instance.cancelled" else ""
    words = [values[name] for name in _SAID if isinstance(values.get(name), str)]
    return "；".join(word for word in words if word)


def verdict_of(event: Event) -> str:
    """Return the option a person chose as verdict or state; pages translate it as they do options."""
    values = (event.body or {}).get("values")
    chosen = values if isinstance(values, dict) else {}
    return next((chosen[name] for name in _VERDICTS if isinstance(chosen.get(name), str)), "")


def kind_of(event: Event) -> str:
    """Return the mark of an entry: done, failed or nothing."""
    if event.kind == "incident.opened" or event.kind == "instance.failed":
        return "err"
    return "done" if event.kind in ("work.completed", "instance.completed") else ""
