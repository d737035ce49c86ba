"""Long and wide instances: what one step touches must not depend on how much there is."""

from __future__ import annotations

from engine.spiff.instance import LiveInstance
from engine.spiff.program import load_program
from engine.spiff.scope import Scope
from tests.spiff.diagrams import both, end, flow, instances, path, process, start, sub, task, user, xor
from tests.spiff.hosts import ScriptedHost
from tests.spiff.lived import Stored


def begin(xml: bytes, **variables: object) -> tuple[LiveInstance, Stored]:
    live = LiveInstance.start(load_program(xml, "p", {}), ScriptedHost(), variables)
    stored = Stored()
    settle(live, stored)
    return live, stored


def settle(live: LiveInstance, stored: Stored) -> None:
    while live.run():
        pass
    stored.apply(live.changes())


def touched_by_one_completion(count: int, monkeypatch) -> tuple[int, int, int]:
    """Changes of state, rows written and expressions evaluated when one instance of many ends."""
    each = instances(over="items", item="item", out="results", value="value", until="value == 'stop'")
    live, stored = begin(process(start(), user("a", each), end(), path("s a e")), items=list(range(count)))
    changes: list[object] = []
    moved = Scope.moved
    monkeypatch.setattr(Scope, "moved", lambda self, *args: (changes.append(args), moved(self, *args)))
    token = stored.waits[min(stored.waits)].token
    rows, evaluations = stored.rows_written, live.host.evaluations
    live.complete(token, {"value": 1})
    settle(live, stored)
    monkeypatch.undo()
    return len(changes), stored.rows_written - rows, live.host.evaluations - evaluations


def test_one_of_5000_instances_costs_what_one_of_ten_costs(monkeypatch):
    few = touched_by_one_completion(10, monkeypatch)
    many = touched_by_one_completion(5000, monkeypatch)
    assert few == many
    assert few[1] == 2


def test_5000_instances_end_with_one_row():
    each = instances(over="items", item="item", out="results", value="value")
    live, stored = begin(process(start(), user("a", each), user("b"), path("s a b")), items=list(range(5000)))
    assert len(stored.tokens) == 5001
    for wait in list(stored.waits.values()):
        live.complete(wait.token, {"value": wait.locals["item"]})
    settle(live, stored)
    assert len(stored.tokens) == 1
    assert stored.variables[0, "results"] == list(range(5000))


def test_a_drawn_loop_of_1500_user_tasks_keeps_one_row():
    xml = process(
        start(), xor("m"), user("a"), xor("x", "x-e"), end(), path("s m a x e"), flow("x", "m", "n < 1500")
    )
    live, stored = begin(xml, n=0)
    for n in range(1500):
        assert len(stored.tokens) == 1
        assert len(live._state.tokens) == 2
        live.complete(next(iter(stored.tokens)), {"n": n + 1})
        settle(live, stored)
    assert stored.outcome == "completed"


def test_2000_tasks_in_a_row():
    names = [f"t{n}" for n in range(2000)]
    _, stored = begin(process(start(), *map(task, names), end(), path(" ".join(["s", *names, "e"]))))
    assert stored.outcome == "completed"
    assert sum(move.kind == "enter" for move in stored.moves) == 2002


def test_1000_branches_join_once():
    names = [f"t{n}" for n in range(1000)]
    _, stored = begin(
        process(
            start(),
            both("f"),
            *map(task, names),
            both("j"),
            end(),
            *(path(f"f {n} j") for n in names),
            path("s f", "j e"),
        )
    )
    assert stored.outcome == "completed"
    assert sum(move.kind == "enter" and move.element == "e" for move in stored.moves) == 1


def test_ninety_scopes_in_each_other():
    inner = task("t")
    for depth in range(90):
        inner = sub(f"x{depth}", inner)
    _, stored = begin(process(inner))
    assert stored.outcome == "completed"
    assert sum(move.kind == "scope_end" for move in stored.moves) == 91


def test_the_budget_stops_a_run_and_the_next_one_goes_on():
    names = [f"t{n}" for n in range(30)]
    program = load_program(process(start(), *map(task, names), path(" ".join(["s", *names]))), "p", {})
    live = LiveInstance.start(program, ScriptedHost(), {})
    runs = 0
    while live.run(10):
        runs += 1
        assert not live.over
    assert live.over
    assert runs == 3
