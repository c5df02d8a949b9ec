"""PostgreSQL with pgvector for machines without a database server: started on demand, shared by processes."""

from netup.embedded_postgres.errors import EmbeddedPostgresError
from netup.embedded_postgres.sharing import (
    ConnectionParameters,
    connection_parameters,
    ensure_running,
    is_running,
    stop_if_unused,
)

__all__ = [
    "ConnectionParameters",
    "EmbeddedPostgresError",
    "connection_parameters",
    "ensure_running",
    "is_running",
    "stop_if_unused",
]
