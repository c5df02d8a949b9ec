"""What a single value of an event may be: each check returns it cleaned, or says what was expected."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from catalog.attributes import RefusedValueError

Check = Callable[[Any], Any]

LARGEST_SUM: Final = 1e9  # of money in one event
LARGEST_COUNT: Final = 1_000_000
MILLISECONDS_FROM: Final = 1e11  # a timestamp above is in milliseconds: as seconds it would be the year 5138


def text(longest: int) -> Check:
    """A string that PostgreSQL and UTF-8 can hold, without blanks around it."""
    expected = _("a text of at most %d characters") % longest
    not_holdable = _("a text without NUL characters and lone surrogates")

    def check(value: Any) -> str:
        if type(value) is not str:
            raise RefusedValueError("type", expected)
        if len(value) > longest:
            raise RefusedValueError("length", expected)
        if not value.isprintable() and not _holdable(value):
            raise RefusedValueError("format", not_holdable)
        return value.strip()

    return check


def name_of(names: frozenset[str]) -> Check:
    """One of a few names."""
    expected = _("one of %s") % ", ".join(sorted(names))

    def check(value: Any) -> str:
        if type(value) is not str or value not in names:
            raise RefusedValueError("choice", expected)
        return value

    return check


def number(lowest: float, highest: float) -> Check:
    """A finite number within bounds, as a float."""
    bounds = {"lowest": lowest, "highest": highest}
    expected = _("a number from %(lowest)g to %(highest)g") % bounds

    def check(value: Any) -> float:
        kind = type(value)
        if kind is not float and kind is not int:
            raise RefusedValueError("type", expected)
        if not lowest <= value <= highest:
            raise RefusedValueError("range", expected)
        return float(value)

    return check


def whole_number(lowest: int, highest: int = LARGEST_COUNT) -> Check:
    """A whole number within bounds; 2.0 is one."""
    bounds = {"lowest": lowest, "highest": highest}
    expected = _("a whole number from %(lowest)d to %(highest)d") % bounds

    def check(value: Any) -> int:
        kind = type(value)
        if kind is not int and kind is not float:
            raise RefusedValueError("type", expected)
        if not lowest <= value <= highest or value != int(value):
            raise RefusedValueError("range", expected)
        return int(value)

    return check


def flag(value: Any) -> bool:
    """True or false, and nothing that merely looks like it."""
    if type(value) is not bool:
        raise RefusedValueError("type", _("true or false"))
    return value


def uuid(value: Any) -> UUID:
    """The id of an answer of ours."""
    try:
        if type(value) is str and len(value) == len("00000000-0000-0000-0000-000000000000"):
            return UUID(value)
    except ValueError:
        pass
    raise RefusedValueError("format", _("the recommendation_id of an answer, a UUID"))


_TIMESTAMP: Final = _("an RFC 3339 date and time with its offset, or a number of seconds or milliseconds since 1970")


def instant(value: Any) -> float:
    """Seconds since 1970 UTC, to the microsecond that PostgreSQL keeps."""
    kind = type(value)
    if kind is str:
        return _read_rfc3339(value)
    if (kind is not int and kind is not float) or not math.isfinite(value) or not 0 <= value < 1e15:
        raise RefusedValueError("format", _TIMESTAMP)
    return round(value / 1000 if value >= MILLISECONDS_FROM else float(value), 6)


def moment(seconds: float) -> datetime:
    """The instant so many seconds after 1970 UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def _read_rfc3339(value: str) -> float:
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise RefusedValueError("format", _TIMESTAMP) from error
    if read.tzinfo is None:
        raise RefusedValueError("format", _TIMESTAMP)
    return read.timestamp()


def _holdable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value
