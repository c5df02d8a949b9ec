"""`manage.py import_events`: bring a file of historical events into a store, with a progress bar."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.models import Store
from personalization.ingest.importing import Summary, import_events
from personalization.ingest.readers import READERS
from personalization.ingest.readers.row import UnreadableFileError
from personalization.management.progress import ProgressBar
from personalization.management.readiness import migrate_embedded

# A store made for historical data keeps it, whatever its age: a hundred years.
RETENTION_DAYS: Final = 36_500


class Command(BaseCommand):
    help = "Import historical events through the real ingestion; repeating it counts nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file, plain or gzip")
        parser.add_argument("--store", required=True, metavar="SLUG", help="identifier of the store")
        parser.add_argument("--format", required=True, choices=sorted(READERS), help="what the file is")
        parser.add_argument("--create-store", action="store_true", help="make the store if there is none")
        parser.add_argument("--currency", default="EUR", help="of a store that is made (default: EUR)")
        parser.add_argument("--limit", type=int, default=None, metavar="N", help="read the first N rows")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"{options['file']}: there is no such file")
        migrate_embedded()
        store = _store(options["store"], create=options["create_store"], currency=options["currency"])
        try:
            with ProgressBar() as bar:
                summary = import_events(
                    store=store,
                    path=options["file"],
                    reader=READERS[options["format"]],
                    now=timezone.now(),
                    progress=bar,
                    limit=options["limit"],
                )
        except UnreadableFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_told(summary))


def _store(slug: str, *, create: bool, currency: str) -> Store:
    store = Store.objects.filter(slug=slug).first()
    if store is not None:
        return store
    if not create:
        known = ", ".join(Store.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"store {slug!r}: expected one of: {known} (or --create-store)")
    store = Store(slug=slug, name=slug.replace("-", " ").title(), currency=currency, retention_days=RETENTION_DAYS)
    try:
        store.full_clean()
    except ValidationError as error:
        raise CommandError(f"store {slug!r}: {'; '.join(error.messages)}") from error
    store.save()
    return store


def _told(summary: Summary) -> str:
    products = f"products: {summary.products} made, {summary.products_refused} refused"
    events = (
        f"rows: {summary.read} read = {summary.stored} events stored + {summary.duplicates} duplicates"
        f" + {summary.rejected} rejected + {summary.left_out} left out"
    )
    return "\n".join([products, events, *summary.reasons])
