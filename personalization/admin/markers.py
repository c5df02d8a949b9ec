"""The marker register: the 232 markers by family, and what each is worth in a store."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import numpy as np
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from catalog.models import Store
from personalization.admin.scope import chosen_store, visible_stores
from personalization.evaluation.marker_figures import MarkerFigures, marker_figures
from personalization.markers import MARKERS
from personalization.markers.definition import MARKER_VERSION
from personalization.markers.document import SPEAKS_OF
from personalization.memory.live import LiveMemory, live_memory
from personalization.models import Generation
from personalization.portrait import families, meaning_of
from personalization.situation import FAMILY_SLICES
from personalization.wording import share_in_words, signed, value_in_words

FRESH: Final = 600  # seconds that a store's figures are shown before they are counted again
DRIFTED: Final = 0.5  # spreads from which on a marker has drifted enough to be pointed out

UNIT_NAMES: Final[dict[str, Callable[[], str]]] = {
    "flag": lambda: _("yes or no"),
    "share": lambda: _("share"),
    "cycle": lambda: _("position in a cycle"),
    "nearness": lambda: _("nearness, from 0 to 1"),
    "freshness": lambda: _("freshness, from 0 to 1"),
    "contrast": lambda: _("contrast, from −1 to 1"),
    "rank": lambda: _("rank, from 0 to 1"),
    "stars": lambda: _("stars"),
    "step": lambda: _("step"),
    "count": lambda: _("count"),
    "log count": lambda: _("count (logarithm)"),
    "log seconds": lambda: _("seconds (logarithm)"),
    "log days": lambda: _("days (logarithm)"),
    "log money": lambda: _("amount (logarithm)"),
    "log ratio": lambda: _("ratio (logarithm)"),
    "log events a minute": lambda: _("events a minute (logarithm)"),
    "cosine distance": lambda: _("cosine distance"),
    "coordinate": lambda: _("coordinate"),
}


def register_view(model_admin: ModelAdmin) -> Callable[[HttpRequest], HttpResponse]:
    """The page, within the admin of the screen it belongs to."""

    def register(request: HttpRequest) -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        store = chosen_store(request)
        asked = request.GET.get("q", "").strip()
        context = {
            **model_admin.admin_site.each_context(request),
            "title": _("Marker register"),
            "stores": visible_stores(request),
            "store": store,
            "asked": asked,
            "version": MARKER_VERSION,
            "count": len(MARKERS),
            **_register(store, asked),
        }
        return TemplateResponse(request, "admin/personalization/generation/markers.html", context)

    return register


def _register(store: Store | None, asked: str) -> dict[str, Any]:
    memory = live_memory(store_id=store.pk) if store else LiveMemory()
    figures = _figures(store, memory) if store else None
    weights = _weights(memory)
    told = [
        {
            "family": family,
            "name": name,
            "speaks_of": _(SPEAKS_OF[family]),
            "weight": number_format(weights[family], 2) if family in weights else "",
            "size": part.stop - part.start,
            "markers": [
                _row(row, store, memory, figures) for row in range(part.start, part.stop) if _matches(row, asked)
            ],
        }
        for family, name in families()
        if (part := FAMILY_SLICES[family])
    ]
    return {
        "families": [family for family in told if family["markers"]],
        "found": sum(len(family["markers"]) for family in told),
        "situations": figures.situations if figures else 0,
        "generation": memory.number,
        "has_figures": memory.scaling is not None and bool(figures and figures.situations),
    }


def _weights(memory: LiveMemory) -> dict[str, float]:
    live = Generation.objects.filter(pk=memory.generation_id).first() if memory.generation_id else None
    return dict(live.settings.get("family_weights", {})) if live else {}


def _figures(store: Store, memory: LiveMemory) -> MarkerFigures:
    """Counted once in a while: reading hundreds of visits takes a second."""
    key = f"marker-figures:{store.pk}:{memory.generation_id}:{MARKER_VERSION}"
    found = cache.get(key)
    if not isinstance(found, MarkerFigures):
        found = marker_figures(store=store, memory=memory, now=timezone.now())
        cache.set(key, found, FRESH)
    return found


def _matches(row: int, asked: str) -> bool:
    marker = MARKERS[row]
    spoken = f"{marker.name} {_(marker.meaning)} {marker.family}".casefold()
    return all(word in spoken for word in asked.casefold().split())


def _row(row: int, store: Store | None, memory: LiveMemory, figures: MarkerFigures | None) -> dict[str, Any]:
    marker = MARKERS[row]
    currency = store.currency if store else "EUR"
    told = {
        "number": row + 1,
        "name": marker.name,
        "meaning": meaning_of(marker),
        "unit": UNIT_NAMES[marker.unit]() if marker.unit in UNIT_NAMES else marker.unit,
        "range": f"{_plain(marker.low)} … {_plain(marker.high)}",
        "neutral": value_in_words(marker, marker.neutral, currency),
        "needs_consent": marker.needs_consent,
    }
    if memory.scaling is None or figures is None or not figures.situations:
        return told
    centre, spread = float(memory.scaling.centre[row]), float(memory.scaling.spread[row])
    drift = float(figures.drift[row])
    return told | {
        "coverage": share_in_words(float(figures.coverage[row])),
        "covered": round(100 * float(figures.coverage[row])),
        "mean": value_in_words(marker, float(np.clip(centre, marker.low, marker.high)), currency),
        "spread": _plain(spread),
        "drift": signed(round(drift, 2), 2),
        "drifted": abs(drift) >= DRIFTED,
    }


def _plain(value: float) -> str:
    """Three figures, in the reader's notation."""
    figure = number_format(format(Decimal(f"{abs(value):.3g}"), "f"), use_l10n=True)
    return f"−{figure}" if value < 0 else str(figure)
