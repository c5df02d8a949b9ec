"""Marker values as a person would say them, in the active language."""

from __future__ import annotations

import numpy as np
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.markers.definition import Marker


def value_in_words(marker: Marker, value: float, currency: str) -> str:
    """A marker's raw value as a person would say it, in the active language."""
    unit = marker.unit
    if unit.startswith("log "):
        unit, value = unit.removeprefix("log "), float(np.expm1(value))
    if unit == "share":
        return f"{formats.number_format(round(value * 100), 0)} %"
    if unit == "flag":
        return _("yes") if value >= 0.5 else _("no")
    if unit == "money":
        return f"{formats.number_format(round(value, 2), 2)} {currency}"
    if unit == "seconds":
        return _duration(value)
    if unit == "days":
        return ngettext("%(days)s day", "%(days)s days", round(value)) % {
            "days": formats.number_format(round(value), 0)
        }
    if unit == "count":
        return formats.number_format(round(value), 0)
    return formats.number_format(round(value, 2), 2)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
