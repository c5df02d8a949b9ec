"""Today, alerts: what each of them says, what to do about it, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalog.models import Store
from objectives.models import Campaign
from personalization.admin.today_memory import generation_page
from personalization.admin.today_steering import campaign_page
from personalization.alerts import Alarm, Alert, Urgency
from personalization.watching import MemoryHealth
from personalization.wording import duration_in_words, instant_in_words, share_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert in words; how urgent it is say `look` and `icon`, and `urgency` to those who cannot see them."""

    title: str
    advice: str
    link: str
    link_name: str
    look: str
    icon: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What an alarm says, with its figures put in, what to do, and the name of the link to where it is done."""

    title: Promise
    advice: Promise
    link_name: Promise


def alerts_in_words(
    alerts: Sequence[Alert], *, store: Store, campaigns: Sequence[Campaign], memory: MemoryHealth
) -> list[Told]:
    """Every alert as a person reads it."""
    known = {row.pk: row for row in campaigns}
    return [_told(alert, known.get(alert.campaign or 0), store, memory) for alert in alerts]


def _told(alert: Alert, campaign: Campaign | None, store: Store, memory: MemoryHealth) -> Told:
    wording = WORDINGS[alert.alarm]
    named = {name: _FIGURES[name](value) for name, value in alert.figures.items()}
    if campaign is not None:
        named["name"] = campaign.name
        named["note"] = getattr(campaign, "told", "")
        named["ends"] = instant_in_words(campaign.ends_at, store.zone_info) if campaign.ends_at else ""
    look, icon, urgency = _LOOKS[alert.urgency]
    return Told(
        title=str(wording.title) % named,
        advice=(str(wording.advice) % named).strip(),
        link=campaign_page(campaign.pk) if campaign is not None else _link(alert.alarm, store, memory),
        link_name=str(wording.link_name),
        look=look,
        icon=icon,
        urgency=str(urgency),
    )


def _link(alarm: Alarm, store: Store, memory: MemoryHealth) -> str:
    """Where an alarm that is about no campaign is looked into."""
    of_store = f"?store={store.pk}"
    match alarm:
        case Alarm.REBUILD_FAILED if memory.failed is not None:
            return generation_page(memory.failed)
        case Alarm.NO_ANALOGUE | Alarm.NO_ANALOGUE_DOUBLED:
            return reverse("admin:personalization_decision_changelist") + f"{of_store}&rests=no_analogue"
        case Alarm.SILENCE:
            return reverse("admin:personalization_visit_changelist") + of_store
        case Alarm.WITHOUT_COST:
            return reverse("admin:catalog_product_changelist") + f"?store__id__exact={store.pk}"
        case Alarm.NO_EXPLORATION:
            return reverse("admin:catalog_store_change", args=[store.pk])
    return reverse("admin:personalization_generation_changelist") + of_store


_LOOKS: Final[Mapping[Urgency, tuple[str, str, Promise]]] = {
    Urgency.NOW: ("danger", "error", gettext_lazy("Now")),
    Urgency.TODAY: ("warning", "warning", gettext_lazy("Today")),
    Urgency.SOME_DAY: ("info", "info", gettext_lazy("When there is time")),
}


def _count(value: float) -> str:
    return number_format(int(value), force_grouping=True)


def _share(value: float) -> str:
    return share_in_words(value, decimals=1)


_FIGURES: Final[Mapping[str, Callable[[float], Any]]] = {
    "age": duration_in_words,
    "silence": duration_in_words,
    "visits": _count,
    "share": _share,
    "before": _share,
    "asked": _count,
    "products": _count,
    "sold_out": _count,
}

_CAMPAIGN: Final = gettext_lazy("See the campaign")
_ANSWERS: Final = gettext_lazy("See these answers")
_MEMORY: Final = gettext_lazy("See the memory")
WORDINGS: Final[Mapping[Alarm, Wording]] = {
    Alarm.NO_MEMORY: Wording(
        gettext_lazy("The store answers without memory"),
        gettext_lazy("Until one is built, popular products are recommended. Build it from the visits that have ended."),
        _MEMORY,
    ),
    Alarm.MEMORY_OLD: Wording(
        gettext_lazy("The memory was built %(age)s ago"),
        gettext_lazy("It should be built every night: rebuild it now, and ask whether the worker and the clock run."),
        _MEMORY,
    ),
    Alarm.REBUILD_FAILED: Wording(
        gettext_lazy("The last rebuild failed"),
        gettext_lazy("Answers go on with what there was before. The page of the generation says what went wrong."),
        gettext_lazy("See what went wrong"),
    ),
    Alarm.NO_ANALOGUE: Wording(
        gettext_lazy("%(share)s of the answers found no analogue"),
        gettext_lazy(
            "These visitors live what the store has never lived: a new source of traffic, a new range, robots? Look at "
            "some of them; a rebuild learns the rest."
        ),
        _ANSWERS,
    ),
    Alarm.NO_ANALOGUE_DOUBLED: Wording(
        gettext_lazy("Answers without analogue have doubled: %(share)s, after %(before)s the week before"),
        gettext_lazy("Something is new among the visitors: look at some of these answers to see what."),
        _ANSWERS,
    ),
    Alarm.SILENCE: Wording(
        gettext_lazy("No event for %(silence)s"),
        gettext_lazy(
            "In the same hour last week there were %(visits)s visits. Look whether the storefront still carries the "
            "tag, and whether its key still works."
        ),
        gettext_lazy("See the visits"),
    ),
    Alarm.GUARDED: Wording(
        gettext_lazy("“%(name)s” was paused by its guardrail"),
        gettext_lazy("It cost more conversion than it may: soften it, or end it. %(note)s"),
        _CAMPAIGN,
    ),
    Alarm.STEERS_NOTHING: Wording(
        gettext_lazy("“%(name)s” is live but steers nothing"),
        gettext_lazy(
            "Its zones were asked %(asked)s times in the last hour and it never applied: look at its condition."
        ),
        _CAMPAIGN,
    ),
    Alarm.USED_UP: Wording(
        gettext_lazy("“%(name)s” has used up its budgets"),
        gettext_lazy("It has nothing left to put forward: end it, or give it a larger budget."),
        _CAMPAIGN,
    ),
    Alarm.ALL_SOLD_OUT: Wording(
        gettext_lazy("Everything that “%(name)s” promotes is out of stock"),
        gettext_lazy("Choose other products, or end it: it can only be obeyed with what can be bought."),
        _CAMPAIGN,
    ),
    Alarm.SOLD_OUT: Wording(
        gettext_lazy("“%(name)s”: %(sold_out)s of %(products)s promoted products out of stock"),
        gettext_lazy("They are not shown. See whether what is left is still worth promoting."),
        _CAMPAIGN,
    ),
    Alarm.ENDS_TODAY: Wording(
        gettext_lazy("“%(name)s” ends today"),
        gettext_lazy("Its last instant is %(ends)s. Move its end if it should go on."),
        _CAMPAIGN,
    ),
    Alarm.WITHOUT_COST: Wording(
        gettext_lazy("%(share)s of the products have no cost"),
        gettext_lazy(
            "Products concerned: %(products)s. Without a cost nobody knows their margin, and no objective can raise "
            "it: send cost_of_goods_sold with the catalog."
        ),
        gettext_lazy("See the products"),
    ),
    Alarm.NO_EXPLORATION: Wording(
        gettext_lazy("Exploration is off"),
        gettext_lazy(
            "Without a small share of places drawn evenly, tomorrow’s figures only tell of what is shown today. Two "
            "percent are enough."
        ),
        gettext_lazy("See the store"),
    ),
}
