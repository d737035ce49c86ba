"""Expressions of Python, as SpiffWorkflow evaluates them, rewritten as FEEL; nothing is executed.

The source is only parsed (module `ast`). A translation gives the same value or none, see `juel`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from engine.bpmn.importing import terms
from engine.bpmn.importing.terms import ADD, DEEPEST, FALSE, LONGEST, MULTIPLY, NULL, TRUE, NotExact, Term
from engine.text import T

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", ADD),
    ast.Sub: ("-", ADD),
    ast.Mult: ("*", MULTIPLY),
    ast.Div: ("/", MULTIPLY),
}


def to_feel(text: str) -> Term:
    """Return an expression of Python as FEEL; raises `NotExact` for what has no exact equal."""
    tree = parsed(text, "eval")
    found = of_node(tree.body if isinstance(tree, ast.Expression) else tree)
    terms.checked(found.text)
    return found


def parsed(text: str, mode: str) -> ast.Module | ast.Expression:
    """Return the tree of a source, without evaluating any of it."""
    if len(text) > LONGEST:
        raise NotExact(T("太长，超过 {limit} 个字符", limit=LONGEST))
    try:
        tree = ast.parse(text.strip(), mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotExact(T("这不是 Python 表达式")) from error
    if not isinstance(tree, ast.Module | ast.Expression):
        raise NotExact(T("这不是 Python 表达式"))
    return tree


def of_node(node: ast.AST, depth: int = 0) -> Term:
    """Return one node of a tree as FEEL."""
    write = _WRITERS.get(type(node))
    if write is None:
        raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))
    if depth > DEEPEST:
        raise NotExact(T("嵌套太深"))
    return write(node, depth + 1)


def _source(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:60] + "…"


def _constant(node: ast.Constant, depth: int) -> Term:
    value = node.value
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int | float):
        return terms.number(repr(value))
    if isinstance(value, str):
        return terms.string(value)
    raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))


def _name(node: ast.Name, depth: int) -> Term:
    return terms.variable(node.id)


def _logical(node: ast.BoolOp, depth: int) -> Term:
    found = [_truth(each, depth) for each in node.values]
    left = found[0]
    for right in found[1:]:
        left = terms.logical(left, "and" if isinstance(node.op, ast.And) else "or", right, boolean=False)
    return left


def _truth(node: ast.AST, depth: int) -> Term:
    """Return a truth value: Python takes any value for one, FEEL has none for what is not."""
    term = of_node(node, depth)
    if term.kind in ("number", "string", "list", "null"):
        raise NotExact(T("“{text}”不是是非值", text=term.text))
    return term


def _unary(node: ast.UnaryOp, depth: int) -> Term:
    if isinstance(node.op, ast.Not):
        return terms.negated(_truth(node.operand, depth))
    if isinstance(node.op, ast.USub):
        inner = of_node(node.operand, depth)
        return Term(f"-{inner.within(terms.POSTFIX)}", terms.UNARY, "number", risky=inner.literal is None)
    raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))


def _compared(node: ast.Compare, depth: int) -> Term:
    left, found = node.left, None
    for operator, right in zip(node.ops, node.comparators, strict=True):
        each = _pair(left, operator, right, depth)
        found = each if found is None else terms.logical(found, "and", each)
        left = right
    if found is None:
        raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))
    return found


def _pair(left: ast.expr, operator: ast.cmpop, right: ast.expr, depth: int) -> Term:
    if type(operator) not in _COMPARED and not isinstance(operator, ast.Is | ast.IsNot):
        found = _contained(left, right, depth)
        return found if isinstance(operator, ast.In) else terms.negated(found)
    first, second = of_node(left, depth), of_node(right, depth)
    if isinstance(operator, ast.Is | ast.IsNot):
        if second is not NULL:
            raise NotExact(T("is 比较的是同一个对象：{text}", text=_source(right)))
        return terms.equal(first, "=" if isinstance(operator, ast.Is) else "!=", NULL)
    sign = _COMPARED[type(operator)]
    return terms.equal(first, sign, second) if sign in ("=", "!=") else terms.compare(first, sign, second)


def _contained(part: ast.expr, whole: ast.expr, depth: int) -> Term:
    """Membership has one meaning in a list that is written down, and in a text that is."""
    inner = of_node(part, depth)
    if isinstance(whole, ast.List | ast.Tuple | ast.Set):
        return _one_of(inner, [of_node(each, depth) for each in whole.elts])
    outer = of_node(whole, depth)
    if outer.kind == "string":
        return terms.call("contains", outer, inner, kind="bool")
    some = f"some each in {outer.text} satisfies each = {terms.part(inner).within(ADD)}"
    if "each" in (inner.name, outer.name):
        raise NotExact(T("“{name}”在 FEEL 中不是可用的名称", name="each"))
    return Term(terms.only_list(outer, some).text, terms.IF, "bool", risky=True)


def _one_of(inner: Term, values: list[Term]) -> Term:
    """Membership is equality with one of the values: null, which stops, for values of other kinds."""
    found = FALSE
    for place, value in enumerate(values):
        each = terms.equal(inner, "=", value)
        found = terms.logical(found, "or", each) if place else each
    return found


def _arithmetic(node: ast.BinOp, depth: int) -> Term:
    left, right = of_node(node.left, depth), of_node(node.right, depth)
    if isinstance(node.op, ast.Mod) and left.kind != "string":
        return terms.call("modulo", left, right, kind="number")
    if isinstance(node.op, ast.FloorDiv):
        return terms.call("floor", terms.binary(left, "/", right, MULTIPLY, "number"), kind="number")
    if type(node.op) not in _ARITHMETIC:
        raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))
    operator, level = _ARITHMETIC[type(node.op)]
    kind: terms.Kind = "number" if "number" in (left.kind, right.kind) else "any"
    return terms.binary(left, operator, right, level, kind)


def _choice(node: ast.IfExp, depth: int) -> Term:
    return terms.choice(_truth(node.test, depth), of_node(node.body, depth), of_node(node.orelse, depth))


def _listed(node: ast.List | ast.Tuple, depth: int) -> Term:
    return Term(f"[{', '.join(terms.part(of_node(each, depth)).text for each in node.elts)}]", kind="list")


def _context(node: ast.Dict, depth: int) -> Term:
    entries = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))
        entries.append(f"{terms.string(key.value).text}: {terms.part(of_node(value, depth)).text}")
    return Term("{" + ", ".join(entries) + "}")


def _attribute(node: ast.Attribute, depth: int) -> Term:
    return terms.path(of_node(node.value, depth), node.attr)


def _indexed(node: ast.Subscript, depth: int) -> Term:
    base, index = of_node(node.value, depth), node.slice
    if isinstance(index, ast.Constant) and isinstance(index.value, str):
        return terms.path(base, index.value)
    place = _place(index)
    return terms.only_list(base, f"{base.within(terms.POSTFIX)}[{place}]")


def _place(index: ast.expr) -> int:
    """Return a place counted from 1, or from the end with a minus, as FEEL does."""
    negative = isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub)
    inner = index.operand if isinstance(index, ast.UnaryOp) else index
    if isinstance(inner, ast.Constant) and type(inner.value) is int:
        return -inner.value if negative else inner.value + 1
    raise NotExact(T("下标须写明，不能算出来：{text}", text=_source(index)))


def _called(node: ast.Call, depth: int) -> Term:
    function, args = node.func, [of_node(each, depth) for each in node.args]
    if node.keywords:
        raise NotExact(T("没有对应“{text}”的写法", text=_source(node)))
    if isinstance(function, ast.Name) and function.id == "len" and len(args) == 1:
        x = args[0]
        text = f"if {x.text} instance of list<Any> then count({x.text}) else string length({x.text})"
        return Term(text, terms.IF, "number", risky=True)
    if isinstance(function, ast.Name) and function.id == "abs" and len(args) == 1:
        return terms.call("abs", args[0], kind="number")
    if isinstance(function, ast.Attribute):
        found = _method(of_node(function.value, depth), function.attr, node.args, args)
        if found is not None:
            return found
    raise NotExact(T("没有对应函数“{name}”的函数", name=_source(function)))


def _method(base: Term, name: str, nodes: list[ast.expr], args: list[Term]) -> Term | None:
    if name == "get" and len(args) == 1 and args[0].literal is not None and args[0].kind == "string":
        return terms.path(base, args[0].literal)
    if name in ("startswith", "endswith") and len(args) == 1 and args[0].kind != "list":
        return terms.call("starts with" if name == "startswith" else "ends with", base, args[0], kind="bool")
    return None


_WRITERS: dict[type[ast.AST], Callable[..., Term]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BoolOp: _logical,
    ast.UnaryOp: _unary,
    ast.Compare: _compared,
    ast.BinOp: _arithmetic,
    ast.IfExp: _choice,
    ast.List: _listed,
    ast.Tuple: _listed,
    ast.Dict: _context,
    ast.Attribute: _attribute,
    ast.Subscript: _indexed,
    ast.Call: _called,
}
