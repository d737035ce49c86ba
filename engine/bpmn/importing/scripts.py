"""Script tasks: assignments become lines `name = FEEL`; any other statement is refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from lxml import etree

from engine import feel
from engine.bpmn.importing import juel, languages, python, terms
from engine.bpmn.importing.languages import SPIFF
from engine.bpmn.importing.settings import Work
from engine.bpmn.importing.terms import NotExact, Term
from engine.bpmn.importing.tokens import Word, words
from engine.bpmn.model import child
from engine.errors import WuxingError
from engine.feel.assign import parse_script
from engine.text import T

_DECLARING = frozenset({"var", "let", "const", "def"})
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_CONTINUING = frozenset(
    {"+", "-", "*", "/", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "?", ":", ".", ",", "="}
)
_LONG = T("脚本只能是赋值：{text}")


def translate(work: Work, task: etree._Element, product: str, result: str, stored: bool) -> bool:
    """Rewrite a script task and return whether it could be; `stored` says that bare names are variables."""
    script = child(task, "script")
    text = (script.text or "").strip() if script is not None else ""
    spoken = task.get("scriptFormat", "").strip().lower()
    if script is None or not text or "feel" in spoken or not (product or spoken):
        return False
    try:
        after = _lines(text, spoken, product, result, stored)
        parse_script(after)
    except (NotExact, WuxingError) as error:
        reason = error.reason if isinstance(error, NotExact) else error.text
        work.note(task, "remains", "script", before=text, reason=reason)
        return False
    script.text = after
    task.set("scriptFormat", "feel")
    work.note(task, "translated", f"script ({spoken or 'python'})", before=text, after=after)
    return True


def _lines(text: str, spoken: str, product: str, result: str, stored: bool) -> str:
    if spoken in ("python", "jython") or (product == SPIFF and not spoken):
        return "\n".join(_python(text, stored=product == SPIFF))
    if spoken in ("juel", "uel"):
        text = text.removeprefix("${").removeprefix("#{").removesuffix("}")
        return "\n".join(_Script("juel", result, stored=False).read(text))
    if spoken == "groovy":
        return "\n".join(_Script("groovy", result, stored).read(text))
    if spoken in languages.JAVASCRIPT:
        return "\n".join(_Script("javascript", result, stored).read(text))
    raise NotExact(T("不会翻译语言“{language}”", language=spoken or "?"))


@dataclass
class _Script:
    """A script of JavaScript or Groovy; its own names are put in where they are used."""

    dialect: juel.Dialect
    result: str
    stored: bool
    known: dict[str, Term] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def read(self, text: str) -> list[str]:
        """Return the lines."""
        statements = list(_statements(words(text, lines=True)))
        for place, statement in enumerate(statements):
            self._statement(statement, last=place == len(statements) - 1)
        if not self.lines:
            raise NotExact(T("脚本没有设置流程变量"))
        return self.lines

    def _statement(self, tokens: list[Word], *, last: bool) -> None:
        texts = [word.text for word in tokens]
        if texts[:2] == ["execution", "."] and texts[2:4] == ["setVariable", "("]:
            self._set_variable(tokens)
        elif tokens[0].text in _DECLARING and len(texts) > 3 and texts[2] == "=":
            self.known[texts[1]] = self._value(tokens[3:])
        elif len(texts) > 2 and tokens[0].sort == "name" and texts[1] == "=":
            self._assigned(texts[0], self._value(tokens[2:]))
        elif last and self.result:
            self._store(self.result, self._value(tokens))
        else:
            raise NotExact(T(_LONG.message, text=" ".join(texts)[:60]))

    def _set_variable(self, tokens: list[Word]) -> None:
        name = tokens[4] if len(tokens) > 6 else Word("end", "")
        if name.sort != "string" or tokens[5].text != "," or tokens[-1].text != ")":
            raise NotExact(T(_LONG.message, text=" ".join(word.text for word in tokens)[:60]))
        self._store(name.text, self._value(tokens[6:-1]))

    def _assigned(self, name: str, value: Term) -> None:
        """A bare name is a variable of the process only where the product stores it."""
        if self.stored and name not in self.known:
            self._store(name, value)
        else:
            self.known[name] = value

    def _store(self, name: str, value: Term) -> None:
        self.lines.append(f"{terms.variable(name).text} = {value.text}")
        for own, term in list(self.known.items()):
            if name in feel.names_in(term.text):
                # What the name stood for has just changed: it can no longer be put in.
                self.known[own] = Term(own, name=own, literal="object")

    def _value(self, tokens: list[Word]) -> Term:
        parser = juel.Parser([*tokens, Word("end", "")], self.dialect, self.known)
        found = parser.expression()
        parser.expect_end()
        found = terms.as_value(found)
        terms.checked(found.text)
        return Term(found.text, found.level, found.kind, found.sure, risky=found.risky)


def _statements(tokens: list[Word]) -> list[list[Word]]:
    """Return the tokens of each statement; a line that goes on does not end one."""
    found: list[list[Word]] = [[]]
    depth = 0
    for place, word in enumerate(tokens[:-1]):
        if word.sort == "symbol":
            depth += (word.text in _OPENING) - (word.text in _CLOSING)
        ends = word.sort == "symbol" and word.text == ";"
        if ends or (word.sort == "line" and depth == 0 and not _goes_on(tokens, place)):
            found.append([])
        elif word.sort != "line":
            found[-1].append(word)
    return [statement for statement in found if statement]


def _goes_on(tokens: list[Word], place: int) -> bool:
    before = next((word for word in reversed(tokens[:place]) if word.sort != "line"), None)
    after = next((word for word in tokens[place:] if word.sort != "line"), None)
    return any(
        each is not None and each.sort == "symbol" and each.text in _CONTINUING for each in (before, after)
    )


def _python(text: str, *, stored: bool) -> list[str]:
    tree = python.parsed(text, "exec")
    if not isinstance(tree, ast.Module):
        raise NotExact(T("这不是 Python 表达式"))
    found = [line for statement in tree.body for line in _python_line(statement, stored=stored)]
    if not found:
        raise NotExact(T("脚本没有设置流程变量"))
    return found


def _python_line(statement: ast.stmt, *, stored: bool) -> list[str]:
    if isinstance(statement, ast.Pass) or _is_text(statement):
        return []
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return [_python_call(statement.value)]
    if stored and isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], terms.as_value(python.of_node(statement.value))
        if isinstance(target, ast.Name):
            return [f"{terms.variable(target.id).text} = {terms.checked(value.text)}"]
    if stored and isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        left = ast.Name(statement.target.id, ast.Load())
        value = python.of_node(ast.BinOp(left, statement.op, statement.value))
        return [f"{terms.variable(left.id).text} = {terms.checked(value.text)}"]
    raise NotExact(T(_LONG.message, text=ast.unparse(statement)[:60]))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _python_call(call: ast.Call) -> str:
    named = call.args[0] if len(call.args) == 2 else None
    if ast.unparse(call.func) != "execution.setVariable" or not isinstance(named, ast.Constant):
        raise NotExact(T(_LONG.message, text=ast.unparse(call)[:60]))
    value = terms.as_value(python.of_node(call.args[1]))
    return f"{terms.variable(str(named.value)).text} = {terms.checked(value.text)}"
