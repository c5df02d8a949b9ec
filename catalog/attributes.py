"""Reads one value of a product attribute into what the database stores, or says what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Phrase: TypeAlias = str | Promise

LARGEST_INTEGER: Final = 2**31 - 1
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
LONGEST_PATH = 750
LONGEST_ADDRESS = 2000
MOST_ATTRIBUTES = 100
LONGEST_ATTRIBUTE = 500

_MONEY = re.compile(r"(\d{1,10}(?:\.\d{1,2})?) ([A-Z]{3})", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_AVAILABILITIES = frozenset(("in_stock", "out_of_stock", "preorder", "backorder"))


class RefusedValueError(ValueError):
    """A value that cannot be read: a stable code, and what was expected, in words."""

    def __init__(self, code: str, expected: Phrase) -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected


class Reading:
    """What reading depends on: the store's currency, and its time zone for instants that name none."""

    __slots__ = ("currency", "zone")

    def __init__(self, *, currency: str, zone: ZoneInfo) -> None:
        self.currency = currency
        self.zone = zone


Parser: TypeAlias = Callable[[object, Reading], Json]


def text(longest: int, *, shortest: int = 0) -> Parser:
    """A parser of plain text of at most `longest` characters, stripped of the white space around it."""

    def parse(value: object, _reading: Reading) -> Json:
        if not isinstance(value, str):
            raise RefusedValueError("type", _("text"))
        stripped = value.strip()
        if not shortest <= len(stripped) <= longest:
            expected = _("text of %(shortest)d to %(longest)d characters") % {
                "shortest": shortest,
                "longest": longest,
            }
            raise RefusedValueError("length", expected)
        if not stripped.isascii():
            _refuse_surrogates(stripped)
        if "\0" in stripped:
            raise RefusedValueError("format", _("text without the character NUL"))
        return stripped

    return parse


def _refuse_surrogates(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RefusedValueError("format", _("text in Unicode, without half surrogate pairs")) from None


_read_address_text = text(LONGEST_ADDRESS)
_read_path_text = text(LONGEST_PATH)


def page_address(value: object, reading: Reading) -> Json:
    """An absolute http or https address."""
    address = str(_read_address_text(value, reading))
    if not _ADDRESS.fullmatch(address):
        raise RefusedValueError("format", _("an address such as https://www.example.com/page"))
    return address


def picture_address(value: object, reading: Reading) -> Json:
    """An http or https address, or a path of this installation."""
    if isinstance(value, str) and value.startswith("/") and not value.startswith("//") and " " not in value:
        return _read_address_text(value, reading)
    return page_address(value, reading)


def category_path(value: object, reading: Reading) -> Json:
    """Names from the root joined by “ > ”, white space normalised."""
    names = [" ".join(name.split()) for name in str(_read_path_text(value, reading)).split(">")]
    path = " > ".join(names)
    if not all(0 < len(name) <= 200 for name in names) or len(path) > LONGEST_PATH:
        raise RefusedValueError("format", _("a path such as Sport > Tennis > Rackets"))
    return path


def money(value: object, reading: Reading) -> Json:
    """An amount in the store's currency, as Google Merchant writes it: “15.00 EUR”."""
    matched = _MONEY.fullmatch(value) if isinstance(value, str) else None
    if matched is None:
        expected = _("an amount such as 15.00 %(currency)s") % {"currency": reading.currency}
        raise RefusedValueError("format" if isinstance(value, str) else "type", expected)
    if matched[2] != reading.currency:
        raise RefusedValueError("currency", _("the store's currency, %(currency)s") % {"currency": reading.currency})
    return str(Decimal(matched[1]).quantize(Decimal("0.01")))


def instant(value: object, reading: Reading) -> Json:
    """An ISO 8601 instant, in UTC; one without an offset is in the store's time zone."""
    return _instant(value, reading).isoformat()


def _instant(value: object, reading: Reading) -> datetime:
    if not isinstance(value, str):
        raise RefusedValueError("type", _("an instant such as 2026-01-31T08:00+01:00"))
    try:
        given = datetime.fromisoformat(value.strip())
        zoned = given if given.tzinfo else given.replace(tzinfo=reading.zone)
        found = zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RefusedValueError("format", _("an instant such as 2026-01-31T08:00+01:00")) from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        bounds = {"earliest": EARLIEST_YEAR, "latest": LATEST_YEAR}
        raise RefusedValueError("range", _("a year from %(earliest)d to %(latest)d") % bounds)
    return found


def period(value: object, reading: Reading) -> tuple[Json, Json]:
    """Two instants joined by “/”, the first before the second; either may be left out."""
    expected = _("a period such as 2026-01-07T08:00+01:00/2026-01-31T23:59+01:00")
    if not isinstance(value, str):
        raise RefusedValueError("type", expected)
    halves = value.split("/")
    if len(halves) != 2 or not any(half.strip() for half in halves):
        raise RefusedValueError("format", expected)
    starts, ends = (_instant(half, reading) if half.strip() else None for half in halves)
    if starts and ends and starts >= ends:
        raise RefusedValueError("range", _("a period that starts before it ends"))
    return (starts.isoformat() if starts else None, ends.isoformat() if ends else None)


def availability(value: object, _reading: Reading) -> Json:
    """One of Google Merchant's values, with “_” or a blank between words."""
    found = value.strip().lower().replace(" ", "_") if isinstance(value, str) else None
    if found not in _AVAILABILITIES:
        raise RefusedValueError("choice", _("one of in_stock, out_of_stock, preorder, backorder"))
    return found


def count(value: object, _reading: Reading) -> Json:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedValueError("type", _("a whole number"))
    if not 0 <= value <= LARGEST_INTEGER:
        bounds = {"largest": LARGEST_INTEGER}
        raise RefusedValueError("range", _("a whole number from 0 to %(largest)d") % bounds)
    return value


def stars(value: object, _reading: Reading) -> Json:
    """A rating from 0 to 5."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise RefusedValueError("type", _("a number"))
    if not 0 <= value <= 5:
        raise RefusedValueError("range", _("a number from 0 to 5"))
    return float(value)


def flag(value: object, _reading: Reading) -> Json:
    """True or false."""
    if not isinstance(value, bool):
        raise RefusedValueError("type", _("true or false"))
    return value


def properties(value: object, reading: Reading) -> Json:
    """Colour, size, material … by name: an object of short texts, numbers, truth values or lists of texts."""
    if not isinstance(value, dict) or len(value) > MOST_ATTRIBUTES:
        most = {"most": MOST_ATTRIBUTES}
        raise RefusedValueError("type", _("an object with at most %(most)d members") % most)
    return {str(_name(name, reading)): _property(member, reading) for name, member in value.items()}


_name = text(100, shortest=1)
_property_text = text(LONGEST_ATTRIBUTE)


def _property(value: object, reading: Reading) -> Json:
    if isinstance(value, list) and len(value) <= MOST_ATTRIBUTES:
        return [_property_text(member, reading) for member in value]
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    if isinstance(value, str):
        return _property_text(value, reading)
    raise RefusedValueError("type", _("texts, numbers, true or false, or lists of texts"))
