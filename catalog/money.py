"""Writes amounts of money as the reader's language does."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language

NO_BREAK = "\N{NO-BREAK SPACE}"
_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF", "CAD": "$CA", "PLN": "zł"}
_WITHOUT_CENTS: Final = frozenset(("JPY", "KRW", "XOF", "XAF", "XPF"))


def format_money(amount: Decimal | float | None, currency: str) -> str:
    """“1 234,50 €” in French, “€1,234.50” in English; “—” for no amount."""
    if amount is None:
        return "—"
    decimals = 0 if currency in _WITHOUT_CENTS else 2
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    figure = number_format(abs(rounded), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    symbol = _SYMBOLS.get(currency, currency)
    sign = "−" if rounded < 0 else ""
    if (get_language() or "en").startswith("en"):
        return f"{sign}{symbol}{figure}" if len(symbol) == 1 else f"{sign}{symbol}{NO_BREAK}{figure}"
    return f"{sign}{figure}{NO_BREAK}{symbol}"
