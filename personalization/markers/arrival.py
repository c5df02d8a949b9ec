"""Arrival: how the visitor came in, on what device, in which language, and on which page."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import log1p
from typing import TYPE_CHECKING, Final

from personalization.markers import page
from personalization.markers.definition import Marker, Scale, _
from personalization.markers.spell import LONGEST

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit, VisitContext
    from personalization.markers.lived import LivedEvent

# Words of a medium that name its channel; the first rule that matches decides.
_MEDIA: Final = (
    ("email", re.compile(r"e-?mail|newsletter|\bcrm\b")),
    ("social", re.compile(r"social")),
    ("affiliate", re.compile(r"affil|display|banner|\bcpm\b|retarget|remarket|programmatic|partner")),
    ("paid", re.compile(r"\bcpc\b|\bppc\b|paid|\bsea\b|\bsem\b|shopping")),
    ("organic", re.compile(r"organic|\bseo\b")),
    ("referral", re.compile(r"referral|\blink\b")),
)
# Names of a source or of the host that led here; a mailbox comes before the searcher whose name it bears.
_NAMES: Final = (
    (
        "affiliate",
        re.compile(
            r"idealo|kelkoo|leguide|ledenicheur|pricerunner|twenga|shopping\.|geizhals|trovaprezzi|pricespy"
            r"|comparat|dealabs|criteo|awin|tradedoubler|effiliation"
        ),
    ),
    ("email", re.compile(r"(?:^|\.)(?:web)?mail\.|android\.gm$|outlook|gmail|e-?mail|newsletter|brevo|klaviyo")),
    (
        "social",
        re.compile(
            r"(?:^|\.)(?:facebook|fb|instagram|pinterest|tiktok|twitter|linkedin|youtube|snapchat|reddit"
            r"|whatsapp)(?:\.|$)|^(?:t\.co|x\.com)$"
        ),
    ),
    (
        "organic",
        re.compile(r"(?:^|\.)(?:google|bing|duckduckgo|qwant|ecosia|yahoo|lilo|startpage|brave|yandex|baidu)(?:\.|$)"),
    ),
)
_PROMOTIONAL: Final = re.compile(
    r"sold[eé]|sales?(?![a-z])|promo|d[eé]stockage|black.?friday|cyber|coupon|voucher|discount|remise|rabatt|offer"
    r"|offre|deal|clearance|outlet|bon.?plan|french.?days|r[eé]duction|\d%"
)
_RETARGETING: Final = re.compile(r"retarget|remarket|criteo|\brtb|abandon|relance|reminder|winback|panier")
_CLICK_ID: Final = re.compile(
    r"[?&](?:gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|twclid|li_fat_id|epik|irclickid|awc|sccid|yclid)=",
    re.IGNORECASE,
)

_PROMOTIONS: Final = frozenset({"view_promotion", "select_promotion"})
_PAYING: Final = frozenset({"checkout", "confirmation"})

CHANNELS: Final = ("direct", "organic", "paid", "email", "social", "referral", "affiliate")


class Arrival:
    """What the first event tells of where the visitor came from; device and language as soon as one tells them.

    Attributes:
        channel: one of CHANNELS, empty before the first event.
        landing: kind of the page landed on, one of PAGES.
        depth: how deep in the shop the landing is: folders of its address, or categories above its product.
        own_language: 1 when the visitor's is the store's language, 0 when not, 0.5 unknown.
        entries: later times the visitor came back from outside within the visit.
    """

    __slots__ = (
        "_referrer", "_source", "abroad", "campaign", "channel", "click_id", "depth", "device", "entries",
        "landing", "own_language", "promotional", "retargeting",
    )  # fmt: skip

    def __init__(self) -> None:
        self.channel = self.landing = self.device = ""
        self.depth = self.entries = 0
        self.campaign = self.promotional = self.retargeting = self.click_id = 0.0
        self.own_language, self.abroad = 0.5, 0.0
        self._referrer = ""
        self._source = ("", "")

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if visit.count == 1:
            self._land(event)
        elif event.referrer or event.source:
            self._come_back(event)
        if event.device and not self.device:
            self.device = event.device
        if event.language and self.own_language == 0.5:
            self._hear(event.language, visit.context)

    def _land(self, event: LivedEvent) -> None:
        self.landing = page.kind_of(event)
        self.depth = page.depth_of(event)
        self.channel = channel_of(event)
        self._referrer, self._source = event.referrer, (event.source, event.medium)
        tagged = f"{event.source} {event.medium} {event.campaign}".lower()
        self.campaign = float(bool(event.campaign))
        spoken = f"{event.campaign} {event.coupon} {event.path}".lower()
        self.promotional = float(event.name in _PROMOTIONS or bool(_PROMOTIONAL.search(spoken)))
        self.retargeting = float(bool(_RETARGETING.search(tagged)))
        self.click_id = float(bool(_CLICK_ID.search(event.path)))

    def _come_back(self, event: LivedEvent) -> None:
        """A tag repeats where the visit came from: only another origin is a return, and never the payment page's."""
        source = (event.source, event.medium) if event.source else self._source
        referrer = event.referrer or self._referrer
        if page.kind_of(event) not in _PAYING and (source, referrer) != (self._source, self._referrer):
            self.entries += 1
            self._source, self._referrer = source, referrer

    def _hear(self, language: str, context: VisitContext) -> None:
        spoken, *others = language.replace("_", "-").split("-")
        regions = [part.upper() for part in others if len(part) == 2]
        self.own_language = float(spoken.lower() == context.language.lower()[:2])
        self.abroad = float(bool(regions) and regions[-1] != context.country)


def channel_of(event: LivedEvent) -> str:
    """One of CHANNELS: what the medium says, else a paid click, else the source, else the referrer."""
    medium = _match(_MEDIA, event.medium)
    if medium:
        return medium
    if _CLICK_ID.search(event.path):
        return "social" if "fbclid=" in event.path else "paid"
    source = event.source.lower()
    if source and source != "(direct)":
        return _match(_NAMES, source) or "referral"
    return (_match(_NAMES, event.referrer) or "referral") if event.referrer else "direct"


def _match(rules: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str:
    """The channel of the first rule that matches, empty when none does."""
    if not text:
        return ""
    lowered = text.lower()
    return next((channel for channel, pattern in rules if pattern.search(lowered)), "")


def _returning(visit: LiveVisit) -> float:
    if visit.count == 0 or not visit.context.consent:
        return 0.5
    return float(visit.context.history.visits > 0)


def _landing_dwell(visit: LiveVisit) -> float:
    return log1p(visit.rhythm.reading.dwells.first)


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"arrival_{name}", "arrival", *scale, meaning, compute)


def _came_by(channel: str, meaning: str) -> Marker:
    return _marker(channel, _FLAG, meaning, lambda visit: float(visit.arrival.channel == channel))


def _landed_on(name: str, meaning: str, *kinds: str) -> Marker:
    return _marker(f"on_{name}", _FLAG, meaning, lambda visit: float(visit.arrival.landing in kinds))


def _uses(device: str, meaning: str) -> Marker:
    return _marker(device, _FLAG, meaning, lambda visit: float(visit.arrival.device == device))


_FLAG: Final = Scale("flag", 0.0, 1.0, 0.0)
_MAYBE: Final = Scale("flag", 0.0, 1.0, 0.5)
_DEPTH_HIGH: Final = log1p(1e3)
_ENTRIES_HIGH: Final = log1p(1e6)

MARKERS: Final[tuple[Marker, ...]] = (
    _came_by("direct", _("1 when nothing led here: the address was typed or kept.")),
    _came_by("organic", _("1 when an unpaid search result led here.")),
    _came_by("paid", _("1 when a paid search or shopping click led here.")),
    _came_by("email", _("1 when an e-mail or newsletter led here.")),
    _came_by("social", _("1 when a social network led here.")),
    _came_by("referral", _("1 when a link on another site led here.")),
    _came_by("affiliate", _("1 when an affiliate, a price comparison, a banner or a retargeting network led here.")),
    _marker("campaign", _FLAG, _("1 when a named campaign led here."), lambda visit: visit.arrival.campaign),
    _marker(
        "promotional",
        _FLAG,
        _("1 when the campaign or the page landed on speaks of sales, promotions or coupons."),
        lambda visit: visit.arrival.promotional,
    ),
    _marker(
        "retargeting",
        _FLAG,
        _("1 when the campaign reminds of an earlier visit or an abandoned cart."),
        lambda visit: visit.arrival.retargeting,
    ),
    _marker(
        "click_id",
        _FLAG,
        _("1 when the address landed on bears the mark of an advertising network's click."),
        lambda visit: visit.arrival.click_id,
    ),
    _uses("mobile", _("1 on a mobile phone.")),
    _uses("tablet", _("1 on a tablet.")),
    _marker(
        "own_language",
        _MAYBE,
        _("1 when the visitor's device speaks the store's language, 0 when another."),
        lambda visit: visit.arrival.own_language,
    ),
    _marker(
        "abroad",
        _FLAG,
        _("1 when the visitor's device is set to another country than the store's."),
        lambda visit: visit.arrival.abroad,
    ),
    _landed_on("home", _("1 when the visit began on the home page."), "home"),
    _landed_on("category", _("1 when the visit began on a category page."), "category"),
    _landed_on("search", _("1 when the visit began on a search page."), "search"),
    _landed_on("product", _("1 when the visit began on a product page."), "product"),
    _landed_on("cart", _("1 when the visit began in the cart or the checkout."), "cart", "checkout"),
    _marker(
        "depth",
        Scale("log count", 0.0, _DEPTH_HIGH, 0.0),
        _("How deep in the shop the visit began: levels above the page landed on."),
        lambda visit: log1p(visit.arrival.depth),
    ),
    _marker(
        "landing_dwell",
        Scale("log seconds", 0.0, log1p(LONGEST), 0.0),
        _("Time spent on the page landed on before the next one was opened."),
        _landing_dwell,
    ),
    Marker(
        name="arrival_returning",
        family="arrival",
        unit="flag",
        low=0.0,
        high=1.0,
        neutral=0.5,
        meaning=_("1 when the visitor has been here before, 0 on a first visit."),
        compute=_returning,
        needs_consent=True,
    ),
    _marker(
        "entries",
        Scale("log count", 0.0, _ENTRIES_HIGH, 0.0),
        _("How often the visitor left for another site and came back from it within the visit."),
        lambda visit: log1p(visit.arrival.entries),
    ),
)
