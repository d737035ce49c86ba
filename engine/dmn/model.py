"""A decision model as its file has it: plain values, nothing resolved (DMN 1.5 §6.3, §7.3, §8.3, §10.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

HitPolicy = Literal["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Anything of the model: its id, empty when the file gives none, and its line, from 1."""

    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class TypeRef:
    """The name of a type, `import.type` where it is another model's; DMN 1.1 names its namespace instead."""

    name: str
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Element):
    """A name with the type its values are to have: an information item, a parameter or a column (§7.3.4)."""

    name: str
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTests(Element):
    """The text of input entries and constraints (DMN 1.5 §7.3.2, §8.3.2)."""

    text: str
    language: str = ""


# ── boxed expressions ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Element):
    """Decision logic in any form; its value is to be of `type` (§7.3.1)."""

    type: TypeRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(Expression):
    """Text in FEEL (§7.3.5)."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry(Element):
    """One entry; the one without a variable is the result of the context."""

    variable: Variable | None
    value: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Expression):
    """Named values, each of which may use those before it (§10.5.1)."""

    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Expression):
    """A list of contexts with the same names, written as rows and columns (§10.5.3)."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Expression):
    """A list of expressions (§10.5.4)."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Element):
    """The parameter of a called function and what it is given."""

    parameter: Variable
    value: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Expression):
    """A function called with named arguments (§7.3.6)."""

    function: Expression | None
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Expression):
    """A function with parameters and a body; `kind` is FEEL, Java or PMML (§10.5.2)."""

    parameters: tuple[Variable, ...]
    body: Expression | None
    kind: str = "FEEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Expression):
    """If, then, else (§10.5.5)."""

    condition: Expression | None
    then: Expression | None
    otherwise: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Expression):
    """The elements of a list for which an expression is true (§10.5.6)."""

    source: Expression | None
    match: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterator(Expression):
    """For, some or every: an expression for each element of a list (§10.5.7)."""

    kind: Literal["for", "some", "every"]
    variable: str
    source: Expression | None
    body: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause(Element):
    """What a column of a table is about, and which values it may have (§8.3.2)."""

    expression: LiteralExpression | None
    values: UnaryTests | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause(Element):
    """What a column of a table answers (§8.3.2)."""

    name: str = ""
    type: TypeRef | None = None
    values: UnaryTests | None = None
    default: LiteralExpression | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """A row of a table (§8.3.2)."""

    inputs: tuple[UnaryTests, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Expression):
    """A table of rules (§8.3); how it lies on the page changes nothing about what it means."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    hit_policy: str = "UNIQUE"
    aggregation: str = ""
    annotations: tuple[str, ...] = ()
    orientation: str = "Rule-as-Row"
    label: str = ""


# ── elements of the requirements graph ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Element):
    """What an element needs: a decision, an input, knowledge or an authority, by reference (§6.3.11-13)."""

    kind: Literal["decision", "input", "knowledge", "authority"]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphElement(Element):
    """An element of the requirements graph (§6.3.3)."""

    tag: ClassVar[str]

    name: str
    variable: Variable | None = None
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(GraphElement):
    """A value that is given from outside (§6.3.10)."""

    tag: ClassVar[str] = "inputData"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(GraphElement):
    """A value that is decided (§6.3.7)."""

    tag: ClassVar[str] = "decision"

    expression: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeModel(GraphElement):
    """A function that decisions share (§6.3.8)."""

    tag: ClassVar[str] = "businessKnowledgeModel"

    logic: FunctionDefinition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService(GraphElement):
    """Decisions behind an interface, callable like a function; all by reference (§6.3.9)."""

    tag: ClassVar[str] = "decisionService"

    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource(GraphElement):
    """An authority for decisions: known, never executed (§6.3.14)."""

    tag: ClassVar[str] = "knowledgeSource"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition(Element):
    """A type of the model, or a component of one (§7.3.2)."""

    tag: ClassVar[str] = "itemDefinition"

    name: str
    type: TypeRef | None = None
    components: tuple[ItemDefinition, ...] = ()
    is_collection: bool = False
    allowed: UnaryTests | None = None
    constraint: UnaryTests | None = None
    function: FunctionItem | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem(Element):
    """The type of functions (§7.3.3)."""

    parameters: tuple[Variable, ...]
    result: TypeRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Element):
    """Another model, known here by a name; an empty name brings its elements in as they are (§6.3.2)."""

    tag: ClassVar[str] = "import"

    name: str
    namespace: str
    type: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions(Element):
    """Everything one file defines (§6.3.2)."""

    tag: ClassVar[str] = "definitions"

    name: str
    namespace: str
    version: str
    imports: tuple[Import, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    elements: tuple[GraphElement, ...] = ()
    language: str = ""
