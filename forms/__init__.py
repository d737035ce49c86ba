"""Forms of human steps: schema, computed fields, validation and the view model; no HTML."""
