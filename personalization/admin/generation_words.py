"""A generation of the memory in plain words: its figures, its weights, how far a rebuild has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.markers.document import SPEAKS_OF
from personalization.memory import chunks
from personalization.models import Generation, GenerationState
from personalization.portrait import families
from personalization.wording import duration_in_words, share_in_words

STAGES: Final = {
    "planned": gettext_lazy("planned"),
    "landscape": gettext_lazy("product space"),
    "scaling": gettext_lazy("what makes situations alike"),
    "transitions": gettext_lazy("what leads to what"),
    "merchandise": gettext_lazy("what sells, and what goes together"),
    "profiles": gettext_lazy("what persons like, and who resembles whom"),
    "situations": gettext_lazy("situations"),
    "index": gettext_lazy("index"),
    "fitting": gettext_lazy("estimates and validation"),
}
BADGES: Final = {
    GenerationState.BUILDING: "info",
    GenerationState.READY: "primary",
    GenerationState.LIVE: "success",
    GenerationState.RETIRED: "warning",
    GenerationState.FAILED: "danger",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a generation's validation: its name, its value, and what it means to a merchant."""

    key: str
    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a family counts in what is analogous; `share` of the heaviest, [0, 1]."""

    family: str
    name: str
    speaks_of: str
    value: float
    share: float

    @property
    def percent(self) -> int:
        """Of the heaviest family's bar."""
        return round(100 * self.share)


def figures(generation: Generation) -> list[Figure]:
    """The validation's figures that a person can act on; none for a generation not judged yet."""
    found = generation.validation
    known = {
        "asked": number_format(found.get("questions", 0), force_grouping=True),
        "unweighted": _number(found.get("agreement_unweighted", 0.0)),
    }
    return [
        Figure(key, str(name), write(found[key]), str(meaning) % known)
        for key, (name, write, meaning) in _TOLD.items()
        if key in found
    ]


def weights(generation: Generation) -> list[Weight]:
    """Every family's fitted weight, in the order of the vector; none before it was fitted."""
    fitted: dict[str, float] = generation.settings.get("family_weights", {})
    heaviest = max(fitted.values(), default=0.0) or 1.0
    return [
        Weight(family, name, _(SPEAKS_OF[family]), fitted[family], fitted[family] / heaviest)
        for family, name in families()
        if family in fitted
    ]


def built_in(generation: Generation) -> str:
    """How long the rebuild took."""
    if generation.built_at is None:
        return ""
    return duration_in_words((generation.built_at - generation.created_at).total_seconds())


_BEGINS: Final = (0, 2, 8, 12, 15, 17, 25, 70, 80, 100)  # percent at which each stage begins, and the last ends


def progress(generation: Generation) -> dict[str, Any]:
    """How far a rebuild has come, for the page and for the bar that asks again.

    The situations are nearly all of the work; the stages around them fill the ends of the bar.
    """
    building = generation.state == GenerationState.BUILDING
    stages = list(STAGES)
    place = stages.index(generation.stage) if generation.stage in stages else 0
    done, total = chunks.progress(generation.pk) if generation.stage == "situations" else (0, 0)
    inside = done / total if total else 0.0
    percent = round(_BEGINS[place] + inside * (_BEGINS[place + 1] - _BEGINS[place])) if building else 100
    return {
        "building": building,
        "state": generation.state,
        "percent": percent,
        "stage": str(STAGES.get(generation.stage, "")) if building else generation.get_state_display(),
        "stages": [
            {"name": str(name), "place": "done" if number < place else "now" if number == place else "ahead"}
            for number, name in enumerate(STAGES.values())
        ],
        "visits": _("%(done)s of %(total)s visits") % {"done": _count(done), "total": _count(total)} if total else "",
    }


def _share(value: float) -> str:
    return share_in_words(value, decimals=1)


def _number(value: float) -> str:
    return number_format(round(value, 3), 3)


def _points(value: float) -> str:
    return _("%(points)s points") % {"points": number_format(round(100 * value, 2), 2)}


def _count(value: int) -> str:
    return number_format(value, force_grouping=True)


_TOLD: Final = {
    "hr_20": (
        gettext_lazy("Next product among 20"),
        _share,
        gettext_lazy(
            "How often the product looked at next was among the 20 proposed, over %(asked)s moments of visits that "
            "the memory had not learned from."
        ),
    ),
    "mrr_20": (
        gettext_lazy("Place of the next product"),
        _number,
        gettext_lazy(
            "How high that product stood in the list: 1 is always first, 0.5 second on average, 0 never found."
        ),
    ),
    "index_recall": (
        gettext_lazy("Analogues really found"),
        _share,
        gettext_lazy("Share of the truly nearest situations that the fast index finds."),
    ),
    "agreement": (
        gettext_lazy("Agreement of endings"),
        _number,
        gettext_lazy(
            "How far visits that look alike end alike; 0 is chance. With every family counting the same it would be "
            "%(unweighted)s."
        ),
    ),
    "calibration_error_view": (
        gettext_lazy("Error of the probability of a view"),
        _points,
        gettext_lazy(
            "Mean gap between what was promised and what happened. Near 0, what is promised one time in ten happens "
            "one time in ten."
        ),
    ),
    "calibration_error_cart": (
        gettext_lazy("Error of the probability of a cart"),
        _points,
        gettext_lazy("The same gap for what was put into the cart."),
    ),
    "calibration_error_purchase": (
        gettext_lazy("Error of the probability of a purchase"),
        _points,
        gettext_lazy("The same gap for what was bought."),
    ),
}
