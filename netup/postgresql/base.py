"""Django's PostgreSQL backend on the embedded server, which starts at the first connection, not before."""

from pathlib import Path
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base

from netup.embedded_postgres import ConnectionParameters, EmbeddedPostgresError, ensure_running


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the server of `EMBEDDED_HOME`; everything else is Django's own backend."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters, with the place and password of the running server."""
        found = self._running()
        self.settings_dict.update(HOST=found.host, PORT=str(found.port), USER=found.user, PASSWORD=found.password)
        return dict(super().get_connection_params())

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One more try after a server that was just killed came back."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            self._running(recheck=True)
            return super().get_new_connection(conn_params)

    def _running(self, *, recheck: bool = False) -> ConnectionParameters:
        try:
            return ensure_running(Path(self.settings_dict["EMBEDDED_HOME"]), recheck=recheck)
        except EmbeddedPostgresError as error:
            raise OperationalError(str(error)) from error
