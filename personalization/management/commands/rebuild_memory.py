"""`manage.py rebuild_memory`: build a store's next generation here and now, with a progress bar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.models import Store
from personalization.management.progress import ProgressBar
from personalization.memory import building, generations, rebuild
from personalization.models import Generation


class Command(BaseCommand):
    help = "Build the next generation of a store's memory and switch to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("store", nargs="?", help="identifier of the store")
        parser.add_argument("--workers", type=int, default=None, help="processes that remember (default: one a core)")
        parser.add_argument("--no-switch", action="store_true", help="leave the new generation ready, not live")
        # What the command starts for each further worker.
        parser.add_argument("--share-of", type=int, metavar="GENERATION", help="do one worker's share of a rebuild")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["share_of"]:
            rebuild.work(Generation.objects.building().get(pk=options["share_of"]))
            return
        try:
            store = Store.objects.get(slug=options["store"])
        except Store.DoesNotExist as error:
            known = ", ".join(Store.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"store {options['store']!r}: expected one of: {known}") from error
        try:
            with ProgressBar() as bar:
                generation = building.build(
                    store=store,
                    now=timezone.now(),
                    workers=options["workers"],
                    progress=bar,
                    go_live=not options["no_switch"],
                )
        except (generations.HeldElsewhereError, rebuild.NothingToRememberError, building.RebuildFailedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"generation {generation.number} is {generation.state}: "
            f"{generation.visit_count} visits, {generation.situation_count} situations, {generation.validation}"
        )
