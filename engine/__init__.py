"""Execution of diagrams: tokens, work items, time and history; knows no project and no HTML."""
