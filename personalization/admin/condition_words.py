"""Conditions as a merchandiser reads and builds them: markers with their meaning, unit and range."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from catalog.models import Store
from objectives import refusals
from objectives.condition_wording import OPERATOR_NAMES, words
from objectives.conditions import InvalidConditionError, parse
from personalization.markers import MARKERS
from personalization.markers.definition import Marker
from personalization.markers.plain import ROWS, plain, plain_unit, raw
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.portrait import families
from personalization.wording import value_in_words

_PERCENT: Final = frozenset({"share", "rank", "nearness", "freshness"})
_ENDLESS: Final = 1e5  # a range up to here or beyond is told by its lower end alone


class MarkerVocabulary:
    """How the 232 markers and their values are spoken of; `currency` names money."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def name_of(self, marker: str) -> str:
        return phrase_of(MARKERS[ROWS[marker]])

    def value_of(self, marker: str, value: float) -> str:
        found = MARKERS[ROWS[marker]]
        return value_in_words(found, raw(found, value), self._currency)


def phrase_of(marker: Marker) -> str:
    """The marker's meaning as a phrase: no full stop, and of a flag only what is then the case."""
    meaning = _(marker.meaning).rstrip(".")
    if marker.unit != "flag":
        return meaning
    # Translators: begins the meaning of a marker that is 1 or 0; kept with the space after it.
    told = meaning.removeprefix(_("1 when ")).removeprefix("1 ").split(", 0 ")[0]
    return told[:1].upper() + told[1:]


def in_words(condition: Any, *, store: Store) -> str:
    """A stored condition as a sentence; one that is none says so."""
    try:
        return words(parse(condition, KNOWN_MARKERS), MarkerVocabulary(store.currency))
    except InvalidConditionError as error:
        return _("not understood: %(error)s") % {"error": refusals.in_words(error)}


def building_blocks(currency: str) -> dict[str, Any]:
    """What the builder in the browser needs: the markers by family, the operators, and its words."""
    return {
        "families": [
            {"name": name, "markers": [_told(marker, currency) for marker in MARKERS if marker.family == family]}
            for family, name in families()
        ],
        "operators": [{"name": name, "label": str(label)} for name, label in OPERATOR_NAMES.items()],
        "words": _words(),
    }


def _told(marker: Marker, currency: str) -> dict[str, Any]:
    unit = plain_unit(marker)
    scale = 100 if unit in _PERCENT else 1
    low, high = scale * plain(marker, marker.low), scale * plain(marker, marker.high)
    return {
        "name": marker.name,
        "phrase": phrase_of(marker),
        "flag": unit == "flag",
        "scale": scale,
        "unit": _unit(unit, currency),
        "low": round(low, 4),
        "high": None if high >= _ENDLESS else round(high, 4),
    }


def _unit(unit: str, currency: str) -> str:
    if unit in _PERCENT:
        return "%"
    return {
        "money": currency,
        "seconds": _("seconds"),
        "days": _("days"),
        "ratio": _("times"),
        "stars": _("stars"),
        "events a minute": _("a minute"),
    }.get(unit, "")


def _words() -> dict[str, str]:
    return {
        "all": _("All of these hold"),
        "any": _("At least one of these holds"),
        "none": _("None of these holds"),
        "always": _("No condition yet: the rule applies in every situation."),
        "add": _("Add a condition"),
        "group": _("Add a group"),
        "remove": _("Remove this condition"),
        "removeGroup": _("Remove this group"),
        "marker": _("Marker"),
        "search": _("Search a marker: cart, price, looked at…"),
        "noMarker": _("No marker speaks of that"),
        "operator": _("Comparison"),
        "value": _("Value"),
        "from": _("Lower value"),
        "to": _("Upper value"),
        "and": _("and"),
        "yes": _("yes"),
        "no": _("no"),
        "range": _("from {low} to {high}"),
        "least": _("from {low}"),
        "together": _("How the conditions go together"),
        "deep": _("This condition is built deeper than this page can show; it stays as it is."),
    }
