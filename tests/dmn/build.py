"""Small decision models as text: what a test says is what the file has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.dmn import Decided, evaluate, link, read
from engine.dmn.gate import check
from engine.dmn.linking import Model

DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model_xml(*parts: str, name: str = "model", namespace: str = "urn:test", dmn: str = DMN_15) -> bytes:
    """Return a file with these elements."""
    head = f'<definitions xmlns="{dmn}" id="_{name}" name="{name}" namespace="{namespace}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{"".join(parts)}\n</definitions>'.encode()


def linked(*parts: str, imports: tuple[bytes, ...] = (), **head: str) -> Model:
    """Return the model of a file with these elements, and the models it may import."""
    return link(read(model_xml(*parts, **head)).definitions, [read(other).definitions for other in imports])


def decided(of: Model, name: str, context: Mapping[str, Any] | None = None) -> Decided:
    """Return what a decision answers."""
    return evaluate(of, name, context or {})


def value(of: Model, name: str, context: Mapping[str, Any] | None = None) -> Any:
    """Return the value of a decision."""
    return decided(of, name, context).value


def codes(*parts: str, imports: tuple[bytes, ...] = (), **head: str) -> list[str]:
    """Return the codes of the findings about a file with these elements."""
    found = check(read(model_xml(*parts, **head)), [read(other) for other in imports])
    return sorted(finding.code for finding in found)


# ── elements ────────────────────────────────────────────────────────────────────────────────────


def _type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def variable(name: str, kind: str = "") -> str:
    return f"<variable name={quoteattr(name)}{_type(kind)}/>"


def input_data(name: str, kind: str = "") -> str:
    return f"<inputData id={quoteattr('i_' + name)} name={quoteattr(name)}>{variable(name, kind)}</inputData>"


def needs(
    *, inputs: tuple[str, ...] = (), decisions: tuple[str, ...] = (), knowledge: tuple[str, ...] = ()
) -> str:
    """Return requirements by the names of what is required."""
    return "".join(
        [
            *(_information("requiredInput", f"#i_{name}") for name in inputs),
            *(_information("requiredDecision", f"#d_{name}") for name in decisions),
            *(
                f'<knowledgeRequirement><requiredKnowledge href="#{name}"/></knowledgeRequirement>'
                for name in knowledge
            ),
        ]
    )


def _information(tag: str, href: str) -> str:
    return f"<informationRequirement><{tag} href={quoteattr(href)}/></informationRequirement>"


def decision(name: str, logic: str, requirements: str = "", kind: str = "") -> str:
    head = f"<decision id={quoteattr('d_' + name)} name={quoteattr(name)}>"
    return f"{head}{variable(name, kind)}{requirements}{logic}</decision>"


def knowledge(
    name: str, logic: str, parameters: Mapping[str, str], requirements: str = "", kind: str = ""
) -> str:
    formal = "".join(
        f"<formalParameter name={quoteattr(each)}{_type(of)}/>" for each, of in parameters.items()
    )
    head = f"<businessKnowledgeModel id={quoteattr('k_' + name)} name={quoteattr(name)}>"
    body = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{requirements}"
    return f"{head}{variable(name, kind)}{body}</businessKnowledgeModel>"


def service(
    name: str,
    outputs: tuple[str, ...],
    encapsulated: tuple[str, ...] = (),
    input_decisions: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    kind: str = "",
) -> str:
    parts = [
        *(f"<outputDecision href={quoteattr('#d_' + each)}/>" for each in outputs),
        *(f"<encapsulatedDecision href={quoteattr('#d_' + each)}/>" for each in encapsulated),
        *(f"<inputDecision href={quoteattr('#d_' + each)}/>" for each in input_decisions),
        *(f"<inputData href={quoteattr('#i_' + each)}/>" for each in inputs),
    ]
    head = f"<decisionService id={quoteattr('s_' + name)} name={quoteattr(name)}>{variable(name, kind)}"
    return f"{head}{''.join(parts)}</decisionService>"


def item(name: str, inner: str = "", collection: bool = False) -> str:
    many = ' isCollection="true"' if collection else ""
    return f"<itemDefinition name={quoteattr(name)}{many}>{inner}</itemDefinition>"


def of_type(kind: str) -> str:
    return f"<typeRef>{escape(kind)}</typeRef>"


def component(name: str, inner: str, collection: bool = False) -> str:
    many = ' isCollection="true"' if collection else ""
    return f"<itemComponent name={quoteattr(name)}{many}>{inner}</itemComponent>"


def allowed(text: str, tag: str = "allowedValues") -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


# ── boxed expressions ───────────────────────────────────────────────────────────────────────────


def literal(text: str, kind: str = "") -> str:
    return f"<literalExpression{_type(kind)}><text>{escape(text)}</text></literalExpression>"


def entry(name: str, logic: str, kind: str = "") -> str:
    return f"<contextEntry>{variable(name, kind) if name else ''}{logic}</contextEntry>"


def context(*entries: str, kind: str = "") -> str:
    return f"<context{_type(kind)}>{''.join(entries)}</context>"


def invocation(function: str, bindings: Mapping[str, str], kind: str = "") -> str:
    bound = "".join(
        f"<binding><parameter name={quoteattr(each)}/>{logic}</binding>" for each, logic in bindings.items()
    )
    return f"<invocation{_type(kind)}>{literal(function)}{bound}</invocation>"


def table(
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    *rules: str,
    policy: str = "UNIQUE",
    aggregation: str = "",
    attributes: str = "",
    values: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    annotations: tuple[str, ...] = (),
) -> str:
    """Return a decision table.

    `inputs` are expressions with their types, `outputs` names with their types, `rules` cells joined by ` | `
    (inputs, then outputs, then annotations); `values` are allowed values of inputs and outputs by name.
    """
    values, defaults = values or {}, defaults or {}
    columns = "".join(
        f"<input><inputExpression{_type(kind)}><text>{escape(text)}</text></inputExpression>"
        f"{allowed(values[text], 'inputValues') if text in values else ''}</input>"
        for text, kind in inputs.items()
    )
    results = "".join(
        f"<output{f' name={quoteattr(name)}' if name else ''}{_type(kind)}>"
        f"{allowed(values[name], 'outputValues') if name in values else ''}"
        f"{allowed(defaults[name], 'defaultOutputEntry') if name in defaults else ''}</output>"
        for name, kind in outputs.items()
    )
    notes = "".join(f"<annotation name={quoteattr(each)}/>" for each in annotations)
    rows = "".join(_rule(each, len(inputs), len(outputs)) for each in rules)
    collected = f' aggregation="{aggregation}"' if aggregation else ""
    head = f'<decisionTable hitPolicy="{policy}"{collected} {attributes}>'
    return f"{head}{columns}{results}{notes}{rows}</decisionTable>"


def _rule(cells: str, inputs: int, outputs: int) -> str:
    parts = [cell.strip() for cell in cells.split(" | ")]
    tags = ["inputEntry"] * inputs + ["outputEntry"] * outputs
    tags += ["annotationEntry"] * (len(parts) - len(tags))
    return "<rule>" + "".join(map(_cell, tags, parts)) + "</rule>"


def _cell(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>"
