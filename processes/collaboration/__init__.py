"""Cross-department projects from filing to closing: the five phases and what they need."""
