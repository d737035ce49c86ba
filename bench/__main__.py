"""`python -m bench`: every measurement in one table."""

from __future__ import annotations

from bench import crowd, inbox, step, web
from bench.report import table

if __name__ == "__main__":
    print(table([*step.measure(), *crowd.measure(), *inbox.measure(), *web.measure()]))
