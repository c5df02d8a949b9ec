"""Tenures: since when a campaign, and each of its rules, has held out the visitors that it does, as its revisions tell.

What was before cannot be compared with what is: another share holds out other visitors, and a rule that was not there
spared nobody. Within a tenure the campaign may be paused, and order other things than it did: who is steered and who is
spared stays the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from objectives.campaign_documents import tell_campaign
from objectives.campaign_reading import Document
from objectives.models import Action, Campaign

_Rule: TypeAlias = tuple[str, int | None, str]  # what makes a rule of a document the same: kind, place, products

SETTLED: Final = timedelta(seconds=2)  # after a step, until every process goes by it
STARTS: Final = frozenset({Action.STARTED, Action.APPROVED, Action.RESUMED})
PAUSES: Final = frozenset({Action.PAUSED, Action.GUARDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """The period in which a campaign has governed with the hold-out that it has; each step counts once it has settled.

    Attributes:
        since: when that began.
        until: when it ceased to govern; while it does, the instant that was asked about.
        unchanged_since: the last step that changed what it is, or made it govern.
        rules: database id → when the rule began to be drawn.
    """

    since: datetime
    until: datetime
    unchanged_since: datetime
    rules: Mapping[int, datetime] = field(default_factory=dict)


def tenure_of(campaign: Campaign, *, now: datetime) -> Tenure | None:
    """The campaign's tenure up to `now`; None for one that has never governed."""
    kept = campaign.revisions.exclude(action=Action.PROPOSED).order_by("number")
    steps = list(kept.values_list("at", "action", "document"))
    life = _Life()
    # One whose steps nobody kept has been what it is since it was made.
    for at, action, document in steps or [(campaign.created_at, Action.STARTED, tell_campaign(campaign))]:
        life.go_on(at, action, document)
    begins = campaign.starts_at or life.since
    if life.since is None or begins is None or begins > now:
        return None
    until = min(end for end in (now, life.until, campaign.ends_at) if end is not None)
    rules = ((rule.pk, life.rules.get(_key(vars(rule)))) for rule in campaign.rules.all())
    return Tenure(
        since=max(life.since + SETTLED, begins),
        until=until,
        unchanged_since=max((life.unchanged_since or life.since) + SETTLED, begins),
        rules={number: max(since + SETTLED, begins) for number, since in rules if since is not None},
    )


@dataclass(slots=True)
class _Life:
    """What is known of a campaign after some of its steps."""

    governs: bool = False
    is_paused: bool = False
    share: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    unchanged_since: datetime | None = None
    rules: dict[_Rule, datetime] = field(default_factory=dict)

    def go_on(self, at: datetime, action: str, document: Document) -> None:
        """One step further; `document` is what the campaign then was."""
        if action == Action.REOPENED:  # another life
            self.share = self.since = self.until = None
        if action in PAUSES or action == Action.ENDED:
            self.until = at if self.governs else self.until
            self.governs, self.is_paused = False, action in PAUSES
        elif action in STARTS and (action == Action.RESUMED or not self.is_paused):
            # Whoever approves a change of a paused campaign does not resume it.
            self.governs, self.is_paused = True, False
        present = {_key(rule) for rule in document["rules"]}
        self.rules = {rule: since for rule, since in self.rules.items() if rule in present}
        if self.governs:
            self._govern(at, document["holdout"], present)
            if action != Action.RETURNED:
                self.unchanged_since = at

    def _govern(self, at: datetime, share: float, present: set[_Rule]) -> None:
        self.until = None
        if share != self.share:
            self.share, self.since, self.rules = share, at, {}
        for rule in present:
            self.rules.setdefault(rule, at)


def _key(rule: Mapping[str, Any]) -> _Rule:
    return rule["kind"], rule["place"], json.dumps(rule["products"], sort_keys=True)
