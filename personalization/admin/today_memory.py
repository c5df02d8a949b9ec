"""Today, the memory: how old it is, how good, whether it keeps up with what is lived, and how fast it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Store
from catalog.money import NO_BREAK
from personalization.admin.generation_words import figures as validated
from personalization.admin.generation_words import progress
from personalization.admin.sparklines import Sparkline
from personalization.admin.today_store import NOTHING, share_pictured
from personalization.days import Figures
from personalization.models import Generation
from personalization.watching import MemoryHealth
from personalization.wording import duration_in_words, instant_in_words, share_in_words

JUDGED_BY: Final = "hr_20"  # the figure of a validation that people understand at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign of health: a name, a value, what it means; `is_well` is None where it cannot be said."""

    name: str
    value: str
    meaning: str
    is_well: bool | None = None
    link: str = ""
    picture: Sparkline | None = None


def memory_section(memory: MemoryHealth, day: Figures, *, store: Store, now: datetime) -> dict[str, Any]:
    """The section."""
    live, building, failed = memory.live, memory.building, memory.failed
    return {
        "live": live,
        "link": generation_page(live) if live else "",
        "signs": [*_of_memory(memory, live, store=store, now=now), *_of_answers(day, store)] if live else [],
        "building": {"generation": building, "progress": progress(building)} if building else None,
        "failed": {"link": generation_page(failed), "number": failed.number} if failed else None,
    }


def generation_page(generation: Generation) -> str:
    """The page of a generation."""
    return reverse("admin:personalization_generation_change", args=[generation.pk])


def _of_memory(memory: MemoryHealth, live: Generation, *, store: Store, now: datetime) -> list[Sign]:
    age = (now - live.until).total_seconds()
    judged = next((figure for figure in validated(live) if figure.key == JUDGED_BY), None)
    found = [
        Sign(
            name=_("Built"),
            value=_("%(duration)s ago") % {"duration": duration_in_words(age)},
            meaning=_("Generation %(number)d, from what was lived up to %(until)s.")
            % {"number": live.number, "until": instant_in_words(live.until, store.zone_info)},
            link=generation_page(live),
        ),
        Sign(
            name=_("Situations"),
            value=_count(live.situation_count),
            meaning=ngettext("lived in %(count)s visit", "lived in %(count)s visits", live.visit_count)
            % {"count": _count(live.visit_count)},
        ),
        _keeping_up(memory, store),
    ]
    if judged is not None:
        found.insert(2, Sign(name=judged.name, value=judged.value, meaning=judged.meaning))
    return found


def _keeping_up(memory: MemoryHealth, store: Store) -> Sign:
    """Whether what has ended is remembered within the minute."""
    newest = ""
    if memory.appended:
        newest = _("The newest visit in it ended on %(at)s.") % {
            "at": instant_in_words(memory.appended, store.zone_info)
        }
    if memory.waiting:
        value = ngettext("%(count)s visit waits", "%(count)s visits wait", memory.waiting)
        return Sign(
            name=_("Keeping up"),
            value=value % {"count": _count(memory.waiting)},
            meaning=" ".join((_("Ended more than a minute ago, and not remembered yet."), newest)).strip(),
            is_well=False,
        )
    return Sign(
        name=_("Keeping up"),
        value=_("within a minute"),
        meaning=" ".join((_("Every visit that has ended is remembered."), newest)).strip(),
        is_well=True,
    )


def _of_answers(day: Figures, store: Store) -> list[Sign]:
    novel, usual, hour = day.last_answers.novel, day.usual.novel, day.hour
    answers = reverse("admin:personalization_decision_changelist") + f"?store={store.pk}"
    meaning = _("Share of the answers of the last 24 hours whose situation was like none lived.")
    if usual is not None:
        meaning += " " + _("The week before: %(share)s.") % {"share": share_in_words(usual, decimals=1)}
    return [
        Sign(
            name=_("No analogue"),
            value=share_in_words(novel, decimals=1) if novel is not None else NOTHING,
            meaning=meaning,
            link=f"{answers}&rests=no_analogue",
            picture=share_pictured(day.days),
        ),
        Sign(
            name=_("Time of an answer"),
            value=_milliseconds(hour.mean_ms) if hour.answers else NOTHING,
            meaning=ngettext(
                "on average; 99 of 100 within %(most)s. %(count)s answer in the last hour.",
                "on average; 99 of 100 within %(most)s. %(count)s answers in the last hour.",
                hour.answers,
            )
            % {"most": _milliseconds(hour.p99_ms), "count": _count(hour.answers)}
            if hour.answers
            else _("No answer was given in the last hour."),
        ),
    ]


def _milliseconds(value: float) -> str:
    return f"{number_format(round(value, 1), 1) if value < 10 else _count(round(value))}{NO_BREAK}ms"


def _count(number: int) -> str:
    return number_format(number, force_grouping=True)
