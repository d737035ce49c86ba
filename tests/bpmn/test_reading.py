"""Reading decides before the parser does: encodings, DOCTYPE, sizes."""

from __future__ import annotations

import pytest

from engine.bpmn.reading import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, read
from engine.errors import UnsafeDocument
from tests.bpmn.build import HEAD, definitions, diagram, end, simple, start

WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
MARKS = {
    "utf-8": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\x00\x00",
    "utf-32-be": b"\x00\x00\xfe\xff",
}


def text(declared: str = "", before: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f"{declaration}{before}{simple().decode()}"


@pytest.mark.parametrize("encoding", ["utf-8", *WIDE])
@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("declared", [True, False])
def test_doctype_is_found_in_every_encoding(encoding: str, mark: bool, declared: bool) -> None:
    said = encoding[:6] if declared and encoding != "utf-8" else ""
    content = (MARKS[encoding] if mark else b"") + text(said, "<!DOCTYPE definitions>").encode(encoding)
    with pytest.raises(UnsafeDocument, match="DOCTYPE"):
        read(content)


@pytest.mark.parametrize("encoding", ["utf-8", *WIDE])
@pytest.mark.parametrize("mark", [True, False])
def test_every_unicode_encoding_is_read(encoding: str, mark: bool) -> None:
    document = read((MARKS[encoding] if mark else b"") + text(encoding[:6]).encode(encoding))
    assert [head.id for head in document.processes()] == ["p"]
    assert read(document.utf8).processes() == document.processes()


@pytest.mark.parametrize(
    "before",
    ["<!DOCTYPE x>", "<!-- a --><!DOCTYPE x>", "<?a b?>\n<!DOCTYPE x>", "\n <!doctype x>", "<!ENTITY x 'y'>"],
)
def test_markup_declarations_are_refused_wherever_they_may_stand(before: str) -> None:
    with pytest.raises(UnsafeDocument, match="DOCTYPE"):
        read(text(before=before).encode())


def test_the_word_in_text_is_not_a_declaration() -> None:
    document = read(text(before="<!-- <!DOCTYPE x> -->").replace("t 名", "&lt;!DOCTYPE x>").encode())
    assert document.processes()[0].name == "流程 p"


def test_lines_keep_their_numbers_behind_a_long_declaration() -> None:
    content = text("UTF-8").replace('" encoding', '"\n\n encoding').encode()
    with pytest.raises(UnsafeDocument) as refused:
        read(content.replace(b"<process", b"\n<process x='&no;'"))
    assert refused.value.ids["line"] == 4


def test_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    xml = simple()
    filled = xml.replace(b"<process ", b"<!--" + b"x" * (MAX_BYTES - len(xml) - 7) + b"--><process ")
    assert len(filled) == MAX_BYTES
    assert read(filled).processes()
    with pytest.raises(UnsafeDocument, match=str(MAX_BYTES)):
        read(filled + b"\n")


def test_depth_may_be_as_large_as_the_limit_and_no_larger() -> None:
    def nested(depth: int) -> bytes:
        return definitions(f"<extensionElements>{'<x>' * depth}{'</x>' * depth}</extensionElements>")

    read(nested(MAX_DEPTH - 2))
    with pytest.raises(UnsafeDocument, match=str(MAX_DEPTH)):
        read(nested(MAX_DEPTH - 1))


def test_elements_may_be_as_many_as_the_limit_and_no_more() -> None:
    read(definitions("<import/>" * (MAX_ELEMENTS - 1)))
    with pytest.raises(UnsafeDocument, match=str(MAX_ELEMENTS)):
        read(definitions("<import/>" * MAX_ELEMENTS))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"<",
        b"<?xml",
        b"<?xml ?>",
        b"<?xml version=1.0?><a/>",
        b"<!--",
        b"\xff\xfe",
        b"\xff\xfe<",
        b"]]>",
    ],
)
def test_scraps_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(UnsafeDocument) as refused:
        read(content)
    assert str(refused.value)


def test_comments_and_instructions_leave_no_trace() -> None:
    xml = (
        HEAD.encode()
        + b"><?pi x?><!-- c --><process id='p'><!-- <task/> --><startEvent id='s'/></process></definitions>"
    )
    document = read(xml)
    assert [node.id for node in document.model.nodes] == ["s"]
    assert document.element("s") is not None
    assert document.element("nobody") is None


def test_process_heads_say_what_is_executable() -> None:
    drawn = '<process id="q" name="图" isExecutable="false"/>'
    unsaid = '<process id="r"/>'
    heads = read(definitions(drawn, unsaid)).processes()
    assert [(head.id, head.name, head.executable) for head in heads] == [("q", "图", False), ("r", "", True)]


def test_many_comments_before_the_root_take_no_time() -> None:
    read(b"<!---->" * 200_000 + diagram(start(), end()))
