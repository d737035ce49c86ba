"""Comments, drafts and files: nothing typed is lost, and nothing is read by strangers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from engine import attachments, conversation, notices
from engine.blobs import BlobStore
from engine.clock import FrozenClock
from engine.errors import Conflict, Forbidden, InvalidInput, NotFound
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World


@pytest.fixture
def world(database: Database, at: FrozenClock) -> World:
    made = World.over(database)
    made.publish(build.LINEAR)
    made.start()
    return made


def test_a_draft_is_kept_until_the_step_is_done(world: World) -> None:
    anna, item = world.people["Anna"], world.item("first").id
    with world.engine.database.write() as uow:
        assert conversation.save_draft(uow, anna, item, {"a": "半句"}, 0).revision == 1
        assert conversation.save_draft(uow, anna, item, {"a": "一句"}, 1).revision == 2
    with world.engine.database.read() as uow:
        kept = conversation.get_draft(uow, anna, item)
        assert kept is not None
        assert kept.body == {"a": "一句"}
        assert conversation.get_draft(uow, world.people["Bo"], item) is None
    world.complete(item)
    with world.engine.database.read() as uow:
        assert conversation.get_draft(uow, anna, item) is None


def test_two_pages_of_one_person_do_not_overwrite_each_other(world: World) -> None:
    anna, item = world.people["Anna"], world.item("first").id
    with world.engine.database.write() as uow:
        conversation.save_draft(uow, anna, item, {"a": 1}, 0)
    with pytest.raises(Conflict), world.engine.database.write() as uow:
        conversation.save_draft(uow, anna, item, {"a": 2}, 0)
    with world.engine.database.read() as uow:
        kept = conversation.get_draft(uow, anna, item)
    assert kept is not None
    assert kept.body == {"a": 1}


def test_only_the_one_who_works_saves_a_draft(world: World) -> None:
    with pytest.raises(Forbidden), world.engine.database.write() as uow:
        conversation.save_draft(uow, world.people["Bo"], world.item("first").id, {})


def test_a_comment_tells_those_it_mentions(world: World) -> None:
    item = world.item("first").id
    with world.engine.database.write() as uow:
        said = conversation.say(uow, world.people["Anna"], " 请看 @Bo 和 @Nobody ", item_id=item, link="/t")
        assert said.mentions == [2]
        assert said.text == "请看 @Bo 和 @Nobody"
        (notice,) = notices.page(uow, world.people["Bo"])
        assert notice.link == "/t"
        assert [c.id for c in conversation.comments_on_item(uow, item)] == [said.id]


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_empty_and_endless_comments_are_refused(world: World, text: str) -> None:
    with pytest.raises(InvalidInput), world.engine.database.write() as uow:
        conversation.say(uow, world.people["Anna"], text, item_id=world.item("first").id)


def test_strangers_cannot_comment(world: World) -> None:
    with pytest.raises(NotFound), world.engine.database.write() as uow:
        conversation.say(uow, world.people["Bo"], "hello", item_id=world.item("first").id)


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = BlobStore(f"file://{tmp_path}")
    first = store.put(io.BytesIO("预算".encode() * 100_000))
    assert store.put(io.BytesIO("预算".encode() * 100_000)) == first
    assert b"".join(store.chunks(first[0])) == "预算".encode() * 100_000
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [first[0]]


def test_a_file_that_is_too_long_leaves_nothing(tmp_path: Path) -> None:
    store = BlobStore(f"file://{tmp_path}", most_bytes=10)
    with pytest.raises(InvalidInput):
        store.put(io.BytesIO(b"x" * 11))
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("digest", ["../../etc/passwd", "x" * 64, "0" * 64, ""])
def test_only_digests_open_content(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NotFound):
        BlobStore(f"file://{tmp_path}").open(digest)


def test_files_are_read_by_those_who_see_their_subject(world: World, tmp_path: Path) -> None:
    store, anna, item = BlobStore(f"file://{tmp_path}"), world.people["Anna"], world.item("first")
    with world.engine.database.write() as uow:
        kept = attachments.add(
            uow, store, anna, item, "..\\secret/方案.pdf", "application/pdf", io.BytesIO(b"1")
        )
        assert kept.name == "方案.pdf"
        assert attachments.require(uow, anna, kept.id) == kept
        assert attachments.require(uow, world.people["Cai"], kept.id).id == kept.id
        with pytest.raises(NotFound):
            attachments.require(uow, world.people["Bo"], kept.id)


@pytest.mark.parametrize("name", ["", "  ", "a\x00b.txt", "长" * 70 + ".txt"])
def test_odd_file_names_are_refused(world: World, tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput), world.engine.database.write() as uow:
        attachments.add(
            uow,
            BlobStore(f"file://{tmp_path}"),
            world.people["Anna"],
            world.item("first"),
            name,
            "text/plain",
            io.BytesIO(b"1"),
        )
