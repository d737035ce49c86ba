"""Random trees of blocks: timers, messages, errors, escalations, compensation, cancellation, calls.

After every event all that waits must be what the model says, in an instance kept in memory and in one
rebuilt from its rows after every single task.
"""

from __future__ import annotations

import os

import pytest

from tests.blocks.compare import agree

SOAK = int(os.environ.get("WUXING_SOAK_TREES", "100000"))
"""How many trees `make soak` compares."""

BATCHES = 100


@pytest.mark.bpmn(
    "boundaryEvent",
    "event sub-process",
    "transaction",
    "callActivity",
    "errors",
    "escalations",
    "compensation",
    "eventBasedGateway",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "multiple events",
    "subProcess",
    "userTask",
)
@pytest.mark.parametrize("batch", range(8))
def test_engine_and_model_agree(batch: int) -> None:
    assert sum(agree(seed) for seed in range(batch * 60, batch * 60 + 60)) > 200


@pytest.mark.soak
@pytest.mark.parametrize("batch", range(BATCHES))
def test_engine_and_model_agree_on_many_trees(batch: int) -> None:
    count = SOAK // BATCHES
    for seed in range(1_000_000 + batch * count, 1_000_000 + (batch + 1) * count):
        agree(seed)
