"""Activities: work for people, services, scripts, sub-processes and called processes."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import ElementFailed
from engine.spiff import compensation, data, tree
from engine.spiff.parser.model import DataDef, NodeDef
from engine.spiff.port import PENDING, Json
from engine.spiff.private import STARTED, WAITING
from engine.spiff.scope import Scope
from engine.spiff.specs.node import Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.token import CAME, GIVEN, LISTENING, Token
from engine.spiff.variables import Watched, visible, write
from engine.text import T

DEEPEST = 100
"""How many scopes may lie in each other before a call is taken for an endless one."""


class Plain(Node):
    """A task of no kind: a mark on the way, passed at once."""

    maps = True


class Work(Node):
    """A user or manual task: waits until a person has done it."""

    maps = True

    def arrive(self, token: Token) -> bool:
        """Offer the work."""
        token._set_state(WAITING)
        token.workflow.state.journal.wait(token, "work")
        return False


class Script(Node):
    """A script task: `name = expression` lines that set variables."""

    maps = True

    def arrive(self, token: Token) -> bool:
        """Set the variables."""
        host = token.workflow.state.host
        text = self.definition.script
        values = host.assign(text, visible(token), element=self.element)
        self.give(token, values, host.reads(text, script=True))
        return True


class Rule(Node):
    """A business rule task: the result of a decision becomes a variable (BPMN 2.0.2 §10.3.3)."""

    maps = True

    def arrive(self, token: Token) -> bool:
        """Decide; what names no decision is passed, as a service task without a service is."""
        names = Watched(visible(token))
        host = token.workflow.state.host
        self.give(token, host.decide(self.element, names), names.read)
        return True


class Service(Node):
    """A service task: done by the host now, or by somebody else while the token waits."""

    maps = True

    def arrive(self, token: Token) -> bool:
        """Call the service."""
        scope = token.workflow
        names = Watched(visible(token))
        values = scope.state.host.service(self.element, names, token=token.id, scope=scope.id)
        if values is PENDING:
            token._set_state(WAITING)
            scope.state.journal.wait(token, "service")
            return False
        self.give(token, values, names.read)
        return True


class SubProcess(Node):
    """An embedded sub-process: a scope of its own that uses the variables outside."""

    maps = True

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, name: str, key: str) -> None:
        super().__init__(scope_spec, definition, name)
        self.key = key

    def arrive(self, token: Token) -> bool:
        """Open the scope and put a token at its start."""
        state = token.workflow.state
        if token.workflow.depth >= DEEPEST:
            raise ElementFailed("depth", T("子流程嵌套超过{n}层", n=DEEPEST), element=self.element.id)
        start = state.program.specs[self.key].plain_start()
        variables = self.inward(token)
        token._set_state(STARTED)
        scope = state.open_scope(self.key, token.id, variables)
        enter(scope, start, token.internal_data.get(GIVEN))
        self.begin(scope)
        return False

    def begin(self, scope: Scope) -> None:
        """Do what else there is to do in a scope that has just been opened."""

    def leave(self, token: Token) -> None:
        """Bring out what the scope leaves behind, forget the scope and go on."""
        scope = token.workflow.state.scopes.get(token.id)
        if scope is not None:
            self.outward(token, scope)
            compensation.keep(token, scope)
            tree.close(scope)
        super().leave(token)

    def inward(self, token: Token) -> dict[str, Json] | None:
        """Return the variables the scope starts with; None when it has none of its own."""
        return None

    def outward(self, token: Token, scope: Scope) -> None:
        """Write what the ended scope gives back."""


class Call(SubProcess):
    """A call activity: another process, with variables of its own.

    `wuxing:in` and `wuxing:out` say as `name = FEEL` lines what goes in and comes out, and the
    inputs and outputs of the activity are those of what it calls. Without any of these everything
    visible goes in, and what the called process has set comes out.
    """

    def inward(self, token: Token) -> dict[str, Json] | None:
        """Return the variables the called process starts with; raises `ElementFailed` when one is missing."""
        text, io = self.element.attributes.get("in", ""), self.io
        asked = token.workflow.state.program.specs[self.key].definition.io or DataDef()
        if not text.strip() and (io is None or not io.inputs):
            names = visible(token)
        else:
            names = {} if io is None else _renamed(io.inputs, asked.inputs, token.data)
            if text.strip():
                names.update(token.workflow.state.host.assign(text, visible(token), element=self.element))
        lacking = data.missing(asked.input_sets, names)
        if lacking:
            missing = T("被调用的流程缺少必需的输入数据：{names}", names="、".join(lacking))
            raise ElementFailed("input_missing", missing, element=self.element.id)
        return names

    def outward(self, token: Token, scope: Scope) -> None:
        """Write the results into the caller's variables, and set the outputs of the activity."""
        names, io = scope.variables or {}, self.io
        given = scope.spec.definition.io or DataDef()
        lacking = data.missing(given.output_sets, names)
        if lacking:
            missing = T("被调用的流程没有给出必需的输出数据：{names}", names="、".join(lacking))
            raise ElementFailed("output_missing", missing, element=self.element.id)
        text = self.element.attributes.get("out", "")
        if text.strip():
            write(token, scope.state.host.assign(text, dict(names), element=self.element))
        if io is not None and io.outputs:
            write(token, _renamed(given.outputs, io.outputs, names))
        elif not text.strip():
            write(token, {name: names[name] for name in sorted(scope.written)}, past=True)


def _renamed(mine: tuple[str, ...], theirs: tuple[str, ...], values: Mapping[str, Json]) -> dict[str, Json]:
    """Return values under the names of the other side: the same ones, or by their places (§10.3.6)."""
    if not mine:
        return {name: values[name] for name in theirs if name in values}
    if not theirs or set(mine) == set(theirs) or len(mine) != len(theirs):
        return {name: values[name] for name in mine if name in values}
    return {other: values[name] for name, other in zip(mine, theirs, strict=True) if name in values}


def enter(scope: Scope, start: Node | None, given: dict[str, Json] | None = None) -> None:
    """Tell that a scope is open and put a token at its start; one without nodes is over at once.

    `given` is what the event that starts it has brought.
    """
    state = scope.state
    state.journal.touch_scope(scope)
    state.journal.opened(scope)
    for name, value in (scope.variables or {}).items():
        state.journal.variable(scope.id, name, value)
    for listener in scope.spec.listeners:
        tree.spawn(scope.root, listener, internal={LISTENING: True})
    if start is None:
        state.agenda.emptied[scope.id] = scope
    else:
        waited_for = scope.spec.companions(start)
        tree.spawn(scope.root, start, locals=given, internal={CAME: True} if waited_for else None)
        for other in waited_for:
            tree.spawn(scope.root, other)
