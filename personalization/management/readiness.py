"""A database that a command can work on: the embedded one brings itself up to date, another is its operator's."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command


def migrate_embedded() -> None:
    """Apply what migrations are missing, where the installation keeps its own database."""
    if "EMBEDDED_HOME" in settings.DATABASES["default"]:
        call_command("migrate", verbosity=0, interactive=False)
