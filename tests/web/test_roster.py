"""People are entered from a table, all of them or none."""

from __future__ import annotations

import pytest

from engine import directory
from engine.errors import InvalidInput
from engine.store.database import Database
from webui.roster import enter, read_roster

TABLE = """姓名,部门,部门英文名,上级部门,职务,邮箱,拼音,角色,负责人
李雷,市场部,Marketing,总经办,经理,li@example.com,li lei,,是
刘志,总经办,Management,,总经理,,,management auditor,是
韩梅,市场部,,,,,,,
"""


def load(database: Database, text: str) -> tuple[int, int]:
    with database.write() as uow:
        found = enter(uow, read_roster(text))
    return found.departments, found.people


def test_departments_people_roles_and_heads_are_entered(sqlite: Database) -> None:
    assert load(sqlite, "\ufeff" + TABLE) == (2, 3)
    with sqlite.read() as uow:
        li = directory.person_named(uow, "李雷")
        assert (li.dept, li.title, li.email, li.pinyin) == ("市场部", "经理", "li@example.com", "li lei")
        assert directory.head_of(uow, "市场部") == li.id
        assert directory.superior_of(uow, li.id) == directory.person_named(uow, "刘志").id
        assert directory.roles_of(uow, 2) == {"management", "auditor"}
        assert directory.get_department(uow, "市场部").name_en == "Marketing"


def test_a_longer_table_adds_only_who_is_new(sqlite: Database) -> None:
    load(sqlite, TABLE)
    assert load(sqlite, TABLE + "张三,设计部,Design,总经办,,,,,yes\n") == (1, 1)


def test_english_heads_are_as_good(sqlite: Database) -> None:
    assert load(sqlite, "name,dept,head\nAnna,Sales,yes\n") == (1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("部门\n市场部\n", "缺少"),
        ("姓名,爱好\n李雷,棋\n", "爱好"),
        ("姓名,部门\n,市场部\n", "第2行没有姓名"),
        ("姓名\n李雷\n李雷\n", "第3行"),
        ("姓名,角色\n李雷,boss\n", "boss"),
        ("姓名,负责人\n李雷,是\n", "部门"),
    ],
)
def test_a_bad_table_is_refused_with_its_lines(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_roster(text)
    assert any(said in str(problem) for problem in refused.value.fields.values())


def test_departments_above_each_other_are_refused(sqlite: Database) -> None:
    with pytest.raises(InvalidInput, match="绕成了圈"):
        load(sqlite, "姓名,部门,上级部门\n李雷,甲,乙\n韩梅,乙,甲\n")
    with sqlite.read() as uow:
        assert directory.departments(uow) == []
