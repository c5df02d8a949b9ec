"""`manage.py erase_visitor`: forget a visitor, and say what went."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.models import Store
from personalization.erasure import erase_visitor


class Command(BaseCommand):
    help = "Erase a visitor's events, visits, decisions and situations, in every generation of the store's memory."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("store", help="identifier of the store")
        parser.add_argument("visitor_id", help="the visitor's pseudonymous id, as the storefront sends it")

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store.objects.filter(slug=options["store"]).first()
        if store is None:
            known = ", ".join(Store.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"store {options['store']!r}: expected one of: {known}")
        erased = erase_visitor(store=store, visitor_id=options["visitor_id"])
        generations = ", ".join(map(str, erased.generations)) or "none"
        self.stdout.write(
            f"{erased.visits} visits, {erased.events} events, {erased.decisions} decisions erased; "
            f"generations touched: {generations}"
        )
