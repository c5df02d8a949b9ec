"""`manage.py generate_docs [--check]`: the pages of docs/ that the code itself writes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.validation import validate_schema

from personalization.markers import MARKERS
from personalization.markers.document import page

# The committed document speaks of no installation in particular, wherever it was generated.
ANY_SERVER: Final = [{"url": "/", "description": "This installation"}]


class Command(BaseCommand):
    help = "Write docs/markers.md and docs/openapi.json anew, or check that they are current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when a page is stale")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs")

    def handle(self, *, check: bool, folder: Path, **options: Any) -> None:
        texts = {folder / name: text() for name, text in PAGES.items()}
        stale = [path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        if check and stale:
            names = ", ".join(path.name for path in stale)
            raise CommandError(f"stale: {names}; run “manage.py generate_docs” (or “make docs”)")
        for path in stale:
            path.write_text(texts[path], encoding="utf-8")
            self.stdout.write(f"wrote {path}")
        if not stale:
            self.stdout.write(f"current: {', '.join(PAGES)}")


def openapi_document() -> str:
    """The OpenAPI 3.1 document in English, as JSON.

    Raises:
        jsonschema.ValidationError: it is no valid OpenAPI document.
    """
    with translation.override("en"), patched_settings({"SERVERS": ANY_SERVER}):
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        validate_schema(schema)  # type: ignore[no-untyped-call]
        return json.dumps(schema, indent=1, ensure_ascii=False, default=str) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "markers.md": lambda: page(MARKERS),
    "openapi.json": openapi_document,
}
