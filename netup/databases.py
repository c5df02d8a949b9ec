"""The database that the environment names, as Django's settings want it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


def database(env: environ.Env, *, embedded_home: Path, test_name: str) -> dict[str, Any]:
    """PostgreSQL named by DATABASE_URL, or the embedded one that starts at the first connection.

    Raises:
        ImproperlyConfigured: DATABASE_URL names another kind of database.
    """
    if env.str("DATABASE_URL", ""):
        found: dict[str, Any] = dict(env.db("DATABASE_URL"))
        if "postgresql" not in found["ENGINE"]:
            raise ImproperlyConfigured("DATABASE_URL: expected postgres://…, the memory needs PostgreSQL with pgvector")
    else:
        found = {"ENGINE": "netup.postgresql", "NAME": "netup", "EMBEDDED_HOME": embedded_home}
    found["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 600)
    found["CONN_HEALTH_CHECKS"] = True
    # Statements are prepared where they ask for it, none by having been sent often: a plan for any parameters can be a
    # bad one for most. Behind a pooler of transactions that knows none, such as PgBouncer before 1.21, there are none.
    threshold = sys.maxsize if env.bool("PREPARED_STATEMENTS", True) else None
    found["OPTIONS"] = {**found.get("OPTIONS", {}), "prepare_threshold": threshold}
    found["TEST"] = {"NAME": test_name}
    return found
