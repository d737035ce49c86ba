"""Import of diagrams that were drawn for other products.

What has an exact like here is rewritten, what changes nothing is taken out, and everything else is
left as it was for a person, so that the gate names it. Nothing is guessed and nothing executed.
"""

from engine.bpmn.importing.notes import OUTCOMES, Imported, Note
from engine.bpmn.importing.translation import TABLES, translate

__all__ = ["OUTCOMES", "TABLES", "Imported", "Note", "translate"]
