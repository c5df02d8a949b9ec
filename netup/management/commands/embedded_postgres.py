"""`manage.py embedded_postgres status|stop`: the operator's hand on the database that starts by itself."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netup.embedded_postgres import EmbeddedPostgresError, is_running, stop_if_unused


class Command(BaseCommand):
    help = "Says whether the embedded database runs, or stops it unless a program uses it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["status", "stop"])

    def handle(self, *, action: str, **options: Any) -> None:
        home = settings.DATABASES["default"].get("EMBEDDED_HOME")
        if home is None:
            raise CommandError("DATABASE_URL names the database: no embedded one is in use")
        try:
            self.stdout.write(self._stop(Path(home)) if action == "stop" else self._status(Path(home)))
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error

    def _status(self, home: Path) -> str:
        return "running" if is_running(home) else "not running"

    def _stop(self, home: Path) -> str:
        if not is_running(home):
            return "not running"
        return "stopped" if stop_if_unused(home) else "still running: a program uses it"
