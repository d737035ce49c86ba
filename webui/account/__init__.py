"""Accounts: how people prove who they are, their sessions on the server and their one-time links."""
