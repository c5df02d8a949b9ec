"""`manage.py evaluate_outcomes`: what engines find of what is carted and bought later in a visit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.models import Store
from personalization.engines import ENGINES
from personalization.evaluation import copying
from personalization.evaluation.outcome_figures import VISITORS
from personalization.evaluation.outcome_protocol import Examination, examine_files, examine_store
from personalization.evaluation.replay import RejectedRowsError
from personalization.evaluation.sessions import TrainingRow, UnreadableFileError, read_training
from personalization.management.progress import ProgressBar
from personalization.management.readiness import migrate_embedded

SHOWN: Final = ("hr", "mrr", "recall", "hr_bought", "mrr_bought", "value", "margin", "hr_next", "mrr_next")


class Command(BaseCommand):
    help = "Ask every engine in the midst of held-out visits; report what their lists held of what was taken later."

    def add_arguments(self, parser: CommandParser) -> None:
        columns = "session_id,item_id,timestamp[,visitor_id,event,price,quantity]"
        parser.add_argument("--train", type=Path, default=None, help=columns)
        parser.add_argument("--visits", type=Path, default=None, help=f"held-out visits, later than --train: {columns}")
        parser.add_argument("--store", default=None, metavar="SLUG", help="instead: a store's own visits, in a copy")
        parser.add_argument(
            "--since", default="0.9", help="with --store: where its visits are split, an instant or a share of them"
        )
        parser.add_argument(
            "--engine", action="append", choices=sorted(ENGINES), default=None, help="repeatable; default: all"
        )
        parser.add_argument("--k", type=int, default=20, help="length of the lists that are judged")
        parser.add_argument("--cuts", type=int, default=2, help="instants asked about per visit")
        parser.add_argument("--sample", type=int, default=None, help="ask about this many of the held-out visits")
        parser.add_argument("--seed", type=int, default=0, help="of the sample, the instants and the intervals")
        parser.add_argument("--workers", type=int, default=None, help="processes that remember (default: one a core)")
        parser.add_argument("--json", type=Path, default=None, metavar="OUT", help="write the figures here")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["store"]) == bool(options["train"] and options["visits"]):
            raise CommandError("expected either --train and --visits, or --store")
        examination = Examination(
            engines=[ENGINES[name] for name in options["engine"] or ENGINES],
            k=options["k"],
            a_visit=options["cuts"],
            sample=options["sample"],
            seed=options["seed"],
            workers=options["workers"],
        )
        try:
            figures = _examined(options, examination)
        except (UnreadableFileError, RejectedRowsError, copying.NothingToSplitError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            options["json"].write_text(json.dumps(figures) + "\n")
        for line in table(figures):
            self.stdout.write(line)


def table(figures: Mapping[str, Any]) -> Iterable[str]:
    """The figures as lines to read: engines and their visitors down, what was found across."""
    yield (
        f"{figures['cuts']} cuts of {figures['visits']} visits; {figures['cuts_taken_later']} with a product taken "
        f"later, {figures['cuts_bought_later']} with one bought later; lists of {figures['k']}; 95 % intervals by visit"
    )
    for visitors in VISITORS:
        yield from _block(figures, visitors, title=visitors)
    yield from _block(figures["own_order"], "all", title="all, engines' own order")
    yield ""
    for engine, found in figures["engines"].items():
        errors = ", ".join(f"{kind} {figure['ece']:.4f}" for kind, figure in found["calibration"].items())
        yield f"{engine:<24}calibration error: {errors}"
    shares = ", ".join(f"{share:.3f}" for _size, _similarity, share, *_ in figures["similarity_bands"]["points"])
    rises = "rises with likeness" if figures["similarity_bands"]["monotone"] else "does not rise with likeness"
    yield f"what followed the analogues happens again, by fifths of likeness: {shares or 'unknown'} ({rises})"


def _block(figures: Mapping[str, Any], visitors: str, *, title: str) -> Iterable[str]:
    yield ""
    yield f"{title:<24}" + "".join(f"{name:>24}" for name in SHOWN) + f"{'ms':>8}"
    for engine, found in figures["engines"].items():
        milliseconds = found[visitors].get("ms", [None])[0]
        yield f"{engine:<24}" + _cells(found[visitors]) + f"{milliseconds or 0.0:>8.1f}"
    for rival, found in figures["inductive_minus"].items():
        yield f"{'inductive - ' + rival:<24}" + _cells(found[visitors])


def _cells(found: Mapping[str, list[float | None]]) -> str:
    return "".join(f"{_interval(found.get(name) or [None] * 3):>24}" for name in SHOWN)


def _interval(interval: list[float | None]) -> str:
    if None in interval:
        return "-"
    value, lower, upper = (float(bound or 0.0) for bound in interval)
    return f" {value:.3f} [{lower:.3f} {upper:.3f}]"


def _examined(options: Mapping[str, Any], examination: Examination) -> dict[str, Any]:
    now = timezone.now()
    if options["store"]:
        migrate_embedded()
        source = Store.objects.filter(slug=options["store"]).first()
        if source is None:
            raise CommandError(f"--store {options['store']}: there is no such store")
        since = _since(source, options["since"])
        with ProgressBar() as bar:
            return examine_store(source=source, since=since, examination=examination, now=now, progress=bar)
    rows, visits = _rows(options["train"]), _rows(options["visits"])
    migrate_embedded()
    with ProgressBar() as bar:
        return examine_files(rows=rows, visits=visits, examination=examination, now=now, progress=bar)


def _rows(path: Path) -> list[TrainingRow]:
    rows = list(read_training(path))
    if not rows:
        raise CommandError(f"{path}: expected at least one row")
    return rows


def _since(source: Store, told: str) -> datetime:
    """An instant, or that after a share of the store's visits."""
    try:
        share = float(told)
    except ValueError:
        share = -1.0
    if 0 < share < 1:
        return copying.split_instant(source, share=share)
    instant = parse_datetime(told) if share < 0 else None
    if instant is None:
        raise CommandError(f"--since {told}: expected an instant (2026-05-01T00:00:00+02:00) or a share (0.9)")
    return instant if instant.tzinfo else instant.replace(tzinfo=source.zone_info)
