"""How an instance begins."""

from __future__ import annotations

import pytest

from engine.errors import NotFound, Refused
from tests.spiff.diagrams import (
    node,
    path,
    process,
    refers,
    start,
    task,
    user,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES


def test_a_message_can_start_a_process_and_only_its_start_event_gets_a_token():
    xml = process(
        start(), start("ms", refers("message", "m")), task("a"), user("b"), path("s a", "ms b"), extra=NAMES
    )
    assert lived(xml, start_event="ms", order=3).at == "b"
    assert lived(xml).trace == "s a"
    with pytest.raises(NotFound):
        lived(xml, start_event="nowhere")


def test_a_process_of_event_starts_only_is_not_started_by_hand():
    xml = process(start("ms", refers("message", "m")), path(""), extra=NAMES)
    with pytest.raises(Refused):
        lived(xml)


def test_an_instantiating_receive_task_is_a_start_event():
    xml = process(
        node("receiveTask", "r", messageRef="m", instantiate="true"), user("b"), path("r b"), extra=NAMES
    )
    live = lived(xml, start_event="r")
    assert live.trace == "r b"
