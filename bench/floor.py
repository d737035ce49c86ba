"""The floor on PostgreSQL: one durable transaction of one insert and one update by the bare driver."""

from __future__ import annotations

import psycopg

from bench.workloads import Call


def postgres_floor(url: str) -> Call:
    """Return the floor's transaction on PostgreSQL."""
    connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
    connection.execute("create table floor_a (id bigserial primary key, x text)")
    connection.execute("create table floor_b (id bigint primary key, n bigint)")
    connection.execute("insert into floor_b values (1, 0)")

    def once() -> None:
        connection.execute("begin")
        connection.execute("insert into floor_a (x) values ('0123456789')")
        connection.execute("update floor_b set n = n + 1 where id = 1")
        connection.execute("commit")

    return once
