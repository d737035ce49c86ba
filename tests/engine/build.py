"""Builders for tests of the engine: small diagrams as text, people, and an engine over them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import directory, due, inbox, publishing, running, work
from engine.directory import SYSTEM, Actor
from engine.handlers import Handlers
from engine.runtime import Engine
from engine.store.database import Database
from engine.work import WorkItem

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:wuxing="http://wuxing.dev/schema/1.0" targetNamespace="http://wuxing.dev/tests" id="d">'
)
_numbers = itertools.count(1)


def process(*parts: str, process_id: str = "p", outside: str = "") -> bytes:
    """Return a diagram with one executable process of the given parts."""
    body = "".join(parts)
    text = (
        f'{_HEAD}{outside}<process id="{process_id}" name="{process_id}" isExecutable="true">'
        f"{body}</process></definitions>"
    )
    return text.encode()


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    """Return a sequence flow, with a condition when one is given."""
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = flow_id or f"{source}_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def flows(*ids: str) -> str:
    """Return the flows that connect nodes in a row."""
    return "".join(flow(a, b) for a, b in itertools.pairwise(ids))


def start(node: str = "start") -> str:
    """Return a none start event."""
    return f'<startEvent id="{node}"/>'


def end(node: str = "end") -> str:
    """Return a none end event."""
    return f'<endEvent id="{node}"/>'


def user(node: str, *inner: str, **attributes: str) -> str:
    """Return a user task; attributes are ours, `assignee` is 1 unless given."""
    given = {"assignee": "1", **attributes}
    if "candidates" in attributes and "assignee" not in attributes:
        given.pop("assignee")
    text = " ".join(f'wuxing:{name}="{value}"' for name, value in given.items())
    return f'<userTask id="{node}" name="{node}" {text}>{"".join(inner)}</userTask>'


def service(node: str, name: str) -> str:
    """Return a local service task."""
    return f'<serviceTask id="{node}" name="{node}" wuxing:service="{name}"/>'


def exclusive(node: str, default: str = "") -> str:
    """Return an exclusive gateway."""
    return f'<exclusiveGateway id="{node}"' + (f' default="{default}"/>' if default else "/>")


def parallel(node: str) -> str:
    """Return a parallel gateway."""
    return f'<parallelGateway id="{node}"/>'


def each(collection: str, item: str, *, sequential: bool = False, until: str = "") -> str:
    """Return multi-instance characteristics over a list."""
    done = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopDataInputRef>{collection}</loopDataInputRef>"
        f'<inputDataItem id="{item}_item" name="{item}"/>{done}</multiInstanceLoopCharacteristics>'
    )


def boundary_timer(
    node: str, host: str, text: str, *, kind: str = "timeDuration", cancel: bool = True
) -> str:
    """Return a timer on the border of an activity."""
    return (
        f'<boundaryEvent id="{node}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">'
        f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition></boundaryEvent>"
    )


def catch_message(node: str, message: str, correlation: str = "") -> str:
    """Return an intermediate event that waits for a message."""
    attribute = f' wuxing:correlation="{correlation}"' if correlation else ""
    return (
        f'<intermediateCatchEvent id="{node}"{attribute}>'
        f'<messageEventDefinition messageRef="{message}"/></intermediateCatchEvent>'
    )


def message(name: str) -> str:
    """Return the declaration of a message, to stand outside the process."""
    return f'<message id="{name}" name="{name}"/>'


LINEAR = process(start(), user("first"), user("second"), end(), flows("start", "first", "second", "end"))


@dataclass
class World:
    """An engine with people in it: Anna (1) and Bo (2) of sales, the auditor Cai (3), admin Dan (4)."""

    engine: Engine
    people: dict[str, Actor] = field(default_factory=dict)

    @classmethod
    def over(cls, database: Database, handlers: Handlers | None = None) -> World:
        world = cls(Engine(database, handlers or Handlers()))
        with database.write() as uow:
            directory.add_department(uow, "销售部", "Sales")
            directory.add_department(uow, "市场部", "Marketing")
            for name, dept, roles in (
                ("Anna", "销售部", ()),
                ("Bo", "销售部", ()),
                ("Cai", "市场部", ("auditor",)),
                ("Dan", None, ("administrator",)),
            ):
                directory.add_person(uow, name, dept, roles=roles)
            directory.set_head(uow, "销售部", 1)
            world.people = {n: directory.actor_named(uow, n) for n in ("Anna", "Bo", "Cai", "Dan")}
        return world

    def publish(self, *diagrams: bytes) -> None:
        with self.engine.database.write() as uow:
            for xml in diagrams:
                publishing.publish(self.engine, uow, SYSTEM, xml, confirmed=publishing.EVERY_WARNING)

    def start(self, process_id: str = "p", who: str = "Anna", **variables: Any) -> int:
        started = running.start(
            self.engine, self.people[who], process_id, variables, command_id=f"s{next(_numbers)}"
        )
        due.drain(self.engine)
        return started.instance

    def complete(
        self, item: int, values: Mapping[str, Any] | None = None, who: str = "Anna", command: str = ""
    ) -> running.Moved:
        moved = running.complete(
            self.engine,
            self.people[who],
            item,
            values or {},
            command_id=command or f"c{next(_numbers)}",
        )
        due.drain(self.engine)
        return moved

    def open(self, instance: int | None = None) -> list[WorkItem]:
        with self.engine.database.read() as uow:
            return work.open_items(uow, instance=instance)

    def mine(self, who: str = "Anna") -> list[WorkItem]:
        with self.engine.database.read() as uow:
            return list(inbox.mine(uow, self.people[who]).items)

    def item(self, element: str, instance: int | None = None) -> WorkItem:
        (found,) = [item for item in self.open(instance) if item.element == element]
        return found
