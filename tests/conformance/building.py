"""Diagrams of conformance cases: every step that matters writes its name into `trace`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.engine.build import flow

__all__ = [
    "Case", "body", "boundary", "catch", "do", "event", "fail", "first_of", "gateway", "guarded", "node",
    "plain", "seq", "sub", "throw",
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A diagram, what happens around it, and what the standard says of it.

    `trace` lists the steps that must have run, in order; where parallel branches may run in any
    order `any_order` is set. `state` is the outcome of the whole run,
    and `called` holds the processes that are called, each in a file of its own.
    """

    name: str
    source: str
    parts: str
    trace: tuple[str, ...]
    state: str = "completed"
    scenario: dict[str, Any] = field(default_factory=dict)
    roots: str = ""
    any_order: bool = False
    called: dict[str, str] = field(default_factory=dict)


def do(id: str, inner: str = "", extra: str = "", **attributes: str) -> str:
    """Return a script task that writes its id into the trace; `extra` is one more line of script."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<scriptTask id="{id}" name="{id}"{written}>{inner}'
        f'<script>trace = append(trace, "{id}")\n{extra}</script></scriptTask>'
    )


def fail(id: str, code: str) -> str:
    """Return a script task that throws a BPMN error."""
    return f'<scriptTask id="{id}" name="{id}"><script>throw error("{code}")</script></scriptTask>'


def node(tag: str, id: str, inner: str = "", **attributes: str) -> str:
    """Return any element; `from_` and the like lose their underscore."""
    written = "".join(f' {name.rstrip("_")}="{value}"' for name, value in attributes.items())
    return f'<{tag} id="{id}" name="{id}"{written}>{inner}</{tag}>'


def gateway(kind: str, id: str, **attributes: str) -> str:
    """Return a gateway: exclusive, parallel, inclusive, complex or eventBased."""
    return node(f"{kind}Gateway", id, **attributes)


def event(kind: str, reference: str = "", inner: str = "", **attributes: str) -> str:
    """Return an event definition that refers to a signal, message, error or escalation."""
    name = {"signal": "signalRef", "message": "messageRef", "error": "errorRef"}.get(kind, f"{kind}Ref")
    written = f' {name}="{reference}"' if reference else ""
    written += "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{kind}EventDefinition{written}>{inner}</{kind}EventDefinition>"


def throw(id: str, definition: str) -> str:
    """Return an intermediate throwing event."""
    return node("intermediateThrowEvent", id, definition)


def catch(id: str, definition: str, **attributes: str) -> str:
    """Return an intermediate catching event."""
    return node("intermediateCatchEvent", id, definition, **attributes)


def boundary(id: str, host: str, definition: str, cancel: bool = True) -> str:
    """Return a boundary event."""
    return node(
        "boundaryEvent", id, definition, attachedToRef=host, cancelActivity="true" if cancel else "false"
    )


def sub(id: str, *inner: str, tag: str = "subProcess", **attributes: str) -> str:
    """Return a sub-process of any kind."""
    return node(tag, id, "".join(inner), **attributes)


def seq(*ids: str) -> str:
    """Return flows through nodes in a row; `(condition)` before a node is that of the flow into it."""
    found, at, condition = [], ids[0], ""
    for id in ids[1:]:
        if id.startswith("("):
            condition = id[1:-1]
        else:
            found.append(flow(at, id, condition))
            at, condition = id, ""
    return "".join(found)


def body(*parts: str) -> str:
    """Return the parts of a process with a start event `s` and an end event `e`."""
    return '<startEvent id="s" name="s"/><endEvent id="e" name="e"/>' + "".join(parts)


def guarded(activity: str, definition: str, *, cancel: bool = True) -> str:
    """Return a body of one activity with a boundary event: `n` follows the activity, `z` the event."""
    id = activity.split('id="')[1].split('"')[0]
    ways = seq("s", id, "n", "e") + seq("b", "z", "e")
    return body(activity, boundary("b", id, definition, cancel), do("n"), do("z"), ways)


def plain(id: str, *steps: str, inner: str = "") -> str:
    """Return a sub-process of steps in a row, with `inner` beside them."""
    names = [step.split('id="')[1].split('"')[0] for step in steps]
    ends = f'<startEvent id="in_{id}"/><endEvent id="out_{id}"/>'
    return sub(id, ends, *steps, seq(f"in_{id}", *names, f"out_{id}"), inner)


def first_of(one: str, other: str) -> str:
    """Return a body of two events behind an event-based gateway: `a` follows the one, `b` the other."""
    first, second = (each.split('id="')[1].split('"')[0] for each in (one, other))
    ways = seq("s", "g", first, "a", "e") + seq("g", second, "b", "e")
    return body(gateway("eventBased", "g"), one, other, do("a"), do("b"), ways)
