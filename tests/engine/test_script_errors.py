"""Script tasks that throw BPMN errors."""

from __future__ import annotations

import pytest

from engine.clock import FrozenClock
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World

SCRIPT = """amount = 7
if amount > limit then throw error("too-much") else null
amount = 8"""


def throwing(script: str = SCRIPT) -> bytes:
    return build.process(
        build.start(),
        f'<scriptTask id="s"><script>{script.replace(">", "&gt;")}</script></scriptTask>',
        '<boundaryEvent id="b" attachedToRef="s"><errorEventDefinition errorRef="er"/></boundaryEvent>',
        build.user("fix"),
        build.user("next"),
        build.end(),
        build.flows("start", "s", "next", "end"),
        build.flow("b", "fix"),
        build.flow("fix", "end"),
        outside='<error id="er" name="er" errorCode="too-much"/>',
    )


@pytest.mark.bpmn("scriptTask", "errors")
def test_a_script_throws_a_bpmn_error_and_assigns_nothing(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(throwing())
    world.start(limit=5)
    assert [item.element for item in world.mine()] == ["fix"]


def test_a_script_that_does_not_throw_goes_on(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(throwing())
    world.start(limit=9)
    assert [item.element for item in world.mine()] == ["next"]
