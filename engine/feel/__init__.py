"""FEEL (DMN 1.5): the one expression language of diagrams, forms and decisions."""
