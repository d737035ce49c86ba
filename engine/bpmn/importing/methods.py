"""Variables, properties, methods and functions that expressions of other products name."""

from __future__ import annotations

from engine.bpmn.importing import terms
from engine.bpmn.importing.terms import NULL, POSTFIX, NotExact, Term, call, string
from engine.text import T

_SCOPES = frozenset({"execution", "variables", "vars", "var", "task", "variableScope"})
"""Objects through which a variable is asked for; they are no values themselves."""
_HOST_OBJECTS = _SCOPES | {
    "authenticatedUserId", "caseExecution", "connector", "externalTask", "S", "spin", "org", "java",
    "com", "Java", "System", "Math", "JSON", "console", "print", "println",
}  # fmt: skip
# What multi-instance activities count; the first names are those of Activiti's family.
_COUNTERS = {
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
}
_GETTERS = frozenset({"getVariable", "getVariableLocal", "get"})
_UNWRAPPING = frozenset({"value", "stringValue", "numberValue", "boolValue"})
_MOMENTS = {"plusHours": "PT{n}H", "plusMinutes": "PT{n}M", "plusSeconds": "PT{n}S"}
_COMPARISONS = {
    "equals": "=", "eq": "=", "notEquals": "!=", "ne": "!=",
    "lowerThan": "<", "lt": "<", "lessThan": "<", "lowerThanOrEquals": "<=", "lte": "<=",
    "lessThanOrEquals": "<=", "greaterThan": ">", "gt": ">", "greaterThanOrEquals": ">=", "gte": ">=",
}  # fmt: skip


def named(name: str) -> Term:
    """Return the variable of this name, or the object of the engine, which is no value itself."""
    if name in _HOST_OBJECTS:
        return Term(f"{name}", name=name, literal="object")
    if name == "loopCounter":
        # Activiti and its children count from 0, the standard and we from 1.
        return Term("loopCounter - 1", terms.ADD, "number", risky=True)
    return terms.variable(_COUNTERS.get(name, name))


def refuse_host_object(term: Term) -> None:
    """Refuse an object of the other engine where a value is needed."""
    if term.literal == "object" and term.name:
        raise NotExact(T("没有对应“{name}”的东西", name=term.name))


def member(base: Term, name: str, arguments: list[Term] | None, dialect: str) -> Term:
    """Return a property, or the value of a method."""
    if base.literal == "object" and base.name:
        return _of_scope(base, name, arguments)
    if arguments is None:
        if dialect == "javascript" and name == "length":
            raise NotExact(T("“{name}”对文字和列表的意义不同", name=".length"))
        return terms.path(base, name)
    found = _method(base, name, arguments)
    if found is None:
        raise NotExact(T("没有对应方法“{name}”的函数", name=f".{name}(…)"))
    return found


def _of_scope(base: Term, name: str, arguments: list[Term] | None) -> Term:
    if base.name in _SCOPES and arguments is not None and name in _GETTERS and len(arguments) == 1:
        if arguments[0].literal is None or arguments[0].kind != "string":
            raise NotExact(T("变量的名称须写明，不能算出来：{text}", text=arguments[0].text))
        return named_variable(arguments[0].literal)
    if base.name == "variables" and arguments is None:
        return named_variable(name)
    raise NotExact(T("没有对应“{name}”的东西", name=f"{base.name}.{name}"))


def named_variable(name: str) -> Term:
    """Return a variable that is given by its name as text."""
    return terms.variable(name)


def _method(base: Term, name: str, arguments: list[Term]) -> Term | None:
    first = arguments[0] if len(arguments) == 1 else None
    if name in ("equals",) and first is not None:
        return _equals(base, first)
    if name == "size" and not arguments:
        return terms.only_list(base, f"count({base.text})", "number")
    if name == "isEmpty" and not arguments:
        # Null has no methods: the other engine stops there, and so does this.
        empty = terms.is_empty(base)
        text = f"if {base.within(terms.ADD)} = null then {terms.STOP} else {empty.text}"
        return Term(text, terms.IF, "bool", risky=True)
    if name == "contains" and first is not None and first.kind == "string":
        return _contains(base, first)
    if name in ("startsWith", "endsWith") and first is not None:
        return call("starts with" if name == "startsWith" else "ends with", base, first, kind="bool")
    if name == "prop" and first is not None and first.kind == "string":
        return terms.path(base, first.literal or "")
    if name == "get" and first is not None and first.literal is not None:
        return indexed(base, first)
    if name in _UNWRAPPING and not arguments:
        return base
    if name in ("toDate", "toString") and base.text.startswith("now()") and not arguments:
        return base if name == "toDate" else None
    return _moment(base, name, first)


def _equals(base: Term, other: Term) -> Term:
    """Numbers of Java are equal only to numbers of the same class, so only texts are compared."""
    if "string" not in (base.kind, other.kind):
        raise NotExact(T("equals 比较 Java 的类型，只能翻译与文字的比较：{text}", text=other.text))
    return terms.equal(base, "=", other)


def _contains(base: Term, part: Term) -> Term:
    text = f"if {base.text} instance of string then contains({base.text}, {part.text}) else "
    listed = terms.only_list(base, f"list contains({base.text}, {part.text})")
    return Term(text + listed.text, terms.IF, "bool", risky=True)


def _moment(base: Term, name: str, first: Term | None) -> Term | None:
    shape = _MOMENTS.get(name)
    if shape is None or first is None or not base.text.startswith("now()"):
        return None
    if not (first.literal or "").isdecimal():
        raise NotExact(T("只能翻译写明的数字：{text}", text=first.text))
    length = call("duration", string(shape.format(n=first.literal)))
    return terms.binary(base, "+", length, terms.ADD, "any")


def indexed(base: Term, index: Term) -> Term:
    """Return an entry by its key, or an item by its place, which FEEL counts from 1."""
    if base.literal == "object" and base.name == "variables" and index.literal is not None:
        return named_variable(index.literal)
    refuse_host_object(base)
    if index.kind == "string" and index.literal is not None:
        return terms.path(base, index.literal)
    if index.kind == "number" and (index.literal or "").isdecimal():
        place = int(index.literal or "0") + 1
        return terms.only_list(base, f"{base.within(POSTFIX)}[{place}]")
    raise NotExact(T("下标须写明，不能算出来：{text}", text=index.text))


def function(name: str, arguments: list[Term]) -> Term:
    """Return the value of a function of the expression language."""
    if name in ("now", "dateTime") and not arguments:
        return call("now")
    raise NotExact(T("没有对应函数“{name}”的函数", name=f"{name}(…)"))


def prefixed(prefix: str, name: str, arguments: list[Term]) -> Term:
    """Return the value of Flowable's functions for variables, such as `vars:equals(x, 1)`.

    Source: Flowable, BPMN user guide, expression functions.
    """
    if prefix not in ("vars", "var", "variables") or not arguments:
        raise NotExact(T("没有对应函数“{name}”的函数", name=f"{prefix}:{name}(…)"))
    first = named_variable(arguments[0].literal or arguments[0].name or arguments[0].text)
    if name == "get" and len(arguments) == 1:
        return first
    if name == "getOrDefault" and len(arguments) == 2:
        missing = terms.equal(first, "=", NULL)
        return terms.choice(missing, arguments[1], first)
    if name in ("isEmpty", "empty", "isNotEmpty", "notEmpty") and len(arguments) == 1:
        empty = terms.is_empty(first)
        return empty if name in ("isEmpty", "empty") else terms.negated(empty)
    if name in _COMPARISONS and len(arguments) == 2:
        sign = _COMPARISONS[name]
        write = terms.equal if sign in ("=", "!=") else terms.compare
        return write(first, sign, arguments[1])
    raise NotExact(T("没有对应函数“{name}”的函数", name=f"{prefix}:{name}(…)"))
