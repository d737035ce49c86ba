"""A tree of blocks as BPMN that both kinds of host understand."""

from __future__ import annotations

from typing import Any

from tests.blocks.tree import Block, Listener, kinds
from tests.spiff.diagrams import (
    both,
    compensate,
    document,
    events,
    flow,
    node,
    script,
    start,
    task,
    undone,
    user,
    xor,
)
from tests.spiff.diagrams import instances as several

NAMED = ("message", "signal")


class Text:
    """Writes one process, which perhaps starts on a message; `called` are the processes it calls.

    Each is a document of its own. Messages that other processes know reach those alone whose
    variable `by` is the same, if one is given.
    """

    def __init__(self, tree: Block, process: str, on: str = "", by: str = "") -> None:
        self.process, self.on, self.by = process, on, by
        self.called: dict[str, bytes] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.variables: dict[str, Any] = {}
        begins = self._definition("message", "", on) if on else ""
        body = self._body(tree, begins)
        declared = "".join(
            f'<{kind} id="{id}" name="{id}"{more}/>' for (kind, id), more in self.names.items()
        )
        codes = "".join(
            f'<error id="error{code}" errorCode="{code}"/>'
            f'<escalation id="escalation{code}" escalationCode="{code}"/>'
            for code in ("E1", "E2")
        )
        self.xml = document(
            declared, codes, f'<process id="{process}" isExecutable="true">', body, "</process>"
        )

    def _body(self, scope: Block, begins: str = "") -> str:
        xml, entry, leaves = self._write(scope.parts[0])
        handlers = "".join(self._handler(each) for each in scope.handlers)
        first, lead = start(f"{scope.id}start", begins), f"{scope.id}start"
        if begins and self.variables:
            # Whoever is started by a message gets no variables from outside.
            lines = "\n".join(f"{name} = {value}" for name, value in self.variables.items())
            first, lead = first + script("given", lines) + flow(lead, "given"), "given"
        kept = [each.id for each in scope.parts[0].here() if each.of == "keeps"]
        first += flow(lead, entry) + "".join(f'<dataObject id="data{id}" name="k{id}"/>' for id in kept)
        last = f'<endEvent id="{scope.id}end"/>' + flow(leaves, f"{scope.id}end") if leaves else ""
        return first + xml + last + handlers

    def _write(self, block: Block) -> tuple[str, str, str]:
        """Return the text of a block, its first node and the node it is left from, if it is ever left."""
        written: tuple[str, str, str] = getattr(self, f"_{block.kind}")(block)
        return written

    # ------------------------------------------------------------ control

    def _seq(self, block: Block) -> tuple[str, str, str]:
        xml, entry, leaves = self._write(block.parts[0])
        for part in block.parts[1:]:
            if not leaves:
                break
            more, begins, ends = self._write(part)
            xml, leaves = xml + more + flow(leaves, begins), ends
        return xml, entry, leaves

    def _par(self, block: Block) -> tuple[str, str, str]:
        parts = [self._write(part) for part in block.parts]
        xml = both(block.id) + "".join(xml + flow(block.id, entry) for xml, entry, _ in parts)
        return self._merge(xml, block.id, [leaves for *_, leaves in parts], both)

    def _xor(self, block: Block) -> tuple[str, str, str]:
        self.variables[f"v{block.id}"] = block.pick
        (one, first, left), (two, second, right) = (self._write(part) for part in block.parts)
        xml = xor(block.id, f"{block.id}d") + one + two + flow(block.id, first, "", f"{block.id}d")
        xml += flow(block.id, second, f"=v{block.id} > 0")
        return self._merge(xml, block.id, [left, right], xor)

    def _choice(self, block: Block) -> tuple[str, str, str]:
        parts = [self._write(part) for part in block.parts]
        xml = events(block.id) + "".join(xml + flow(block.id, entry) for xml, entry, _ in parts)
        return self._merge(xml, block.id, [leaves for *_, leaves in parts], xor)

    def _merge(self, xml: str, id: str, leaves: list[str], by: object) -> tuple[str, str, str]:
        left = [each for each in leaves if each]
        if not left:
            return xml, id, ""
        assert callable(by)
        return xml + by(f"{id}m") + "".join(flow(each, f"{id}m") for each in left), id, f"{id}m"

    def _loop(self, block: Block) -> tuple[str, str, str]:
        id, count = block.id, f"r{block.id}"
        xml, entry, leaves = self._write(block.parts[0])
        xml += (
            script(f"{id}i", f"{count} = 0")
            + xor(f"{id}m")
            + flow(f"{id}i", f"{id}m")
            + flow(f"{id}m", entry)
        )
        if not leaves:
            return xml, f"{id}i", ""
        xml += script(f"{id}n", f"{count} = {count} + 1") + xor(f"{id}x", f"{id}d") + task(f"{id}o")
        xml += flow(leaves, f"{id}n") + flow(f"{id}n", f"{id}x") + flow(f"{id}x", f"{id}o", "", f"{id}d")
        return xml + flow(f"{id}x", f"{id}m", f"={count} < {block.times}"), f"{id}i", f"{id}o"

    # ------------------------------------------------------------ events

    def _definition(self, of: str, id: str, code: str = "") -> str:
        if len(kinds(of)) > 1:
            return "".join(self._definition(each, id) for each in kinds(of))
        if of == "timer":
            return "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
        if of in NAMED:
            name = code or f"{of}{id}"
            by = f' wuxing:correlation="{self.by}"' if self.by and of == "message" and code else ""
            self.names.setdefault((of, name), by)
            return f'<{of}EventDefinition {of}Ref="{name}"/>'
        reference = f' {of}Ref="{of}{code}"' if code else ""
        return f"<{of}EventDefinition{reference}/>"

    def _catch(self, block: Block) -> tuple[str, str, str]:
        definition = self._definition(block.of, block.id, block.code)
        return node("intermediateCatchEvent", block.id, definition, **_all(block.of)), block.id, block.id

    def _throw(self, block: Block) -> tuple[str, str, str]:
        definition = self._definition(block.of, block.id, block.code)
        return node("intermediateThrowEvent", block.id, definition), block.id, block.id

    def _undo(self, block: Block) -> tuple[str, str, str]:
        tag = "endEvent" if block.code == "end" else "intermediateThrowEvent"
        return node(tag, block.id, compensate(block.of)), block.id, block.id if block.leaves else ""

    def _end(self, block: Block) -> tuple[str, str, str]:
        inner = self._definition(block.of, block.id, block.code) if block.of != "none" else ""
        if block.of in ("terminate", "cancel"):
            inner = f"<{block.of}EventDefinition/>"
        return node("endEvent", block.id, inner), block.id, ""

    # ------------------------------------------------------------ activities

    def _auto(self, block: Block) -> tuple[str, str, str]:
        if block.of:
            return script(block.id, f"k{block.id} = 1"), block.id, block.id
        return task(block.id), block.id, block.id

    def _work(self, block: Block) -> tuple[str, str, str]:
        inner = several(count=str(block.times)) if block.times else ""
        return self._attached(block, user(block.id, inner))

    def _scope(self, block: Block) -> tuple[str, str, str]:
        if block.of == "call":
            text = Text(block, f"{block.id}p", by=self.by)
            self.called |= {f"{block.id}p": text.xml, **text.called}
            self.variables |= text.variables
            return self._attached(block, node("callActivity", block.id, calledElement=f"{block.id}p"))
        tag = "transaction" if block.of == "transaction" else "subProcess"
        each = several(count=str(block.times), sequential=not block.together) if block.times else ""
        return self._attached(block, node(tag, block.id, each + self._body(block)))

    def _attached(self, block: Block, xml: str) -> tuple[str, str, str]:
        leaves = block.id
        if any(each.merges for each in block.boundaries):
            leaves = f"{block.id}m"
            xml += xor(leaves) + flow(block.id, leaves)
        for each in block.boundaries:
            definition = self._definition(each.of, each.id, each.code)
            path, entry, left = self._write(each.path)
            event = {"attachedToRef": block.id, "cancelActivity": str(each.interrupting).lower()}
            xml += node("boundaryEvent", each.id, definition, **event, **_all(each.of))
            xml += path + flow(each.id, entry) + (flow(left, leaves) if each.merges else "")
        if block.undone_by is not None:
            by = user(block.undone_by.id, isForCompensation="true")
            xml += undone(block.id, block.undone_by.id, by=by)
        return xml, block.id, leaves

    def _handler(self, listener: Listener) -> str:
        definition = self._definition(listener.of, listener.id, listener.code)
        xml, entry, _ = self._write(listener.path.parts[0])
        interrupting = str(listener.interrupting).lower()
        begin = start(listener.id, definition, isInterrupting=interrupting, **_all(listener.of))
        parts = begin + flow(listener.id, entry) + xml
        return node("subProcess", listener.path.id, parts, triggeredByEvent="true")


def _all(of: str) -> dict[str, str]:
    return {"parallelMultiple": "true"} if "&" in of else {}
