"""Who gets a work item, by when and how urgently: the FEEL attributes of its element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from engine.errors import ElementFailed
from engine.feel.host import to_host
from engine.performers import named, of_lane
from engine.spiff.port import Element
from engine.text import T
from engine.work import NORMAL_PRIORITY, Offer

if TYPE_CHECKING:
    from engine.step import Step

Json = Any


@dataclass(frozen=True, slots=True)
class Assignment:
    """The columns of a new work item and to whom it goes."""

    columns: dict[str, Any]
    offer: Offer
    reminders: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, step: Step, element: Element, token: int) -> Assignment:
        """Evaluate an element's assignment at a token; raises `ElementFailed` when nobody is left."""
        names = step.live.names(token)
        attributes = element.attributes

        def value(attribute: str) -> Json:
            text = attributes.get(attribute)
            return step.host.evaluate(text, names, element=element) if text else None

        own = step.live.locals(token)
        assignee, candidates = value("assignee"), _listed(value("candidates"))
        if element.roles:
            assignee, candidates = _with_roles(step, element, names, assignee, candidates)
        elif not attributes.get("assignee") and not attributes.get("candidates"):
            assignee, candidates = _by_default(step, element)
        offer = _offer(assignee, candidates, element)
        form = attributes.get("form")
        priority = value("priority")
        columns = {
            "instance": step.instance.id,
            "token": token,
            "definition": step.definition.id,
            "process_id": element.process_id,
            "element": element.id,
            "name": element.name or element.id,
            "title": str(value("title") or _parts(step.live.items(token)))[:300],
            "subject": step.instance.subject,
            "form": form,
            "form_version": step.definition.forms.get(form) if form else None,
            "lane": element.lane,
            "rule": attributes.get("rule", ""),
            "priority": NORMAL_PRIORITY if priority is None else int(priority),
            "due_at": _moment(value("due") or value("sla"), step, element),
            "locals": own,
        }
        moments = [_moment(each, step, element) for each in _listed(value("reminders"))]
        return cls(columns, offer, tuple(moment for moment in moments if moment is not None))

    def as_history(self, token: int) -> dict[str, Json]:
        """Return what the history keeps of a new item."""
        due = self.columns["due_at"]
        return {
            "token": token,
            "name": self.columns["name"],
            "title": self.columns["title"],
            "form": self.columns["form"],
            "form_version": self.columns["form_version"],
            "assignee": self.offer.assignee,
            "candidates": list(self.offer.groups),
            "due": due.isoformat() if due is not None else None,
            "rule": self.columns["rule"],
        }


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _parts(own: Mapping[str, Json]) -> str:
    """Return what tells parallel items of one step apart: the department or text each runs over."""
    return "、".join(str(value) for value in own.values() if isinstance(value, str))


def _with_roles(
    step: Step, element: Element, names: dict[str, Json], assignee: Json, candidates: list[Json]
) -> tuple[Json, list[Json]]:
    """Add whom resource roles name: one performer has to do the work, one of several may claim it."""
    performers = [] if assignee is None else [assignee]
    performers += [who for who in named(step, element, names, owners=False) if who not in performers]
    owners = named(step, element, names, owners=True)
    if len(performers) == 1 and isinstance(performers[0], int):
        return performers[0], [*candidates, *owners]
    return None, [*performers, *candidates, *owners]


def _by_default(step: Step, element: Element) -> tuple[Json, list[Json]]:
    """Return who does what nobody is named for: the group of the lane, else whoever has started it."""
    group = of_lane(step.uow, element.lane)
    return (step.instance.started_by or None, []) if group is None else (None, [group])


def _offer(assignee: Json, listed: list[Json], element: Element) -> Offer:
    if assignee is not None and not isinstance(assignee, int):
        raise ElementFailed("assignment", T("办理人不是一个人员：{value}", value=str(assignee)))
    groups = tuple(f"user:{c}" if isinstance(c, int) else str(c) for c in listed if c is not None)
    if assignee is None and not groups:
        raise ElementFailed("assignment", T("“{name}”找不到办理人", name=element.name or element.id))
    return Offer(assignee, groups)


def _moment(value: Json, step: Step, element: Element) -> datetime | None:
    """Return a due moment: a date means the end of that day's working hours."""
    if value is None:
        return None
    read = to_host(value) if isinstance(value, Mapping) else value
    if isinstance(read, str):
        read = datetime.fromisoformat(read) if "T" in read else date.fromisoformat(read)
    if isinstance(read, datetime):
        return (read if read.tzinfo else read.replace(tzinfo=step.engine.calendar.zone)).astimezone(UTC)
    if isinstance(read, date):
        return step.engine.calendar.closing(read)
    raise ElementFailed("assignment", T("期限不是日期或时间：{value}", value=str(value)), element=element.id)
