"""What comes next, read off the diagram."""

from __future__ import annotations

from engine.outlook import next_steps
from engine.spiff.program import load_program
from tests.engine import build


def test_the_next_steps_of_people_are_found_behind_gateways_services_and_sub_processes() -> None:
    inner = (
        f'<subProcess id="part" name="part">{build.start("inner_start")}{build.user("inside")}'
        f"{build.end('inner_end')}{build.flows('inner_start', 'inside', 'inner_end')}</subProcess>"
    )
    xml = build.process(
        build.start(),
        build.user("first"),
        build.exclusive("gate", default="gate_first"),
        build.service("print", "print"),
        inner,
        build.user("last"),
        build.end(),
        build.flows("start", "first", "gate"),
        build.flow("gate", "print", "x"),
        build.flow("gate", "first"),
        build.flows("print", "part", "last", "end"),
    )
    program = load_program(xml, "p")
    assert [e.id for e in next_steps(program, "p", "start")] == ["first"]
    assert [e.id for e in next_steps(program, "p", "first")] == ["part"]
    assert [e.id for e in next_steps(program, "p", "inside")] == ["last"]
    assert next_steps(program, "p", "last") == []
