"""Tables, the database (SQLite or PostgreSQL) and the unit of work."""
