"""The contract with SpiffWorkflow: what the token layer relies on and the library does not promise."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from pathlib import Path

import SpiffWorkflow.bpmn.specs.bpmn_task_spec as stock_bpmn
import SpiffWorkflow.task as stock_task
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

import engine.spiff
from engine.spiff import private
from engine.spiff.instance import LiveInstance
from engine.spiff.parser.build import BUILDERS
from engine.spiff.program import load_program
from engine.spiff.specs.node import Node
from engine.spiff.token import Token
from tests.spiff.diagrams import both, path, process, start, task
from tests.spiff.hosts import ScriptedHost

ROOM = Path(engine.spiff.__file__).parent


def called_in(function: object) -> set[str]:
    """The names a function calls or reads as attributes."""
    return set(inspect.unwrap(function).__code__.co_names)  # type: ignore[attr-defined,arg-type]


def test_the_version_is_the_one_the_layer_was_written_against():
    assert private.VERSION == private.installed == "3.2.0"


def test_methods_we_override_exist_with_the_parameters_we_take():
    for owner, name, parameters in (
        (Task, "_add_child", ["self", "task_spec", "state"]),
        (Task, "_child_added_notify", ["self", "child"]),
        (Task, "_set_state", ["self", "value"]),
        (Task, "run", ["self"]),
        (Task, "complete", ["self"]),
        (TaskSpec, "test", ["self"]),
        (TaskSpec, "_update_hook", ["self", "my_task"]),
        (TaskSpec, "_on_ready_hook", ["self", "my_task"]),
        (TaskSpec, "_on_complete_hook", ["self", "my_task"]),
        (TaskSpec, "_run_hook", ["self", "my_task"]),
        (Workflow, "update_waiting_tasks", ["self"]),
        (Workflow, "_task_completed_notify", ["self", "task"]),
    ):
        assert list(inspect.signature(getattr(owner, name)).parameters) == parameters, name


def test_the_library_calls_our_hooks_from_where_we_expect():
    assert {"_update_hook", "_ready"} <= called_in(TaskSpec._update)
    assert {"_set_state", "_on_ready"} <= called_in(Task._ready)
    assert {"test", "_on_ready_hook"} <= called_in(TaskSpec._on_ready)
    assert "_run_hook" in called_in(TaskSpec._run)
    assert {"_on_complete_hook", "children", "_task_completed_notify"} <= called_in(TaskSpec._on_complete)
    assert "_child_added_notify" in called_in(Task.__init__)
    assert "_add_notify" in called_in(TaskSpec.__init__)


def test_a_workflow_can_be_made_without_tasks():
    spec = WorkflowSpec("empty")
    assert spec.task_specs == {}
    assert Workflow(spec, deserializing=True).tasks == {}


def test_states_have_the_numbers_that_stand_in_rows():
    assert (TaskState.FUTURE, TaskState.WAITING, TaskState.READY, TaskState.STARTED) == (4, 8, 16, 32)
    assert (TaskState.COMPLETED, TaskState.ERROR, TaskState.CANCELLED) == (64, 128, 256)


def test_every_spec_and_every_task_is_one_of_ours():
    program = load_program(process(start(), both("f"), task("a"), task("b"), path("s f a", "f b")), "p", {})
    for spec in program.specs.values():
        for node in spec.task_specs.values():
            assert isinstance(node, Node)
            assert not isinstance(node, stock_bpmn.BpmnTaskSpec)
            assert type(node).__module__.startswith("engine.spiff.")
    live = LiveInstance.start(program, ScriptedHost(), {})
    assert {type(token) for token in live._state.tokens.values()} == {Token}


def test_every_builder_makes_one_of_our_nodes():
    for builder in BUILDERS.values():
        assert builder.__module__.startswith("engine.spiff.")


def test_tokens_use_the_librarys_own_tree():
    live = LiveInstance.start(load_program(process(task("a")), "p", {}), ScriptedHost(), {})
    root = live._state.root.task_tree
    assert [child.task_spec.name for child in root.children] == ["p[start]"]
    assert all(child.parent is root for child in root.children)
    assert isinstance(root, stock_task.Task)


def test_what_tokens_note_has_one_meaning_each():
    """Two modules that note different things under one name would read each other's."""
    rooms = [*ROOM.glob("*.py"), *(ROOM / "specs").glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in rooms]
    found = Counter(noted for text in texts for noted in noted_names(ast.parse(text)))
    assert [name for name, count in found.items() if count > 1] == []


def noted_names(module):
    """The texts of a module's constants."""
    for statement in module.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]).strip("()")[0].isupper():
            values = getattr(statement.value, "elts", [statement.value])
            yield from (each.value for each in values if isinstance(getattr(each, "value", None), str))
