"""System checks: the register of markers, the situation's vector and the table of the memory agree."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.migrations.operations import RunSQL

from personalization import migrations
from personalization.markers import MARKERS
from personalization.markers.definition import FAMILIES, Marker

REGISTER_SIZE: Final = 232

_HALFVEC: Final = re.compile(r"\bsituation\s+(?:TYPE\s+)?halfvec\((\d+)\)", re.IGNORECASE)


def check_markers(app_configs: object = None, **kwargs: Any) -> list[CheckMessage]:
    """What `manage.py check` reports about the register; empty when all is well."""
    return [
        *register_problems(MARKERS, families=FAMILIES),
        *width_problems(
            len(MARKERS),
            {"the model PastSituation": _model_width(), "the migrations' table": _migrated_width()},
        ),
    ]


def register_problems(markers: Sequence[Marker], *, families: Mapping[str, int]) -> Iterator[CheckMessage]:
    """Errors in the number, the families, the order, the names and the ranges of these markers."""
    if len(markers) != REGISTER_SIZE:
        yield Error(
            f"The register holds {len(markers)} markers instead of {REGISTER_SIZE}.",
            id="personalization.E001",
        )
    yield from _family_problems(markers, families)
    yield from _name_problems(markers)
    yield from _range_problems(markers)


def width_problems(count: int, widths: Mapping[str, int | None]) -> Iterator[CheckMessage]:
    """Errors where a vector is not as wide as the register is long; None: no width was found at all."""
    for place, width in widths.items():
        if width != count:
            yield Error(
                f"Situations have {count} markers, but {place} has {width or 'no'} dimensions.",
                hint="Widen the column by a migration and rebuild every memory, or put the register right.",
                id="personalization.E006",
            )


def _family_problems(markers: Sequence[Marker], families: Mapping[str, int]) -> Iterator[CheckMessage]:
    counts = Counter(marker.family for marker in markers)
    for family in dict.fromkeys([*families, *counts]):
        if counts[family] != families.get(family, 0):
            yield Error(
                f"Family {family} has {counts[family]} markers instead of {families.get(family, 0)}.",
                id="personalization.E002",
            )
    order = [family for family, _group in groupby(marker.family for marker in markers)]
    if order != list(families):
        yield Error(
            f"The families stand in the order {', '.join(order)} instead of {', '.join(families)}.",
            id="personalization.E003",
        )


def _name_problems(markers: Iterable[Marker]) -> Iterator[CheckMessage]:
    markers = list(markers)
    for name, count in Counter(marker.name for marker in markers).items():
        if count > 1:
            yield Error(f"{count} markers are called {name}.", id="personalization.E004")
    for marker in markers:
        if not re.fullmatch(rf"{marker.family}_[a-z0-9_]*[a-z0-9]", marker.name):
            yield Error(
                f"Marker {marker.name} is not named {marker.family}_… in lower case with underscores.",
                id="personalization.E004",
            )


def _range_problems(markers: Iterable[Marker]) -> Iterator[CheckMessage]:
    for marker in markers:
        if not marker.low < marker.high or not marker.low <= marker.neutral <= marker.high:
            yield Error(
                f"Marker {marker.name} ranges from {marker.low} to {marker.high}, neutral {marker.neutral}.",
                hint="low < high, and the neutral value lies between them.",
                id="personalization.E005",
            )


def _model_width() -> int | None:
    field = apps.get_model("personalization", "PastSituation")._meta.get_field("situation")  # noqa: SLF001
    return getattr(field, "dimensions", None)


def _migrated_width() -> int | None:
    """The width that the last migration to speak of the column gave it."""
    width = None
    for module in sorted(pkgutil.iter_modules(migrations.__path__), key=lambda found: found.name):
        migration = importlib.import_module(f"{migrations.__name__}.{module.name}").Migration
        for operation in migration.operations:
            if isinstance(operation, RunSQL):
                for found in _HALFVEC.finditer(str(operation.sql)):
                    width = int(found[1])
    return width
