"""Planned tasks and what waits for what: a checked, ordered network without cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from engine.errors import InvalidInput, Refused
from engine.text import T

DependencyKind = Literal["FS", "SS", "FF"]


class CircularPlan(Refused):
    """Tasks wait for each other in a circle; `ids["tasks"]` lists their ids in order."""

    code = "circular_plan"


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task to schedule: `duration` in units (0 = a mere milestone), not before offset `not_before`."""

    id: str
    duration: int
    name: str = ""
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class Dependency:
    """`successor` waits for `predecessor` (D10): FS end→start, SS start→start, FF end→end; lag in units."""

    predecessor: str
    successor: str
    kind: DependencyKind = "FS"
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Network:
    """Tasks by id with their dependencies both ways; `order` puts every predecessor first."""

    tasks: Mapping[str, PlannedTask]
    incoming: Mapping[str, tuple[Dependency, ...]]
    outgoing: Mapping[str, tuple[Dependency, ...]]
    order: tuple[str, ...]

    @classmethod
    def of(cls, tasks: Iterable[PlannedTask], dependencies: Iterable[Dependency]) -> Network:
        """Return the network; raises `InvalidInput` for bad tasks and `CircularPlan` for a circle."""
        by_id = _checked(list(tasks))
        links = list(dependencies)
        _check_ends(by_id, links)
        incoming = _grouped(by_id, links, lambda dependency: dependency.successor)
        outgoing = _grouped(by_id, links, lambda dependency: dependency.predecessor)
        return cls(by_id, incoming, outgoing, _ordered(by_id, incoming))


def _checked(tasks: list[PlannedTask]) -> dict[str, PlannedTask]:
    wrong: dict[str, T] = {}
    by_id: dict[str, PlannedTask] = {}
    for task in tasks:
        if task.id in by_id:
            wrong[task.id] = T("任务编号“{task}”重复", task=task.id)
        if task.duration < 0:
            wrong[task.id] = T("“{task}”的工期不能小于 0", task=task.name or task.id)
        by_id[task.id] = task
    if wrong:
        raise InvalidInput(T("计划里有 {n} 个任务填得不对", n=len(wrong)), wrong)
    return by_id


def _check_ends(tasks: Mapping[str, PlannedTask], dependencies: list[Dependency]) -> None:
    wrong = {
        dependency.successor: T("前置任务“{task}”不在计划里", task=end)
        for dependency in dependencies
        for end in (dependency.predecessor, dependency.successor)
        if end not in tasks
    }
    if wrong:
        raise InvalidInput(T("计划里有 {n} 个前置任务找不到", n=len(wrong)), wrong)


def _grouped(
    tasks: Iterable[str], dependencies: Iterable[Dependency], end: Callable[[Dependency], str]
) -> dict[str, tuple[Dependency, ...]]:
    groups: dict[str, list[Dependency]] = {id: [] for id in tasks}
    for dependency in dependencies:
        groups[end(dependency)].append(dependency)
    return {id: tuple(group) for id, group in groups.items()}


def _ordered(
    tasks: Mapping[str, PlannedTask], incoming: Mapping[str, tuple[Dependency, ...]]
) -> tuple[str, ...]:
    sorter = TopologicalSorter({id: [d.predecessor for d in incoming[id]] for id in tasks})
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        circle: list[str] = error.args[1]
        path = " → ".join(tasks[id].name or id for id in circle)
        raise CircularPlan(T("任务互相等待，成了一个圈：{path}", path=path), tasks=circle[:-1]) from error
