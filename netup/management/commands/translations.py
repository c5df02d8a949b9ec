"""`manage.py translations [--check]`: compile the message catalogs, with no need for gettext."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netup.translations import CatalogError, compile_catalog, is_current, read_messages


class Command(BaseCommand):
    help = "Compile locale/*/LC_MESSAGES/*.po, or check that the compiled catalogs are up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell; fail when one is out of date")

    def handle(self, *, check: bool, **options: Any) -> None:
        sources = sorted(found for root in settings.LOCALE_PATHS for found in Path(root).rglob("*.po"))
        try:
            late = [source for source in sources if not is_current(source)]
            if check and late:
                names = ", ".join(str(source.with_suffix(".mo")) for source in late)
                raise CommandError(f"out of date, run “manage.py translations”: {names}")
            for source in late:
                source.with_suffix(".mo").write_bytes(compile_catalog(read_messages(source)))
                self.stdout.write(f"compiled {source}")
        except CatalogError as error:
            raise CommandError(str(error)) from error
