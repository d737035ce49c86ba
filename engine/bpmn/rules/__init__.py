"""The rules of the gate: one module per chapter, one pure function per rule."""
