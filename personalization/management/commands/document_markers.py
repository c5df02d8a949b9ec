"""Write the page of all markers from the register, or check that it is current."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from personalization.markers import MARKERS
from personalization.markers.document import page


class Command(BaseCommand):
    help = "Writes docs/markers.md from the register of markers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when the page is stale")
        parser.add_argument("--path", type=Path, default=settings.BASE_DIR / "docs" / "markers.md")

    def handle(self, *, check: bool, path: Path, **options: Any) -> None:
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        current = page(MARKERS)
        if check and written != current:
            raise CommandError(f"{path} is stale: run manage.py document_markers.")
        if not check:
            path.write_text(current, encoding="utf-8")
        self.stdout.write(f"{path}: {len(MARKERS)} markers, current.")
