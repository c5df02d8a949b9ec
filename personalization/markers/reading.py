"""Reading: which page is open, how long pages stay open, and how attentively they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from personalization.markers import page
from personalization.markers.spell import LONGEST, Spell

if TYPE_CHECKING:
    from personalization.markers.lived import LivedEvent

HURRIED: Final = 10.0  # seconds: a page left sooner was hardly read


class Reading:
    """The page now open and the pages left, kept as running figures.

    Attributes:
        opened: whether the last event opened a page.
        kind, address: of the page now open, empty before the first; seconds: how long it has been open.
        dwells: seconds a page was open until the next one opened; on product pages; on category and search pages.
        product_seconds, all_seconds: sums of dwells on product pages, and on all.
        hurried: pages left within HURRIED seconds.
        scrolled, scrolls: sum of the shares of pages seen, and how many were told.
        engagement, engagements: seconds in the foreground, and how many were told.
    """

    __slots__ = (
        "_opened_at", "address", "all_seconds", "dwells", "engagement", "engagements", "hurried", "kind",
        "list_dwells", "opened", "product_dwells", "product_seconds", "scrolled", "scrolls", "seconds",
    )  # fmt: skip

    def __init__(self) -> None:
        self.opened, self.kind, self.address = False, "", ""
        self.dwells, self.product_dwells, self.list_dwells = Spell(), Spell(), Spell()
        self.seconds = self.product_seconds = self.all_seconds = self._opened_at = 0.0
        self.hurried = self.scrolls = self.engagements = 0
        self.scrolled = self.engagement = 0.0

    def fold(self, event: LivedEvent) -> None:
        self._turn(event)
        if event.scroll >= 0.0:
            self.scrolled += min(event.scroll, 1.0)
            self.scrolls += 1
        if event.engagement >= 0.0:
            self.engagement += event.engagement
            self.engagements += 1

    def _turn(self, event: LivedEvent) -> None:
        kind = page.kind_of(event)
        self.opened = False
        if page.opens(event, kind):
            address = page.address_of(event, kind)
            if address != self.address:
                self._leave(event.at)
                self.opened, self.address, self._opened_at = True, address, event.at
            self.kind = kind
        self.seconds = max(event.at - self._opened_at, 0.0) if self.address else 0.0

    def _leave(self, at: float) -> None:
        """The page open until now has been left for another."""
        if not self.address:
            return
        seconds = min(max(at - self._opened_at, 0.0), LONGEST)
        self.dwells.meet(seconds)
        self.all_seconds += seconds
        self.hurried += seconds < HURRIED
        if self.kind == "product":
            self.product_dwells.meet(seconds)
            self.product_seconds += seconds
        elif self.kind in page.LISTS:
            self.list_dwells.meet(seconds)
