"""A rule in force: when it applies, what it then selects, and what it then tells the visitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from objectives.conditions import ALWAYS, Condition, Range, holds
from personalization.markers import MARKERS
from personalization.markers.plain import plain
from personalization.merchandising.strategies import Selection

KNOWN_MARKERS: Final[dict[str, Range]] = {
    marker.name: Range(plain(marker, marker.low), plain(marker, marker.high)) for marker in MARKERS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a pop-up tells the visitor, and how often it may.

    Attributes:
        rule_id, rule: whose message it is, by id and by name.
        per_visit: times that a visit may show it, None for any number.
        quiet_days: days for which the visitor is then spared it, 0 for none.
    """

    rule_id: int
    rule: str
    title: str
    text: str
    per_visit: int | None = 1
    quiet_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce:
    """One rule as the engine goes by it.

    Attributes:
        selection: None for a rule that has a message alone.
        zones: identifiers of the zones it is for; empty for all.
        binding: its products keep their place whatever is expected of them, as a merchandiser laid it down.
    """

    name: str
    selection: Selection | None
    condition: Condition = ALWAYS
    zones: frozenset[str] = frozenset()
    message: Message | None = None
    binding: bool = True

    def applies(self, *, markers: Mapping[str, float], zone: str) -> bool:
        """Whether it does here; `markers` in plain units, `zone` the identifier of the zone that asks."""
        return (not self.zones or zone in self.zones) and holds(self.condition, markers)
