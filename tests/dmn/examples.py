"""A model for every rule of the gate that breaks this rule."""

from __future__ import annotations

from tests.dmn.build import (
    allowed,
    component,
    context,
    decision,
    entry,
    input_data,
    invocation,
    item,
    knowledge,
    literal,
    model_xml,
    needs,
    of_type,
    service,
    table,
)

A = input_data("a", "number")
NEEDS_A = needs(inputs=("a",))
LIBRARY = model_xml(input_data("x"), decision("y", literal("1")), name="lib", namespace="urn:lib")
IMPORT = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'


def one_input(*rules: str, policy: str = "UNIQUE", kind: str = "number", **more: object) -> str:
    """A decision with a table about `a`."""
    logic = table({"a": kind}, {"": ""}, *rules, policy=policy, **more)  # type: ignore[arg-type]
    return decision("d", logic, NEEDS_A)


def boxed(tag: str, inner: str, attributes: str = "") -> str:
    return decision("d", f"<{tag} {attributes}>{inner}</{tag}>")


FINE: tuple[str, ...] = (
    IMPORT,
    item("等级", of_type("string") + allowed('"金", "银"')),
    item("人", component("姓名", of_type("string")) + component("等级", of_type("等级"))),
    input_data("客户", "人"),
    input_data("金额", "number"),
    knowledge("打折", literal("金额 * (1 - 折扣)"), {"金额": "number", "折扣": "number"}),
    decision(
        "折扣",
        table({"客户.等级": "等级"}, {"折扣": "number"}, '"金" | 0.2', '"银" | 0.1'),
        needs(inputs=("客户",)),
        "number",
    ),
    decision(
        "应付",
        invocation("打折", {"金额": literal("金额"), "折扣": literal("折扣")}),
        needs(inputs=("金额",), decisions=("折扣",), knowledge=("k_打折",)),
        "number",
    ),
    service("报价", ("应付",), encapsulated=("折扣",), inputs=("客户", "金额")),
)

BROKEN: dict[str, tuple[str, ...]] = {
    "structure.element-unknown": ("<decision name='d' id='d'><rule/></decision>",),
    "structure.element-foreign": ("<decision name='d' id='d'><x xmlns='urn:x'/></decision>",),
    "structure.attribute-unknown": ("<inputData id='i' colour='i' name='i'/>",),
    "structure.attribute-missing": ("<inputData id='i'/>",),
    "structure.element-missing": (decision("d", "<conditional><if/></conditional>"),),
    "structure.element-twice": (decision("d", literal("1") + literal("2")),),
    "structure.id-twice": ("<inputData id='i' name='i'/><inputData id='i' name='j'/>",),
    "graph.name-missing": ("<inputData id='i' name=''/>",),
    "graph.name-twice": ("<inputData id='i' name='i'/><inputData id='j' name='i'/>",),
    "graph.reference-unknown": (decision("d", literal("1"), needs(inputs=("gone",))),),
    "graph.reference-kind": (A, decision("d", literal("1"), needs(knowledge=("i_a",)))),
    "graph.cycle": (
        decision("x", literal("y"), needs(decisions=("y",))),
        decision("y", literal("x"), needs(decisions=("x",))),
    ),
    "graph.variable-name": ("<inputData id='i' name='i'><variable name='j'/></inputData>",),
    "graph.logic-missing": (decision("d", ""),),
    "service.output-missing": (service("s", ()),),
    "service.requirement-outside": (A, decision("d", literal("a"), NEEDS_A), service("s", ("d",))),
    "import.unknown": ('<import name="b" namespace="urn:gone" importType="https://www.omg.org/spec/DMN/"/>',),
    "import.type": ('<import name="b" namespace="urn:b" importType="http://www.dmg.org/PMML-4_1"/>',),
    "import.name": (IMPORT, "<inputData id='i' name='lib'/>"),
    "type.unknown": (input_data("i", "nothing"),),
    "type.name-twice": (item("t", of_type("string")), item("t", of_type("number"))),
    "type.name-of-feel": (item("number", of_type("string")),),
    "type.shape": (item("t", of_type("string") + component("a", of_type("string"))),),
    "type.circle": (item("s", of_type("t")), item("t", of_type("s"))),
    "type.language": ('<itemDefinition name="t" typeLanguage="urn:java"/>',),
    "type.values": (item("u", of_type("string") + allowed('"')),),
    "type.value": (
        item("t", of_type("string") + allowed('"金", "银"')),
        decision("d", literal('"铜"'), kind="t"),
    ),
    "type.mismatch": (A, decision("d", literal("a + 1"), NEEDS_A, kind="string")),
    "type.cell": (A, one_input('"a" | 1')),
    "type.output-value": (A, one_input("- | 3", values={"": "1, 2"})),
    "expression.syntax": (decision("d", literal("1 +")),),
    "expression.language": (
        decision("d", '<literalExpression expressionLanguage="urn:js"><text>1</text></literalExpression>'),
    ),
    "expression.missing": (decision("d", literal(" ")),),
    "names.requirement-missing": (A, decision("d", literal("a + 1"))),
    "names.unknown": (decision("d", literal("b + 1")),),
    "names.entry-unknown": (
        item("t", component("x", of_type("string"))),
        input_data("p", "t"),
        decision("d", literal("p.y"), needs(inputs=("p",))),
    ),
    "names.function-unknown": (decision("d", literal("f(1)")),),
    "context.entry-twice": (decision("d", context(entry("a", literal("1")), entry("a", literal("2")))),),
    "context.result-last": (decision("d", context(entry("", literal("1")), entry("a", literal("2")))),),
    "relation.row": (boxed("relation", f'<column name="a"/><row>{literal("1")}{literal("2")}</row>'),),
    "relation.column-twice": (boxed("relation", '<column name="a"/><column name="a"/>'),),
    "function.parameter-twice": (
        boxed("functionDefinition", '<formalParameter name="a"/><formalParameter name="a"/>' + literal("a")),
    ),
    "function.external": (boxed("functionDefinition", literal("1"), 'kind="Java"'),),
    "invocation.binding": (
        knowledge("f", literal("a"), {"a": ""}),
        decision("d", invocation("f", {"b": literal("1")}), needs(knowledge=("k_f",))),
    ),
    "iterator.variable-missing": (
        boxed("for", f"<in>{literal('[1]')}</in><return>{literal('1')}</return>", 'iteratorVariable=""'),
    ),
    "table.entries": (A, one_input("- | 1 | 2").replace("annotationEntry", "outputEntry")),
    "table.output-missing": (A, one_input().replace("<output></output>", "")),
    "table.output-name": (
        A,
        decision("d", table({"a": ""}, {"x": ""}, "- | 1").replace("<rule>", "<output/><rule>"), NEEDS_A),
    ),
    "table.hit-policy": (A, one_input("- | 1", policy="BEST")),
    "table.aggregation": (A, one_input("- | 1", policy="UNIQUE", aggregation="SUM")),
    "table.priority-missing": (A, one_input("- | 1", policy="PRIORITY")),
    "table.overlap": (A, one_input("< 10 | 1", "> 5 | 2")),
    "table.any-differs": (A, one_input("< 10 | 1", "> 5 | 2", policy="ANY")),
    "table.gap": (A, one_input("< 10 | 1", "> 10 | 2")),
    "table.rule-unreachable": (A, one_input("< 10 | 1", "> 5 | 2", "[6..7] | 3", policy="FIRST")),
    "table.rule-never": (A, one_input("- | 1", "> 9 | 2", policy="FIRST", values={"a": "[0..9]"})),
}
