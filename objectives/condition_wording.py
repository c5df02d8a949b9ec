"""A condition as a sentence, in the active language."""

from __future__ import annotations

from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.conditions import All, AnyOf, Comparison, Condition, Not

OPERATOR_NAMES: Final = {
    ">=": gettext_lazy("is at least"),
    "<=": gettext_lazy("is at most"),
    "between": gettext_lazy("is between"),
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
}


class Vocabulary(Protocol):
    """How whoever knows the markers speaks of them, in the active language."""

    def name_of(self, marker: str) -> str:
        """What the marker tells, as a phrase."""

    def value_of(self, marker: str, value: float) -> str:
        """A plain value of the marker with its unit."""


def words(condition: Condition, vocabulary: Vocabulary) -> str:
    """The condition for people; inner groups stand in brackets."""
    match condition:
        case All(()):
            return _("always")
        case All(parts):
            return _(" and ").join(_within(part, vocabulary, AnyOf) for part in parts)
        case AnyOf(parts):
            return _(" or ").join(_within(part, vocabulary, All) for part in parts)
        case Not(part):
            return _("not (%(condition)s)") % {"condition": words(part, vocabulary)}
        case Comparison():
            return _compared(condition, vocabulary)


def _within(part: Condition, vocabulary: Vocabulary, mixed: type[All] | type[AnyOf]) -> str:
    """A part of a group; brackets tell what belongs together where “and” and “or” meet."""
    while isinstance(part, All | AnyOf) and len(part.parts) == 1:
        part = part.parts[0]
    told = words(part, vocabulary)
    return f"({told})" if isinstance(part, mixed) and len(part.parts) > 1 else told


def _compared(comparison: Comparison, vocabulary: Vocabulary) -> str:
    value = vocabulary.value_of(comparison.marker, comparison.value)
    named = {"marker": vocabulary.name_of(comparison.marker), "value": value}
    if comparison.operator == "between":
        high = vocabulary.value_of(comparison.marker, comparison.high)
        return _("“%(marker)s”: between %(value)s and %(high)s") % (named | {"high": high})
    sentences = {
        ">=": _("“%(marker)s”: at least %(value)s"),
        "<=": _("“%(marker)s”: at most %(value)s"),
        "is": _("“%(marker)s”: %(value)s"),
        "is_not": _("“%(marker)s”: not %(value)s"),
    }
    return sentences[comparison.operator] % named
