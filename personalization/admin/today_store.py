"""Today, the store: how its last day went beside the day before, its fortnight, and steered visitors against spared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Store
from catalog.money import NO_BREAK, format_money
from personalization.admin.sparklines import Sparkline, sparkline
from personalization.days import Day, Figures
from personalization.evaluation.strata import Comparison, Difference, compare
from personalization.wording import points_in_words, share_in_words, signed

NOTHING: Final = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure of the last day, beside the day before."""

    name: str
    value: str
    before: str
    change: str = ""
    is_up: bool = False
    link: str = ""
    picture: Sparkline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A group of visitors in the comparison with the hold-out, or how the two differ, with the intervals."""

    name: str
    visitors: str
    conversion: str
    revenue: str
    conversion_interval: str = ""
    revenue_interval: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence on a difference, with its badge."""

    badge: str
    word: str
    sentence: str


def store_section(figures: Figures, *, store: Store) -> dict[str, Any]:
    """The section."""
    compared = compare(figures.strata)
    return {
        "lives": figures.received_at is not None,
        "tiles": _tiles(figures, store),
        "days": [_day(day, store) for day in reversed(figures.days)],
        "groups": _groups(compared, store) if compared else [],
        "verdicts": _verdicts(compared, store) if compared else [],
        "left_out": _count(compared.left_out) if compared and compared.left_out else "",
        "not_compared": "" if compared else _not_compared(figures),
    }


# --- The last day -------------------------------------------------------------------------------------------------


def _tiles(figures: Figures, store: Store) -> list[Tile]:
    last, before = figures.last, figures.before
    visits = reverse("admin:personalization_visit_changelist") + f"?store={store.pk}"
    answers = reverse("admin:personalization_decision_changelist") + f"?store={store.pk}"
    money = _money(store)
    return [
        Tile(
            name=_("Visits"),
            link=visits,
            picture=_picture("visits", _("Visits"), figures.days, lambda day: day.lived.visits, _count),
            **_beside(last.visits, before.visits, _count),
        ),
        Tile(
            name=_("Conversion"),
            picture=_picture("conversion", _("Conversion"), figures.days, lambda day: day.lived.conversion, _share),
            **_beside(last.conversion, before.conversion, _share, points=True),
        ),
        Tile(
            name=_("Revenue"),
            picture=_picture("revenue", _("Revenue"), figures.days, lambda day: day.lived.revenue, money),
            **_beside(last.revenue, before.revenue, money),
        ),
        Tile(
            name=_("Visits with a purchase"),
            link=f"{visits}&outcome=bought",
            **_beside(last.bought, before.bought, _count),
        ),
        Tile(name=_("Margin"), **_beside(last.margin, before.margin, money)),
        Tile(
            name=_("Answers served"),
            link=answers,
            **_beside(figures.last_answers.answers, figures.answers_before.answers, _count),
        ),
    ]


def _beside(
    last: float | None, before: float | None, told: Callable[[Any], str], *, points: bool = False
) -> dict[str, Any]:
    """A figure and the one of the day before, in words, with what changed."""
    known = {
        "value": told(last) if last is not None else NOTHING,
        "before": told(before) if before is not None else NOTHING,
    }
    if last is None or before is None or (not points and before <= 0):
        return known
    change = round(100 * (last - before), 1) if points else float(round(100 * (last / before - 1)))
    if not change:
        return known
    words = signed(change, 1 if points else 0)
    words = words if change < 0 else f"+{words}"
    words = _("%(points)s points") % {"points": words} if points else _("%(percent)s%%") % {"percent": words}
    return known | {"change": words, "is_up": change > 0}


def _picture(
    key: str,
    title: str,
    days: Sequence[Day],
    value: Callable[[Day], float | None],
    told: Callable[[Any], str],
) -> Sparkline:
    values = [value(day) for day in days]
    known = [one for one in values[:-1] if one is not None]
    words = [
        f"{_day_name(day)}{NO_BREAK}· {told(one) if one is not None else NOTHING}"
        for day, one in zip(days, values, strict=True)
    ]
    description = _("From %(least)s to %(most)s a day over the last %(days)d days; today so far %(today)s.") % {
        "least": told(min(known, default=0)),
        "most": told(max(known, default=0)),
        "days": len(known),
        "today": told(values[-1]) if values[-1] is not None else NOTHING,
    }
    return sparkline(key, title=title, description=description, values=values, told=words)


def share_pictured(days: Sequence[Day]) -> Sparkline:
    """The share of answers without analogue, day by day."""
    return _picture("novel", _("No analogue"), days, lambda day: day.answered.novel, _share)


def _day(day: Day, store: Store) -> dict[str, str]:
    """One day of the table."""
    conversion, novel = day.lived.conversion, day.answered.novel
    return {
        "name": _day_name(day),
        "visits": _count(day.lived.visits),
        "conversion": _share(conversion) if conversion is not None else NOTHING,
        "revenue": format_money(day.lived.revenue, store.currency),
        "answers": _count(day.answered.answers),
        "novel": share_in_words(novel, decimals=1) if novel is not None else NOTHING,
    }


def _day_name(day: Day) -> str:
    # Translators: format of a day of the week with its date, see Django's template filter “date”.
    return date_format(day.date, _("D j M"))


# --- Against the hold-out -----------------------------------------------------------------------------------------


def _not_compared(figures: Figures) -> str:
    """Why there is nothing to compare, and what to do about it."""
    if not figures.strata:
        return _(
            "No campaign has met anybody in the last seven days. As soon as one does, the visitors it steers stand "
            "here beside those it spares."
        )
    if not any(stratum.spared.visitors for stratum in figures.strata):
        return _(
            "Everybody who met a campaign was steered: without visitors held out, nobody can say what it brings. Give "
            "your campaigns a hold-out of a few percent."
        )
    return _("Too few visitors met a campaign in the last seven days to compare those steered with those held out.")


def _groups(compared: Comparison, store: Store) -> list[Row]:
    conversion, revenue, money = compared.conversion, compared.revenue, _money(store)
    return [
        Row(
            name=_("Steered"),
            visitors=_count(compared.steered),
            conversion=_share(conversion.steered),
            revenue=money(revenue.steered),
        ),
        Row(
            name=_("Held out"),
            visitors=_count(compared.spared),
            conversion=_share(conversion.spared),
            revenue=money(revenue.spared),
        ),
        Row(
            name=_("Difference"),
            visitors="",
            conversion=_plus(conversion.difference.value, points_in_words),
            revenue=_plus(revenue.difference.value, money),
            conversion_interval=_interval(conversion, points_in_words),
            revenue_interval=_interval(revenue, money),
        ),
    ]


def _verdicts(compared: Comparison, store: Store) -> list[Verdict]:
    """What may be said of conversion, then of revenue."""
    told = [
        (compared.conversion, _("Conversion"), points_in_words),
        (compared.revenue, _("Revenue per visitor"), _money(store)),
    ]
    return [_verdict(found, name, words) for found, name, words in told]


def _verdict(found: Difference, name: str, told: Callable[[Any], str]) -> Verdict:
    lower, upper = (_plus(bound, told) for bound in (found.difference.lower, found.difference.upper))
    ends = {"name": name, "lower": lower, "upper": upper}
    if found.proven:
        gains = found.difference.value > 0
        sentence = (
            _("%(name)s: steering brings between %(lower)s and %(upper)s.")
            if gains
            else _("%(name)s: steering costs, between %(lower)s and %(upper)s.")
        )
        return Verdict("success" if gains else "danger", _("gains") if gains else _("loses"), sentence % ends)
    if found.enough and found.more == 0:
        sentence = _("%(name)s: no difference to be told, and none that would matter: between %(lower)s and %(upper)s.")
        return Verdict("info", _("alike"), sentence % ends)
    if not found.more:
        sentence = _("%(name)s: not enough visitors yet to tell: nobody in one of the groups has bought anything.")
        return Verdict("warning", _("too early"), sentence % ends)
    count = _rounded(found.more)
    sentence = ngettext(
        "%(name)s: not enough visitors yet to tell; about %(more)s more visitor would show a difference of a tenth.",
        "%(name)s: not enough visitors yet to tell; about %(more)s more visitors would show a difference of a tenth.",
        count,
    )
    return Verdict("warning", _("too early"), sentence % (ends | {"more": _count(count)}))


def _interval(found: Difference, told: Callable[[Any], str]) -> str:
    """Between which values the difference lies; nothing where too few bought for that to be known."""
    if not found.enough:
        return ""
    lower, upper = (_plus(bound, told) for bound in (found.difference.lower, found.difference.upper))
    return _("from %(lower)s to %(upper)s") % {"lower": lower, "upper": upper}


def _plus(value: float, told: Callable[[Any], str]) -> str:
    return f"+{told(value)}" if value > 0 else told(value)


def _rounded(number: int) -> int:
    """To two figures: more would pretend."""
    digits = floor(log10(number)) - 1 if number else 0
    return round(number, -digits) if digits > 0 else number


# --- Words --------------------------------------------------------------------------------------------------------


def _count(number: float) -> str:
    return number_format(int(number), force_grouping=True)


def _share(share: float) -> str:
    return share_in_words(share, decimals=1)


def _money(store: Store) -> Callable[[Any], str]:
    return lambda amount: format_money(amount, store.currency)
