"""Event sub-processes and compensation over the tables of a real instance."""

from __future__ import annotations

from engine import history, replay
from engine.clock import FrozenClock
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World


def diagram() -> bytes:
    """Book, then confirm; a broken confirmation undoes the booking."""
    return build.process(
        build.start(),
        build.user("book"),
        '<boundaryEvent id="u" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>',
        build.user("unbook").replace(" id=", ' isForCompensation="true" id=', 1),
        '<association id="as" sourceRef="u" targetRef="unbook"/>',
        build.user("confirm"),
        build.end(),
        build.flows("start", "book", "confirm", "end"),
        '<subProcess id="ev" triggeredByEvent="true"><startEvent id="evs"><conditionalEventDefinition>'
        "<condition>broken</condition></conditionalEventDefinition></startEvent>"
        '<endEvent id="eve"><compensateEventDefinition/></endEvent>'
        '<sequenceFlow id="f" sourceRef="evs" targetRef="eve"/></subProcess>',
    )


def test_a_handler_undoes_what_people_have_done_and_the_history_tells_it(
    database: Database, at: FrozenClock
) -> None:
    world = World.over(database)
    world.publish(diagram())
    instance = world.start(broken=False)
    world.complete(world.item("book").id, {"seat": 4})
    assert [item.element for item in world.mine()] == ["confirm"]
    world.complete(world.item("confirm").id, {"broken": True})
    assert [item.element for item in world.mine()] == ["unbook"]
    done = world.complete(world.item("unbook").id, {})
    assert done.state == "completed"
    with database.read() as uow:
        assert replay.fold(history.events(uow, instance)).tokens == {}
