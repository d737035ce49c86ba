"""The rules of the gate for decision models: one module per subject, one pure function per rule."""
