"""The page about BPMN names what the token layer runs and what proves it, and nothing else."""

from __future__ import annotations

from engine.spiff.parser.build import BUILDERS
from tests.docs import coverage

OURS = {"gather", "multiply"}


def test_every_element_that_runs_has_a_reading() -> None:
    assert coverage.tags() - {"behavior"} == set(BUILDERS) - OURS


def test_every_construct_has_tests_and_every_mark_a_construct() -> None:
    assert set(coverage.proofs()) == set(coverage.readings())


def test_a_mark_at_a_module_counts_for_each_of_its_tests() -> None:
    assert sum(coverage.proofs()["adHocSubProcess"].values()) >= 14
