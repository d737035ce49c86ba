"""Pages of auditors: search, the replay of an instance, and what the replay asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, jsonify, render_template, request

from engine import audit, directory, history, subjects
from engine.audit import Search
from engine.bpmn.layout import layout
from engine.errors import NotFound
from engine.history import Event
from engine.store.database import UnitOfWork
from engine.text import T
from forms.views import FormView
from webui.audit import blueprint
from webui.audit.record import Entry, Record, Sheet, diagram_xml, load_record, related_instances
from webui.audit.values import form_view, plain_values, value_text
from webui.catalogue import SOURCE
from webui.context import engine
from webui.dates import local, short_day, zone
from webui.diagrams import instance_picture
from webui.diagrams.drawn import with_drawing
from webui.diagrams.marks import WORDS
from webui.i18n import locale, render_text, translate
from webui.identity import current_actor
from webui.permissions import permission

AUDITORS = ("auditor", "management", "coordinator", "administrator")
ROWS_WITHOUT_SCRIPT = 60
STATES = {
    "active": T("进行中"),
    "suspended": T("已暂停"),
    "completed": T("已完成"),
    "failed": T("出错结束"),
    "cancelled": T("已取消"),
}
STATE_KINDS = {"active": "acc", "suspended": "warn", "completed": "ok", "failed": "err", "cancelled": "mute"}

Json = Any


@dataclass(frozen=True)
class Moment:
    """The event a page is about, with the form it submitted or the values it set."""

    entry: Entry
    view: FormView | None
    values: list[tuple[str, Json, Json]]


@blueprint.get("/audit")
@permission(*AUDITORS)
def listing() -> str:
    """Search the instances the actor may see, newest first."""
    asked = _asked()
    with engine().database.read() as uow:
        actor = current_actor()
        page = audit.search(uow, actor, asked, before=request.args.get("before", type=int))
        processes = audit.processes_seen(uow, actor)
        people = directory.names(uow, [hit.instance.started_by for hit in page.hits])
    return render_template(
        "audit/listing.html",
        page=page,
        people=people,
        processes=processes,
        asked=request.args,
        states=STATES,
        kinds=STATE_KINDS,
    )


def _asked() -> Search:
    given = request.args
    until = _day(given.get("until"))
    return Search(
        process_id=given.get("process") or None,
        state=given.get("state") or None,
        words=given.get("words", "").strip() or None,
        who=given.get("who", "").strip() or None,
        since=_midnight(_day(given.get("since"))),
        until=_midnight(until + timedelta(days=1) if until is not None else None),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), zone()) if day is not None else None


@blueprint.get("/audit/instances/<int:instance_id>")
@permission("signed_in")
def show(instance_id: int) -> str:
    """Replay an instance; `?at=` picks the moment where there is no JavaScript."""
    with engine().database.read() as uow:
        actor = current_actor()
        record = load_record(engine(), uow, actor, instance_id)
        at = _at(record)
        entry = record.entries[at - 1]
        shown = _shown(record, entry)
        drawn = instance_picture(
            uow, actor, instance_id, process_id=shown.process, current=entry.event.element, until=at
        )
        moment = _moment(uow, record, entry)
        verdict = history.verify_chain(uow, instance_id)
        related = related_instances(engine(), uow, actor, record.instance)
        starter = directory.names(uow, [record.instance.started_by])[record.instance.started_by]
        about = _subject_title(uow, record)
    return render_template(
        "audit/replay.html",
        record=record,
        at=at,
        shown=shown,
        picture=drawn,
        moment=moment,
        verdict=verdict,
        related=related,
        starter=starter,
        about=about,
        rows=_rows_around(record, at),
        states=STATES,
        kinds=STATE_KINDS,
        language=locale(),
    )


def _shown(record: Record, entry: Entry) -> Sheet:
    """Return the diagram asked for, in the version that ran at the moment, or the one of the event."""
    asked = request.args.get("process", "")
    version = record.at(entry.seq).version_of(asked)
    for sheet in record.sheets:
        if version is not None and (sheet.process, sheet.version) == (asked, version.version):
            return sheet
    return record.sheet_of(entry.event)


def _subject_title(uow: UnitOfWork, record: Record) -> str:
    """Return what the instance is about, empty when nothing has been said."""
    known = subjects.named(uow, [record.instance.subject] if record.instance.subject else [])
    return next((found.title for found in known.values()), "")


def _moment(uow: UnitOfWork, record: Record, entry: Entry) -> Moment:
    view = form_view(engine(), uow, record.events, entry.event)
    return Moment(entry, view, plain_values(record.events, entry.event))


def _at(record: Record) -> int:
    last = len(record.events)
    return min(max(1, request.args.get("at", last, type=int)), last)


def _rows_around(record: Record, at: int) -> list[Entry]:
    """Return the events listed without JavaScript: those around the moment."""
    first = max(0, min(at - ROWS_WITHOUT_SCRIPT // 2, len(record.entries) - ROWS_WITHOUT_SCRIPT))
    return record.entries[first : first + ROWS_WITHOUT_SCRIPT]


@blueprint.get("/audit/instances/<int:instance_id>/events/<int:seq>")
@permission("signed_in")
def moment(instance_id: int, seq: int) -> str:
    """Show what one event was: who, on whose behalf, under which rule, with which values."""
    with engine().database.read() as uow:
        record = load_record(engine(), uow, current_actor(), instance_id)
        if not 1 <= seq <= len(record.events):
            raise NotFound(T("没有第{seq}条事件", seq=seq))
        shown = _moment(uow, record, record.entries[seq - 1])
    return render_template("audit/moment.html", record=record, moment=shown)


@blueprint.get("/audit/instances/<int:instance_id>/events.json")
@permission("signed_in")
def events(instance_id: int) -> Response:
    """Return the history as the replay folds it: moves of tokens, with each event in words."""
    with engine().database.read() as uow:
        record = load_record(engine(), uow, current_actor(), instance_id)
        names = _translated_names(uow, record)
    base = f"/audit/instances/{instance_id}/diagrams/"
    return jsonify(
        diagrams=[
            {
                "key": sheet.key,
                "process": sheet.process,
                "name": translate(sheet.name),
                "xml": f"{base}{sheet.process}.bpmn?at={sheet.since[0]}",
                "since": sheet.since,
            }
            for sheet in record.sheets
        ],
        process=record.definition.process_id,
        stretches=[stretch.first for stretch in record.stretches],
        names=names,
        words={state: render_text(word) for state, word in WORDS.items()},
        events=[_plain(record, entry) for entry in record.entries],
    )


def _translated_names(uow: UnitOfWork, record: Record) -> dict[str, str]:
    """Return the names of elements, flows, pools and lanes that differ in the page's language."""
    if locale() == SOURCE:
        return {}
    names: dict[str, str] = {}
    for stretch in record.stretches:
        names |= {each.id: each.name for each in stretch.program.elements.values()}
        names |= {each.id: each.name for each in stretch.program.flows.values()}
    for sheet in record.sheets:
        xml = diagram_xml(record, sheet.process, sheet.since[0])
        names |= {lane.id: lane.name for lane in layout(xml, sheet.process).lanes} if xml else {}
    return {id: translate(name) for id, name in names.items() if name and translate(name) != name}


def _plain(record: Record, entry: Entry) -> dict[str, Json]:
    return {
        "seq": entry.seq,
        "time": time_text(entry.event.at),
        "kind": entry.event.kind,
        "what": render_text(entry.what),
        "who": who_text(entry),
        "sign": entry.sign,
        "element": entry.event.element,
        "process": record.process_of(entry.event),
        "sheet": record.sheet_of(entry.event).key,
        "moves": entry.moves,
        **_migration(entry.event),
    }


def _migration(event: Event) -> dict[str, Json]:
    """Return what the fold in the browser needs of a migration, and nothing for other events."""
    if event.kind != "instance.migrated" or event.body is None:
        return {}
    return {"mapping": event.body["mapping"], "places": event.body["after"]["tokens"]}


def time_text(moment: datetime) -> str:
    """Return day, hour, minute and second: events follow each other closely."""
    here = local(moment)
    return f"{short_day(here.date())} {here:%H:%M:%S}"


def who_text(entry: Entry) -> str:
    """Return who acted, and for whom."""
    who = translate(entry.who)
    if not entry.behalf:
        return who
    return render_text(T("{who}（代{behalf}）", who=who, behalf=entry.behalf))


@blueprint.get("/audit/instances/<int:instance_id>/diagrams/<process_id>.bpmn")
@permission("signed_in")
def diagram(instance_id: int, process_id: str) -> Response:
    """Send the diagram of a process in exactly the version the instance runs, or ran at event `?at=`."""
    with engine().database.read() as uow:
        record = load_record(engine(), uow, current_actor(), instance_id)
        xml = diagram_xml(record, process_id, request.args.get("at", len(record.events), type=int))
    if xml is None:
        raise NotFound(T("没有这个流程"), process=process_id)
    return Response(with_drawing(xml, process_id), content_type="application/bpmn+xml; charset=utf-8")


blueprint.add_app_template_filter(time_text, "event_time")
blueprint.add_app_template_filter(who_text, "event_who")
blueprint.add_app_template_filter(value_text, "value_text")
