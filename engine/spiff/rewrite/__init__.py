"""Exact reductions of BPMN to fewer kinds of nodes: pure rules from scope to scope."""
