"""Every process's own copy of each store's rules, fresh within a second of a change."""

from __future__ import annotations

from typing import Final

import structlog

from objectives.conditions import InvalidConditionError, parse
from personalization.last_known import DatabaseAwayError, LastKnown
from personalization.merchandising.defaults import DEFAULT_RULES
from personalization.merchandising.rule import KNOWN_MARKERS, Message, RuleInForce
from personalization.merchandising.strategies import STRATEGIES, Selection
from personalization.models import Rule

FRESH: Final = 0.5  # seconds after which a changed rule governs

log = structlog.get_logger(__name__)


def rules_of(*, store_id: int) -> tuple[RuleInForce, ...]:
    """The store's enabled rules in the order of their priority; DEFAULT_RULES where none of its own selects.

    With the database away the last known ones hold.
    """
    try:
        own, _ = _RULES.of(store_id)
    except DatabaseAwayError:
        own = ()
    if any(rule.selection is not None for rule in own):
        return own
    return (*own, *DEFAULT_RULES)


def _read(store_id: int) -> tuple[RuleInForce, ...]:
    rows = Rule.objects.filter(store_id=store_id).governing().prefetch_related("zones")
    return tuple(rule for row in rows if (rule := rule_of(row)) is not None)


def rule_of(row: Rule) -> RuleInForce | None:
    """The rule as the engine goes by it; None for one that a change of the markers has left without meaning."""
    try:
        condition = parse(row.condition, KNOWN_MARKERS)
    except InvalidConditionError as error:
        log.warning("rule_not_understood", rule=row.pk, store=row.store_id, error=str(error))
        return None
    return RuleInForce(
        name=row.name,
        condition=condition,
        selection=_selection(row),
        zones=frozenset(zone.slug for zone in row.zones.all()),
        message=_message(row),
    )


def _selection(row: Rule) -> Selection | None:
    if row.strategy not in STRATEGIES:  # a message alone
        return None
    return Selection(strategy=row.strategy, most=row.most, parameters=row.parameters)


def _message(row: Rule) -> Message | None:
    if not row.message_text:
        return None
    return Message(
        rule_id=row.pk,
        rule=row.name,
        title=row.message_title,
        text=row.message_text,
        per_visit=row.message_per_visit,
        quiet_days=row.message_quiet_days,
    )


_RULES: Final = LastKnown(_read, fresh_for=FRESH)
