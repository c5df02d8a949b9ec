"""Through which channel an event's visitor came, when the event tells."""

from __future__ import annotations

from typing import Final

from personalization.markers.lived import LivedEvent

# Words of a medium (utm_medium) that name its channel, in the order in which they are looked for.
_MEDIA: Final = (
    ("email", ("email", "e-mail", "newsletter")),
    ("paid_search", ("cpc", "ppc", "paidsearch", "sea")),
    ("paid_social", ("paidsocial", "paid-social", "paid_social")),
    ("display", ("display", "banner", "cpm")),
    ("affiliate", ("affiliate", "affiliation")),
    ("social", ("social",)),
    ("search", ("organic",)),
    ("referral", ("referral",)),
)
_SEARCHERS: Final = ("google.", "bing.", "duckduckgo.", "qwant.", "ecosia.", "yahoo.")
_SOCIAL: Final = ("facebook.", "instagram.", "pinterest.", "tiktok.", "twitter.", "linkedin.", "youtube.")


def channel_of(event: LivedEvent) -> str:
    """The channel, empty when the event says nothing of where its visitor came from."""
    medium = event.medium.lower()
    for channel, words in _MEDIA:
        if medium in words:
            return channel
    if event.medium or event.source:
        return "campaign"
    if event.referrer:
        return _channel_of_referrer(event.referrer)
    return "direct" if event.path else ""


def _channel_of_referrer(host: str) -> str:
    if any(name in f"{host}." for name in _SEARCHERS):
        return "search"
    return "social" if any(name in f"{host}." for name in _SOCIAL) else "referral"
