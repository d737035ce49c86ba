"""Expressions of other products as FEEL: the same value, or an incident, or refused; never another value."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from engine import feel
from engine.bpmn.importing import juel, python, terms
from engine.bpmn.importing.languages import feel_of, unified, value
from engine.bpmn.importing.terms import NotExact

JUEL = {
    "approved": "approved",
    "!approved": "not(approved)",
    "not approved": "not(approved)",
    "a == 'x'": 'a = "x"',
    'a == "it\'s"': 'a = "it\'s"',
    "a eq 1 and b ne 2": "a = 1 and b != 2",
    "a gt 1 || b le 2 && c": "a > 1 or b <= 2 and c",
    "(a || b) && c": "(a or b) and c",
    "a != null": "a != null",
    "empty list": 'list contains([null, "", [], {}], list)',
    "not empty list": 'not(list contains([null, "", [], {}], list))',
    "order.total * 2 > 10": "order.total * 2 > 10",
    "order['unit price'] == 1": 'get value(order, "unit price") = 1',
    "a + b > 3": "0 + a + b > 3",
    "a + 1 - b": "a + 1 - b",
    "a - (b - c)": "a - (b - c)",
    "-a < 0": "-a < 0",
    "a == null ? 1 : 2": "if a = null then 1 else 2",
    "a > 1 ? 'x' : 'y'": 'if (a > 1) = true then "x" else if (a > 1) = false then "y" else null + null',
    "execution.getVariable('x') == 1": "x = 1",
    "variables.x": "x",
    "variables['x']": "x",
    "vars:get(x)": "x",
    "vars:equals(x, 'a')": 'x = "a"',
    "variables:isNotEmpty(x)": 'not(list contains([null, "", [], {}], x))',
    "state.equals('done')": 'state = "done"',
    "'done'.equals(state)": '"done" = state',
    "list.size() > 0": "(if list instance of list<Any> then count(list) else null + null) > 0",
    "name.startsWith('a')": 'starts with(name, "a")',
    "json.prop('a').prop('b').stringValue() == 'x'": 'json.a.b = "x"',
    "now()": "now()",
    "dateTime().plusHours(4).toDate()": 'now() + duration("PT4H")',
    "nrOfCompletedInstances / nrOfInstances >= 0.5": "numberOfCompletedInstances / numberOfInstances >= 0.5",
    "loopCounter == 0": "loopCounter - 1 = 0",
    "10 div 4": "10 / 4",
}
REFUSED_JUEL = [
    "", "a +", "a % 2", "'a' + b", "bean.method(x)", "x.equals(5)", "execution", "execution.id", "a ? b",
    "task.assignee", "a === 1", "x.hashCode()", "dateTime().plusDays(7).toDate()", "a[b]", "in", "a..b",
    "x -> x", "myBean.call()", "a && 1", "!'x'", "a + 1 == b", "a.size() == null", "empty (a + 1)",
    "((((" * 30, "a}${b", "execution.getVariable(x)",
    "fn:length(x)", "1e5", "name.length() > 3", "a.b()",
]  # fmt: skip
PYTHON = {
    "approved": "approved",
    "a == 1 and not b": "a = 1 and not(b)",
    "a is None or b is not None": "a = null or b != null",
    "a != 'x'": 'a != "x"',
    "1 < a <= 5": "1 < a and a <= 5",
    "a in ['x', 'y']": 'a = "x" or a = "y"',
    "a not in ('x',)": 'not(a = "x")',
    "'x' in 'xyz'": 'contains("xyz", "x")',
    "True": "true",
    "len(items) > 0": "(if items instance of list<Any> then count(items) else string length(items)) > 0",
    "order['total'] > 5": "order.total > 5",
    "order.total > 5": "order.total > 5",
    "order.get('total')": "order.total",
    "items[0] == 1": "(if items instance of list<Any> then items[1] else null + null) = 1",
    "items[-1]": "if items instance of list<Any> then items[-1] else null + null",
    "a % 2 == 0": "modulo(a, 2) = 0",
    "a // 2": "floor(a / 2)",
    "{'a': 1, 'b': [2]}": '{"a": 1, "b": [2]}',
    "-1": "-1",
}
REFUSED_PYTHON = [
    "a[0] is None",
    "[a + 1]",
    "a + 1 == b",
    "(a and b) == c",
    "__import__('os').system('id')", "[x for x in y]", "lambda: 1", "f'{a}'", "a if", "x.upper()", "a or 'b'",
    "sum(x)", "x[a]", "x[1:2]", "a is b", "b'x'", "...", "1j", "(" * 300, "a ** 2", "{1, 2}", "x := 1",
    "open('f')", "1e400", "not 'a'",
]  # fmt: skip


@pytest.mark.parametrize("text", JUEL)
def test_java_expressions_become_feel(text: str) -> None:
    assert juel.to_feel(text).text == JUEL[text]


@pytest.mark.parametrize("text", REFUSED_JUEL)
def test_java_expressions_without_equal_are_refused(text: str) -> None:
    with pytest.raises(NotExact):
        juel.to_feel(text)


@pytest.mark.parametrize("text", PYTHON)
def test_python_becomes_feel(text: str) -> None:
    assert python.to_feel(text).text == PYTHON[text]


@pytest.mark.parametrize("text", REFUSED_PYTHON)
def test_python_without_equal_is_refused(text: str) -> None:
    with pytest.raises(NotExact):
        python.to_feel(text)


VALUES: list[Any] = [None, True, False, 0, 1, 7, "", "x", "1", [], [1], ["x"], {}, {"k": 1}]
COMPARED = [
    "a == b", "a != b", "a < b", "a >= b", "a and b", "a or not b", "a == 1 or b == 'x'", "a is None",
    "a + b", "a - b", "a * b", "len(a)", "a[0]", "a[0] == 1", "a in [1, 'x', None]", "'x' in 'axb'",
    "a if b == 1 else 3", "a if b else 3", "a if not b else 3", "a % b", "a // b", "a in b", "a['k']",
    "a.get('k') == 1", "not a", "not (a == b)", "a[-1]", "a == [1]", "{'k': a}", "[a, b]",
]  # fmt: skip


@pytest.mark.parametrize("text", COMPARED)
def test_feel_gives_pythons_value_or_none(text: str) -> None:
    """Python itself is the oracle: where FEEL has a value and Python one, they are the same."""
    code = compile(ast.parse(text, mode="eval"), "oracle", "eval")
    term = python.to_feel(text)
    truth = term.kind == "truth"
    translated = feel.parse(term.text if truth else terms.as_value(term).text)
    for a in VALUES:
        for b in VALUES:
            found = feel.evaluate(translated, {"a": feel.from_json(a), "b": feel.from_json(b)})
            if found.value is None and (found.problems or truth):
                continue
            try:
                expected = eval(code, {"__builtins__": {"len": len}}, {"a": a, "b": b})
            except (TypeError, KeyError, IndexError, ZeroDivisionError, AttributeError, ValueError):
                continue
            got = feel.to_json(found.value)
            expected = bool(expected) if truth else expected
            assert (got, type(got) is bool) == (expected, type(expected) is bool), (text, a, b)


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("${empty a}", {"a": None}, True),
        ("${empty a}", {"a": [0]}, False),
        ("${empty a}", {"a": "x"}, False),
        ("${a == null}", {"a": 1}, False),
        ("${a == 'x' ? 1 : 2}", {"a": "x"}, 1),
        ("${a == 'x' ? 1 : 2}", {"a": "y"}, 2),
        ("${a > 5 ? 1 : 2}", {"a": None}, None),
        ("${a == '5' ? 1 : 2}", {"a": 5}, None),
        ("${a + b}", {"a": 1, "b": 2}, 3),
        ("${a + b}", {"a": "1", "b": "2"}, None),
        ("${a.size()}", {"a": [1, 2]}, 2),
        ("${a.size()}", {"a": {"k": 1}}, None),
        ("${a.contains('x')}", {"a": ["x"]}, True),
        ("${a.contains('x')}", {"a": "axb"}, True),
        ("${a[0]}", {"a": ["first"]}, "first"),
        ("${a[0]}", {"a": "first"}, None),
    ],
)
def test_values_of_java_expressions(text: str, names: dict[str, Any], expected: Any) -> None:
    found = feel.evaluate(
        feel.parse(unified(text).text), {key: feel.from_json(each) for key, each in names.items()}
    )
    assert feel.to_json(found.value) == expected
    assert expected is not None or found.problems


def test_marks_say_what_is_an_expression() -> None:
    assert value("demo", "Camunda 7").literal == "demo"
    assert value("${a}", "Camunda 7").text == "a"
    assert value("=a.b", "Camunda 8").text == "a.b"
    assert value("a.b", "Camunda 8").literal == "a.b"
    with pytest.raises(NotExact):
        unified("PT${hours}H")
    with pytest.raises(NotExact):
        unified("${a}${b}")
    with pytest.raises(NotExact):
        feel_of("is defined(a)")
