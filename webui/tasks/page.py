"""What a task page shows: the form as it stands, where the step is, what comes next, what has been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine import attachments, conversation, directory, history, outlook, policy, subjects, work
from engine.attachments import Attachment
from engine.conversation import Comment, FormDraft
from engine.desk import Desk, look
from engine.directory import Actor, Person
from engine.spiff.port import Element
from engine.store.database import UnitOfWork
from engine.subjects import Subject
from engine.work import WorkItem
from forms.context import FormContext
from forms.filling import open_form
from forms.present import present
from forms.schema import Form
from forms.views import FormView
from processes import formwork
from processes.collaboration import projects
from processes.collaboration.views import headers
from processes.collaboration.views.headers import Phase
from webui import timeline
from webui.context import engine
from webui.i18n import locale, translate
from webui.timeline import Entry

_SHOWN_FILES = 8


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The right-hand column of a task page."""

    subject: Subject | None
    following: list[Element]
    history: list[Entry]
    comments: list[Comment]
    authors: dict[int, str]
    holder: str
    candidates: tuple[str, ...]
    elsewhere: list[tuple[WorkItem, str]]
    phases: list[Phase]
    files: list[Attachment]


@dataclass(frozen=True, slots=True)
class Opened:
    """An item with its form, the form's surroundings and its first values."""

    desk: Desk
    form: Form | None
    context: FormContext
    given: dict[str, Any]
    draft: FormDraft | None

    def view(self) -> FormView | None:
        """Return the form to fill in, or None for a step without one."""
        if self.form is None:
            return None
        body = self.draft.body if self.draft is not None else None
        return open_form(self.form, self.context, prefill=self.given, draft=body)


def open_item(uow: UnitOfWork, actor: Actor, item_id: int) -> Opened:
    """Return an item with all its form needs; raises `NotFound`."""
    desk = look(engine(), uow, actor, item_id)
    handlers = engine().handlers
    context = formwork.context_of(desk.context, handlers, language=locale(), translate=translate)
    if desk.item.form is None:
        return Opened(desk, None, context, {}, None)
    form = formwork.form_of(uow, handlers, desk.item.form, desk.item.form_version)
    given = formwork.prefill(desk, handlers) if desk.may_work else {}
    return Opened(desk, form, context, given, conversation.get_draft(uow, actor, item_id))


def submitted_view(uow: UnitOfWork, opened: Opened) -> FormView | None:
    """Return the values with which an ended item was completed, to read."""
    values = history.completed_values(uow, opened.desk.item.instance, opened.desk.item.id)
    if opened.form is None or values is None:
        return None
    return present(opened.form, values, {}, opened.context, readonly=True)


def surroundings(uow: UnitOfWork, desk: Desk) -> Surroundings:
    """Return what stands beside the form."""
    item = desk.item
    comments = conversation.comments_on_item(uow, item.id)
    others = [other for other in work.open_items(uow, instance=item.instance) if other.id != item.id]
    names = directory.names(uow, {o.assignee for o in others if o.assignee} | {item.assignee or 0})
    return Surroundings(
        subject=subjects.named(uow, [item.subject]).get(item.subject) if item.subject else None,
        following=outlook.next_steps(desk.program, item.process_id, item.element),
        history=timeline.entries(uow, desk.program, item.instance, most=12),
        comments=comments,
        authors=conversation.authors(uow, comments),
        holder=names.get(item.assignee, "") if item.assignee else "",
        candidates=desk.offered,
        elsewhere=[(other, names.get(other.assignee or -1, "")) for other in others[:8]],
        phases=_phases(uow, item.subject),
        files=_files(uow, desk),
    )


def _files(uow: UnitOfWork, desk: Desk) -> list[Attachment]:
    """Return the newest files of what a step is about, for those who may read them."""
    subject, actor = desk.item.subject, desk.context.actor
    if subject is None or not policy.may_see_subject(uow, actor, subject):
        return []
    return attachments.of_subject(uow, subject)[:_SHOWN_FILES]


def _phases(uow: UnitOfWork, subject: str | None) -> list[Phase]:
    """Return where the project stands that a step belongs to; nothing for steps of other subjects."""
    kind, _, number = (subject or "").partition(":")
    return headers.phases(projects.get(uow, int(number))) if kind == "project" else []


def after(uow: UnitOfWork, desk: Desk) -> list[tuple[WorkItem, str]]:
    """Return what is open now about the same subject and began with or after this item's end."""
    item = desk.item
    if item.ended_at is None:
        return []
    pool = (
        work.open_items(uow, subject=item.subject)
        if item.subject
        else work.open_items(uow, instance=item.instance)
    )
    fresh = [other for other in pool if other.created_at >= item.ended_at]
    names = directory.names(uow, {other.assignee for other in fresh if other.assignee})
    return [(other, names.get(other.assignee or -1, "")) for other in fresh[:8]]


def colleagues(uow: UnitOfWork, actor: Actor) -> list[tuple[str, list[Person]]]:
    """Return whom an item can be handed to, by department, the own one first."""
    by_dept: dict[str, list[Person]] = {}
    for person in directory.people(uow):
        if person.id != actor.id:
            by_dept.setdefault(person.dept or "", []).append(person)
    return sorted(by_dept.items(), key=lambda entry: entry[0] != actor.dept)
