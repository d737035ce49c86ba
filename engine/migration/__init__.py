"""Migration: running instances go on under another version of their diagram, exactly, or not at all."""
