"""One history of all tables; imported only by the command that migrates."""
