"""The token layer: BPMN semantics on SpiffWorkflow's task tree, rows in and rows out."""
