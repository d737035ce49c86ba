"""The content that runs on the engine: diagrams, domain tables and the services they call."""
