"""Pictures: what the author drew, or an arrangement of ours when nothing is drawn."""

from __future__ import annotations

import re

import pytest

from engine.bpmn.arranging import arrange
from engine.bpmn.layout import layout
from engine.bpmn.outline import outline
from engine.bpmn.picture import Layout, Shape
from engine.bpmn.reading import read
from engine.errors import NotFound
from tests.bpmn.build import chain, diagram, end, flow, gateway, node, plain_sub, simple, start, timer, user
from tests.bpmn.test_foreign_files import FOLDER


def drawn(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def shape(picture: Layout, id: str) -> Shape:
    found = picture.shape(id)
    assert found is not None, id
    return found


def inside(inner: Shape, outer: Shape) -> bool:
    within_x = outer.x <= inner.x and inner.x + inner.w <= outer.x + outer.w
    return within_x and outer.y <= inner.y and inner.y + inner.h <= outer.y + outer.h


def test_drawing_is_kept_and_moved_to_the_corner() -> None:
    picture = layout(drawn("bpmn_io_claim.bpmn"), "Process_1vd0w5h")
    first, second = shape(picture, "StartEvent_1y45yut"), shape(picture, "Activity_1hcentk")
    assert second.x - first.x == 88
    assert (second.w, second.h) == (100, 80)
    assert not picture.automatic
    corners = [(part.x, part.y) for part in picture.shapes] + [
        point for edge in picture.edges for point in edge.points
    ]
    assert min(x for x, _ in corners) >= 0 <= min(y for _, y in corners)
    assert all(x <= picture.width and y <= picture.height for x, y in corners)


def test_edges_carry_names_points_and_kinds() -> None:
    picture = layout(drawn("bpmn_io_claim.bpmn"), "Process_1vd0w5h")
    edges = {edge.id: edge for edge in picture.edges}
    no = edges["Flow_1ksn0gu"]
    assert (no.source, no.target, no.name, no.default, len(no.points)) == (
        "Gateway_0jhh3x1",
        "Event_1rp9xqt",
        "no",
        True,
        3,
    )
    assert edges["Flow_1xtzq8p"].conditional
    assert edges["Association_13vjcxi"].kind == "association"
    assert shape(picture, "TextAnnotation_1u7sqb4").text == "within two\nworking days"


def test_collapsed_sub_process_hides_its_content_and_has_a_picture_of_its_own() -> None:
    xml = drawn("bpmn_io_collapsed.bpmn")
    picture = layout(xml, "Process_0kxx4zo")
    assert not shape(picture, "Activity_0sub").expanded
    assert picture.shape("Activity_desk") is None
    boundary = shape(picture, "Event_late")
    assert (boundary.event, boundary.interrupting, boundary.attached_to) == ("timer", False, "Activity_0sub")
    below = layout(xml, "Process_0kxx4zo", "Activity_0sub")
    assert {each.id for each in below.shapes} == {"Event_in", "Activity_desk", "Event_out"}


def test_flow_without_a_drawing_is_routed_between_its_shapes() -> None:
    picture = layout(drawn("bpmn_io_collapsed.bpmn"), "Process_0kxx4zo")
    edge = next(each for each in picture.edges if each.id == "Flow_c2")
    source, target = shape(picture, "Activity_remind"), shape(picture, "Event_reminded")
    assert edge.points[0] == (source.x + source.w, source.y + source.h / 2)
    assert edge.points[-1] == (target.x, target.y + target.h / 2)


def test_element_without_a_drawing_stands_below_the_others() -> None:
    xml = drawn("bpmn_io_claim.bpmn")
    without = re.sub(rb'<bpmndi:BPMNShape id="Event_1rp9xqt_di".*?</bpmndi:BPMNShape>', b"", xml)
    picture = layout(without, "Process_1vd0w5h")
    others = [
        each for each in picture.shapes if each.id != "Event_1rp9xqt" and each.kind != "dataObjectReference"
    ]
    assert shape(picture, "Event_1rp9xqt").y > max(each.y for each in others)


@pytest.mark.parametrize("slip", ["NaN", "1e400", "-1e300", "x", ""])
def test_coordinates_that_are_none_do_no_harm(slip: str) -> None:
    xml = drawn("bpmn_io_claim.bpmn").replace(b'x="240"', f'x="{slip}"'.encode())
    picture = layout(xml, "Process_1vd0w5h")
    assert 0 < picture.width < 10_000
    assert shape(picture, "Activity_1hcentk").w > 0


def test_process_without_a_drawing_is_arranged_from_left_to_right() -> None:
    picture = layout(simple(user(), "t"), "p")
    assert picture.automatic
    assert shape(picture, "s").x < shape(picture, "t").x < shape(picture, "e").x
    assert all(len(edge.points) >= 2 for edge in picture.edges)


def test_arranged_branches_do_not_overlap_and_loops_go_back_below() -> None:
    xml = diagram(
        start(),
        gateway("exclusive", "g"),
        user("a"),
        user("b"),
        end(),
        chain("s", "g", "a", "e"),
        chain("g", "b", "g"),
    )
    picture = layout(xml, "p")
    first, second = shape(picture, "a"), shape(picture, "b")
    assert first.x == second.x
    assert first.y + first.h <= second.y
    back = next(edge for edge in picture.edges if edge.id == "b-g")
    assert max(y for _, y in back.points) > second.y + second.h


def test_arranged_sub_process_contains_what_is_in_it() -> None:
    picture = layout(simple(plain_sub(), "t"), "p")
    outer = shape(picture, "t")
    assert outer.expanded
    assert inside(shape(picture, "ts"), outer)
    assert inside(shape(picture, "te"), outer)


def test_arranged_boundary_event_sits_on_the_lower_side() -> None:
    xml = simple(
        user(),
        "t",
        f'<boundaryEvent id="b" attachedToRef="t">{timer("PT1H")}</boundaryEvent>',
        flow("b", "e"),
    )
    picture = layout(xml, "p")
    host, event = shape(picture, "t"), shape(picture, "b")
    assert event.y < host.y + host.h < event.y + event.h
    assert host.x <= event.x <= host.x + host.w


def test_shapes_tell_loops_events_and_directions() -> None:
    picture = layout(drawn("everything_that_runs.bpmn"), "everything_process")
    assert shape(picture, "sub").loop == "sequential"
    assert shape(picture, "ask").loop == "standard"
    assert shape(picture, "end_message").throwing
    assert shape(picture, "c_message").event == "message"
    assert not shape(picture, "c_message").throwing
    assert shape(picture, "ask").scope == "sub"


def test_unknown_process_is_not_found() -> None:
    with pytest.raises(NotFound):
        layout(simple(), "nobody")
    with pytest.raises(NotFound):
        outline(simple(), "nobody")


def test_outline_follows_the_flows_and_nests() -> None:
    entries = outline(read(drawn("bpmn_io_collapsed.bpmn")), "Process_0kxx4zo")
    assert [(each.id, each.level) for each in entries] == [
        ("Event_0q1", 1),
        ("Activity_0sub", 1),
        ("Event_late", 2),
        ("Event_in", 2),
        ("Activity_desk", 2),
        ("Event_out", 2),
        ("Event_done", 1),
        ("Activity_remind", 1),
        ("Event_reminded", 1),
    ]
    first = entries[0]
    assert str(first.sentence()) == "开始事件“contract signed”，之后：prepare workplace"
    assert {each.parent for each in entries if each.level == 2} == {"Activity_0sub"}


def test_outline_names_the_inmost_lane() -> None:
    lanes = {each.id: each.lane for each in outline(drawn("bpmn_io_pools.bpmn"), "Process_shop")}
    assert lanes == {"Event_ordered": "Inside sales", "Activity_pack": "Store", "Event_shipped": "Store"}


def test_a_node_stands_behind_all_that_lead_to_it_whichever_way_is_walked_first() -> None:
    model = read(
        diagram(
            start("s1"),
            start("s2"),
            node("task", "a"),
            node("task", "b"),
            end("e"),
            chain("s1", "a", "e"),
            chain("s2", "b", "a"),
        )
    ).model
    boxes = arrange(model.processes[0])
    assert boxes["s2"].right < boxes["b"].x
    assert boxes["b"].right < boxes["a"].x
    assert boxes["a"].right < boxes["e"].x
