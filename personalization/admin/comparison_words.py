"""A comparison in a merchant's words: its verdict, how far it has come, how it was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.admin.generation_words import STAGES as LEARNING
from personalization.engines import ENGINES
from personalization.evaluation.intervals import DRAWS
from personalization.evaluation.outcome_figures import FRONT
from personalization.models import Comparison, ComparisonState
from personalization.wording import instant_in_words, share_in_words, signed

# The approaches as they are called in pictures and tables, and in the midst of a sentence.
NAMES: Final = {
    "inductive": gettext_lazy("Situation recognised"),
    "rules": gettext_lazy("Rules"),
    "predictive": gettext_lazy("Predictive profile"),
    "lookalike": gettext_lazy("Lookalikes"),
}
RIVALS: Final = {
    "rules": gettext_lazy("the rules"),
    "predictive": gettext_lazy("predictive profiles"),
    "lookalike": gettext_lazy("visitors alike"),
}
BADGES: Final = {
    ComparisonState.WAITING: "info",
    ComparisonState.RUNNING: "info",
    ComparisonState.DONE: "success",
    ComparisonState.FAILED: "danger",
}
AHEAD, BEHIND, UNPROVEN = "ahead", "behind", "unproven"
_HEADLINES: Final = {
    AHEAD: gettext_lazy(
        "On %(visits)s recent visits, recognising the situation finds what the visitor will put into the cart or buy "
        "%(times)s times as often as the strongest of the others, %(rival)s."
    ),
    BEHIND: gettext_lazy(
        "On %(visits)s recent visits, recognising the situation finds what the visitor will put into the cart or buy "
        "less often than %(rival)s."
    ),
    UNPROVEN: gettext_lazy(
        "On %(visits)s recent visits, no difference is proven between recognising the situation and %(rival)s in "
        "finding what the visitor will put into the cart or buy."
    ),
}
_ONLY: Final = gettext_lazy(
    "On %(visits)s recent visits, recognising the situation finds what the visitor will put into the cart or buy "
    "%(ours)s of the time; the others never do."
)
_SENTENCES: Final = {
    AHEAD: gettext_lazy(
        "%(times)s times as often as %(rival)s: %(ours)s of the time against %(theirs)s (%(by)s points, 95%% interval "
        "%(lower)s to %(upper)s)."
    ),
    BEHIND: gettext_lazy(
        "Less often than %(rival)s: %(ours)s of the time against %(theirs)s (%(by)s points, 95%% interval %(lower)s "
        "to %(upper)s)."
    ),
    UNPROVEN: gettext_lazy(
        "No proven difference from %(rival)s: %(ours)s of the time against %(theirs)s (%(by)s points, 95%% interval "
        "%(lower)s to %(upper)s)."
    ),
}
_WHERE_NOTHING: Final = gettext_lazy("%(ours)s of the time where %(rival)s find nothing.")
_COPYING: Final = "ingesting"
_ASKING: Final = "asking "
_BEGINS: Final = {"copying": 0, "learning": 30, "asking": 70}  # percent of the work done when each part begins


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison says of one rival: `kind` is AHEAD, BEHIND or UNPROVEN, from the front engine's side."""

    rival: str
    kind: str
    sentence: str
    headline: str

    @property
    def badge(self) -> str:
        return {AHEAD: "success", BEHIND: "danger"}.get(self.kind, "warning")

    @property
    def name(self) -> str:
        return str({AHEAD: _("ahead"), BEHIND: _("behind")}.get(self.kind, _("not proven")))


def verdicts(figures: Mapping[str, Any]) -> list[Verdict]:
    """One for each rival, the strongest first; none when nothing was taken after any of the moments asked about."""
    rates = {engine: row["all"].get("hr", [None])[0] for engine, row in figures["engines"].items()}
    if rates.get(FRONT) is None:
        return []
    rivals = sorted(figures["inductive_minus"], key=lambda rival: -rates[rival])
    visits = count(figures["visits"])
    return [_verdict(rival, rates, figures["inductive_minus"][rival]["all"]["hr"], visits) for rival in rivals]


def headline(figures: Mapping[str, Any]) -> str:
    """The verdict in one sentence: against the strongest rival, on so many visits."""
    told = verdicts(figures)
    if not told:
        return _(
            "Nothing can be said yet: in none of the visits asked about was anything put into the cart or bought later."
        )
    return told[0].headline


def progress(comparison: Comparison) -> dict[str, Any]:
    """How far it has come, for the page and for the bar that asks again."""
    part, percent, stage = _place(comparison)
    parts = {
        "copying": _("copying visits"),
        "learning": _("learning from them"),
        "asking": _("asking every approach"),
    }
    order = list(parts)
    place = order.index(part)
    counted = comparison.total and part != "learning"
    told = {"done": count(comparison.done), "total": count(comparison.total)}
    return {
        "building": comparison.state in (ComparisonState.WAITING, ComparisonState.RUNNING),
        "state": comparison.state,
        "percent": percent,
        "stage": stage,
        "visits": _("%(done)s of %(total)s") % told if counted else "",
        "stages": [
            {"name": name, "place": "done" if number < place else "now" if number == place else "ahead"}
            for number, name in enumerate(parts.values())
        ],
    }


def protocol(comparison: Comparison) -> list[str]:
    """How it was measured, in plain words."""
    figures, asked = comparison.figures, comparison.settings
    zone = comparison.store.zone_info
    since = instant_in_words(comparison.since, zone) if comparison.since else "—"
    return [
        _(
            "In a copy of the store, a memory was built from the %(remembered)s newest visits that had ended before "
            "%(since)s. Nothing was learned from any visit after that instant."
        )
        % {"remembered": count(figures["visits_remembered"]), "since": since},
        _(
            "%(visits)s of the visits since then, drawn by lot, were stopped at up to %(cuts)s moments each. At every "
            "moment each approach listed %(k)s products, knowing only what had happened until then. What was already "
            "in the cart, or on the page, was not listed and does not count."
        )
        % {"visits": count(figures["visits"]), "cuts": asked.get("cuts", 2), "k": figures["k"]},
        _(
            "%(taken)s of these moments were followed by a product put into the cart or bought later in the visit, "
            "%(bought)s by one that was bought. A list has found it when it holds at least one of them."
        )
        % {"taken": count(figures["cuts_taken_later"]), "bought": count(figures["cuts_bought_later"])},
        _(
            "All approaches were asked at the same moments. The whiskers are 95%% intervals: whole visits were drawn "
            "again %(draws)s times. A difference is not proven as long as its interval holds zero."
        )
        % {"draws": count(DRAWS)},
        _(
            "The rules are the store's own that hold in every zone, or the usual ones where it has none. No campaign "
            "steered. Stock was left aside: today's was not that of the visit. Visits without consent had no part."
        ),
        _("Drawn with seed %(seed)s: the same visits give the same figures again.") % {"seed": figures["seed"]},
    ]


def count(number: int) -> str:
    """“12,408”."""
    return number_format(number, force_grouping=True)


def percent(share: float) -> str:
    """“34.1%”."""
    return share_in_words(share, decimals=1)


def points(difference: float) -> str:
    """“+8.2”, “−3.1”: percentage points."""
    figure = signed(round(100 * difference, 1), 1)
    return f"+{figure}" if round(100 * difference, 1) > 0 else figure


def _verdict(rival: str, rates: Mapping[str, float], difference: list[float | None], visits: str) -> Verdict:
    by, lower, upper = (bound or 0.0 for bound in difference)
    kind = AHEAD if lower > 0 else BEHIND if upper < 0 else UNPROVEN
    told = {
        "visits": visits,
        "rival": RIVALS.get(rival, rival),
        "ours": percent(rates[FRONT]),
        "theirs": percent(rates[rival]),
        "by": points(by),
        "lower": points(lower),
        "upper": points(upper),
        "times": _times(rates[FRONT] / rates[rival]) if rates[rival] else "",
    }
    alone = kind == AHEAD and not told["times"]
    sentence, headline = (_WHERE_NOTHING, _ONLY) if alone else (_SENTENCES[kind], _HEADLINES[kind])
    return Verdict(rival, kind, str(sentence) % told, str(headline) % told)


def _times(ratio: float) -> str:
    return number_format(ratio, 1 if ratio >= 1.1 else 2)


def _place(comparison: Comparison) -> tuple[str, int, str]:
    """Which part of the work it is at, percent done in all, and the stage in words."""
    stage, share = comparison.stage, comparison.done / comparison.total if comparison.total else 0.0
    if comparison.state == ComparisonState.WAITING:
        return "copying", 0, _("waiting for a free worker")
    if stage.startswith(_ASKING):
        engine = stage.removeprefix(_ASKING)
        asked = list(ENGINES).index(engine) if engine in ENGINES else 0
        done = _BEGINS["asking"] + (100 - _BEGINS["asking"]) * (asked + share) / len(ENGINES)
        return "asking", round(done), _("asking: %(approach)s") % {"approach": NAMES.get(engine, engine)}
    if stage in ("", _COPYING):
        return "copying", round(_BEGINS["learning"] * share), _("copying visits")
    learned = list(LEARNING).index(stage) if stage in LEARNING else 0
    done = _BEGINS["learning"] + (_BEGINS["asking"] - _BEGINS["learning"]) * learned / len(LEARNING)
    return "learning", round(done), str(LEARNING.get(stage, _("learning from them")))
