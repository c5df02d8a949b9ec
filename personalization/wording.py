"""Marker values, instants and spans of time as a person would say them, in the active language."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.money import format_money
from personalization.markers.definition import Marker

_SHARES: Final = frozenset(("share", "rank", "nearness", "freshness"))


def value_in_words(marker: Marker, value: float, currency: str) -> str:
    """A marker's raw value as a person would say it, in the active language."""
    unit = marker.unit
    if unit == "log ratio":
        return f"× {formats.number_format(round(float(np.exp(value)), 2), 2)}"
    if unit.startswith("log "):
        unit, value = unit.removeprefix("log "), float(np.expm1(value))
    if unit in _SHARES:
        return share_in_words(value)
    if unit == "flag":
        return _("yes") if value >= 0.5 else _("no")
    if unit == "money":
        return format_money(round(value, 2), currency)
    if unit == "seconds":
        return duration_in_words(value)
    if unit == "days":
        return ngettext("%(days)s day", "%(days)s days", round(value)) % {
            "days": formats.number_format(round(value), 0, force_grouping=True)
        }
    if unit == "count":
        return formats.number_format(round(value), 0, force_grouping=True)
    return signed(round(value, 2), 2)


def share_in_words(share: float, *, decimals: int = 0) -> str:
    """“42%” in English, “42 %” in French; “< 0.1%” for what is little but not nothing, when decimals are told."""
    percent = share * 100
    least = 10.0**-decimals
    if decimals and 0 < percent < least:
        return _("%(percent)s%%") % {"percent": f"<\N{NO-BREAK SPACE}{signed(least, decimals)}"}
    return _("%(percent)s%%") % {"percent": signed(round(percent, decimals), decimals)}


def points_in_words(difference: float) -> str:
    """The difference of two shares: “1.25 points”."""
    return _("%(points)s points") % {"points": signed(round(100 * difference, 2), 2)}


def quoted(name: str) -> str:
    """In the quotation marks of the language."""
    return _("“%(name)s”") % {"name": name}


def signed(value: float, decimals: int) -> str:
    """With a true minus sign, and no sign for what rounds to nothing."""
    figure = formats.number_format(abs(value), decimals)
    return f"−{figure}" if value < 0 else figure


def duration_in_words(seconds: float) -> str:
    """“42 s”, “12 min”, “2 h 5 min”, “3 days”."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return ngettext("%(days)s day", "%(days)s days", hours // 24) % {"days": hours // 24}


def instant_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Day and time of an instant on the store's clock."""
    local = at.astimezone(zone)
    # Translators: format of a date, see Django's template filter “date”; French writes “j N Y”.
    day, clock = formats.date_format(local, _("j M Y")), formats.date_format(local, "H:i")
    return _("%(day)s at %(time)s") % {"day": day, "time": clock}
