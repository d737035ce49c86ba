"""What each element of a decision model may hold, as the XML Schemas of the standard's versions have it.

The schemas of DMN 1.4 and 1.5 are in no package, so their content is written here as a table. The order of
children is not checked: it says nothing, and editors differ.
"""

from __future__ import annotations

from dataclasses import dataclass

Tags = frozenset[str]

EXPRESSIONS: Tags = frozenset(
    {
        *("literalExpression", "decisionTable", "context", "relation", "list", "invocation"),
        *("functionDefinition", "conditional", "filter", "for", "some", "every"),
    }
)
_ANY_ELEMENT = ("description", "extensionElements", "extensionAttribute")
_INFORMATION = ("informationRequirement", "knowledgeRequirement", "authorityRequirement")
_ARTIFACTS = ("group", "textAnnotation", "association")


@dataclass(frozen=True, slots=True)
class Form:
    """The children and attributes of an element.

    Of each set in `needed` one child must be there, of each in `single` no more than one may be.
    """

    children: Tags
    attributes: Tags
    required: tuple[str, ...] = ()
    needed: tuple[Tags, ...] = ()
    single: tuple[Tags, ...] = ()


def _form(
    children: str = "", attributes: str = "", *, needed: str = "", single: str = "", expressions: str = ""
) -> Form:
    """Return a form from words; `!` behind an attribute says it is required, `a|b` that one will do.

    `expressions` says how many there may be: `one`, `optional` or `many`.
    """
    names = [name.removesuffix("!") for name in attributes.split()]
    boxes: list[Tags] = [EXPRESSIONS] if expressions else []
    return Form(
        frozenset({*children.split(), *_ANY_ELEMENT, *(EXPRESSIONS if expressions else ())}),
        frozenset({*names, "id", "label"}),
        tuple(name.removesuffix("!") for name in attributes.split() if name.endswith("!")),
        (*map(_either, needed.split()), *(boxes if expressions == "one" else [])),
        (*map(_either, single.split()), *(boxes if expressions in ("one", "optional") else [])),
    )


def _either(words: str) -> Tags:
    return frozenset(words.split("|"))


_REFERENCE = _form(attributes="href!")
_NAME = _form(attributes="name! typeRef")
_TESTS = _form(
    "text importedValues", "expressionLanguage typeRef", needed="text|importedValues", single="text"
)
_LITERAL = _form("text importedValues", "expressionLanguage typeRef", single="text|importedValues")
_ITEM = _form(
    "typeRef allowedValues typeConstraint itemComponent functionItem",
    "name! typeLanguage isCollection",
    single="typeRef allowedValues typeConstraint functionItem",
)
_CHILD = _form(attributes="typeRef", expressions="one")
_FUNCTION = _form("formalParameter", "kind typeRef", expressions="optional")
_ITERATOR = "iteratorVariable! typeRef"
_PLAIN = Form(frozenset(), frozenset())

#: What `inputData` is within a decision service.
SERVICE_INPUT = _REFERENCE

FORMS: dict[str, Form] = {
    "definitions": _form(
        " ".join(
            (
                *("import", "itemDefinition", "decision", "inputData", "businessKnowledgeModel"),
                *("knowledgeSource", "decisionService", "elementCollection", "performanceIndicator"),
                *("organizationUnit", *_ARTIFACTS),
            )
        ),
        "name! namespace! expressionLanguage typeLanguage exporter exporterVersion",
    ),
    "import": _form(attributes="name namespace! importType! locationURI"),
    "itemDefinition": _ITEM,
    "itemComponent": _ITEM,
    "functionItem": _form("parameters", "outputTypeRef"),
    "typeRef": _PLAIN,
    "decision": _form(
        " ".join(
            (
                *("question", "allowedAnswers", "variable", *_INFORMATION, "supportedObjective"),
                *(
                    "impactedPerformanceIndicator",
                    "decisionMaker",
                    "decisionOwner",
                    "usingProcess",
                    "usingTask",
                ),
            )
        ),
        "name!",
        single="variable question allowedAnswers",
        expressions="optional",
    ),
    "inputData": _form("variable", "name!", single="variable"),
    "businessKnowledgeModel": _form(
        "variable encapsulatedLogic knowledgeRequirement authorityRequirement",
        "name!",
        single="variable encapsulatedLogic",
    ),
    "knowledgeSource": _form("authorityRequirement type owner", "name! locationURI"),
    "decisionService": _form(
        "variable outputDecision encapsulatedDecision inputDecision inputData", "name!", single="variable"
    ),
    "elementCollection": _form("drgElement", "name!"),
    "performanceIndicator": _form("impactingDecision", "name! URI"),
    "organizationUnit": _form("decisionMade decisionOwned", "name! URI"),
    "group": _form(attributes="name"),
    "textAnnotation": _form("text", "textFormat"),
    "association": _form("sourceRef targetRef", "associationDirection", needed="sourceRef targetRef"),
    "informationRequirement": _form(
        "requiredDecision requiredInput",
        needed="requiredDecision|requiredInput",
        single="requiredDecision|requiredInput",
    ),
    "knowledgeRequirement": _form(
        "requiredKnowledge", needed="requiredKnowledge", single="requiredKnowledge"
    ),
    "authorityRequirement": _form(
        "requiredDecision requiredInput requiredAuthority",
        needed="requiredDecision|requiredInput|requiredAuthority",
        single="requiredDecision|requiredInput|requiredAuthority",
    ),
    **dict.fromkeys(
        (
            *("requiredDecision", "requiredInput", "requiredKnowledge", "requiredAuthority"),
            *("outputDecision", "encapsulatedDecision", "inputDecision", "supportedObjective"),
            *("impactedPerformanceIndicator", "decisionMaker", "decisionOwner", "usingProcess", "usingTask"),
            *("owner", "impactingDecision", "decisionMade", "decisionOwned", "drgElement"),
            *("sourceRef", "targetRef"),
        ),
        _REFERENCE,
    ),
    **dict.fromkeys(("variable", "formalParameter", "parameter", "parameters", "column"), _NAME),
    **dict.fromkeys(("allowedValues", "typeConstraint", "inputValues", "outputValues", "inputEntry"), _TESTS),
    **dict.fromkeys(("literalExpression", "inputExpression", "outputEntry", "defaultOutputEntry"), _LITERAL),
    "importedValues": _form(
        "importedElement",
        "name namespace! importType! locationURI expressionLanguage",
        needed="importedElement",
    ),
    "importedElement": _PLAIN,
    "decisionTable": _form(
        "input output annotation rule",
        "hitPolicy aggregation preferredOrientation outputLabel typeRef",
        needed="output",
    ),
    "input": _form(
        "inputExpression inputValues", needed="inputExpression", single="inputExpression inputValues"
    ),
    "output": _form(
        "outputValues defaultOutputEntry", "name typeRef", single="outputValues defaultOutputEntry"
    ),
    "annotation": _form(attributes="name"),
    "rule": _form("inputEntry outputEntry annotationEntry", needed="outputEntry"),
    "annotationEntry": _form("text"),
    "context": _form("contextEntry", "typeRef"),
    "contextEntry": _form("variable", "typeRef", single="variable", expressions="one"),
    "relation": _form("column row", "typeRef"),
    "row": _form(attributes="typeRef", expressions="many"),
    "list": _form(attributes="typeRef", expressions="many"),
    "invocation": _form("binding", "typeRef", expressions="one"),
    "binding": _form("parameter", needed="parameter", single="parameter", expressions="optional"),
    "functionDefinition": _FUNCTION,
    "encapsulatedLogic": _FUNCTION,
    "conditional": _form("if then else", "typeRef", needed="if then else", single="if then else"),
    "filter": _form("in match", "typeRef", needed="in match", single="in match"),
    "for": _form("in return", _ITERATOR, needed="in return", single="in return"),
    "some": _form("in satisfies", _ITERATOR, needed="in satisfies", single="in satisfies"),
    "every": _form("in satisfies", _ITERATOR, needed="in satisfies", single="in satisfies"),
    **dict.fromkeys(("if", "then", "else", "in", "return", "match", "satisfies"), _CHILD),
    **dict.fromkeys(("description", "question", "allowedAnswers", "text", "type"), _PLAIN),
}
