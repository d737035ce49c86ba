"""Decision models (DMN 1.5): read safely, checked like diagrams, and evaluated on FEEL.

`read` a file, `link` it with those it imports, `evaluate` a decision. What a model does never raises:
where it has no value the result is null, and `problems` say why and where.
"""

from engine.dmn.evaluate import Decided, evaluate
from engine.dmn.linking import Model, link
from engine.dmn.reading import Document, read
from engine.dmn.run import MatchedRule, Problem, TableRun

__all__ = ["Decided", "Document", "MatchedRule", "Model", "Problem", "TableRun", "evaluate", "link", "read"]
