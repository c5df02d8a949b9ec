"""The JSON shapes of what campaigns brought, and of what logs say of them, as the OpenAPI document shows them."""

from __future__ import annotations

from rest_framework import serializers

from objectives.models import RuleKind
from personalization.api.preview_shapes import ChangeIntervalShape, FiguresShape
from personalization.hindsight import REASONS
from personalization.verdicts import Doubt


class GroupsShape(serializers.Serializer[object]):
    """How many visitors were steered and how many spared, and whether that is what the hold-out makes of them."""

    steered = serializers.IntegerField()
    spared = serializers.IntegerField()
    p_value = serializers.FloatField(allow_null=True, help_text="Of the chi-square test of the groups' sizes.")
    sound = serializers.BooleanField(help_text="Whether the sizes are as drawn; nothing is to be trusted otherwise.")


class GroupShape(serializers.Serializer[object]):
    """One metric of one group."""

    visitors = serializers.IntegerField()
    total = serializers.FloatField(help_text="Over all its visitors.")
    mean = serializers.FloatField(help_text="Per visitor.")


class MetricVerdictShape(serializers.Serializer[object]):
    """One metric of the steered against the spared; intervals of 95 %."""

    steered = GroupShape()
    spared = GroupShape()
    difference = ChangeIntervalShape(help_text="Steered less spared, per visitor.")
    uplift = ChangeIntervalShape(help_text="The same as a share of spared; null where that is not proven above zero.")
    brought = ChangeIntervalShape(help_text="The difference over all steered visitors.")
    p_value = serializers.FloatField(allow_null=True)
    enough = serializers.BooleanField(help_text="Whether both groups have lived enough for the intervals to hold.")
    proven = serializers.BooleanField(help_text="Enough, and the interval of the difference excludes zero.")


class MetricsShape(serializers.Serializer[object]):
    """All of them, or none where nothing can be told: see `doubt`."""

    conversion = MetricVerdictShape(required=False, help_text="Visitors who bought.")
    revenue = MetricVerdictShape(required=False)
    margin = MetricVerdictShape(required=False, help_text="Of what was bought and has a known cost.")
    promoted = MetricVerdictShape(required=False, help_text="Units bought of the products that it is about.")
    clicks = MetricVerdictShape(required=False, help_text="On what zones showed.")


class JudgedShape(serializers.Serializer[object]):
    """What was brought, or why nothing can be told."""

    doubt = serializers.ChoiceField(
        choices=Doubt.values, allow_null=True, help_text="Why there are no metrics, or why they are not to be trusted."
    )
    groups = GroupsShape(allow_null=True)
    metrics = MetricsShape()


class RuleVerdictShape(JudgedShape):
    """What one pin, boost or burying brought, among visitors whom its campaign steered."""

    pointer = serializers.CharField(help_text="Of the rule in the campaign's document, for example `/rules/0`.")
    kind = serializers.ChoiceField(choices=RuleKind.values)
    since = serializers.DateTimeField(allow_null=True, help_text="From when on visitors were drawn for it.")


class CampaignVerdictShape(JudgedShape):
    """What a campaign brought or cost against not having it."""

    campaign = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True, help_text="The first meeting that counts.")
    until = serializers.DateTimeField(allow_null=True)
    holdout = serializers.FloatField(help_text="Share of the visitors who are spared.")
    mixed = serializers.IntegerField(help_text="Visitors left out, as they were steered and spared, both.")
    rules = RuleVerdictShape(many=True, help_text="In the order of the document.")


class SupportShape(serializers.Serializer[object]):
    """How far the logs speak of a list, at the places that the campaign would change."""

    visits = serializers.IntegerField()
    places = serializers.IntegerField()
    agreeing = serializers.IntegerField(help_text="At how many the logs show what would stand there.")
    rewarded = serializers.IntegerField(help_text="Of how many of these anything was bought.")
    covered = ChangeIntervalShape(help_text="Mean weight; 1 where the logs could have shown all of it.")
    effective = serializers.FloatField(help_text="Effective sample size (Kish 1965).")


class LogsShape(serializers.Serializer[object]):
    """Without the campaign, and with it."""

    before = SupportShape()
    after = SupportShape()


class HindsightShape(serializers.Serializer[object]):
    """What a campaign would have changed in what the zone has served, told from what came of it."""

    supported = serializers.BooleanField(
        help_text="Whether the figures are told from the logs (doubly robust); from the probabilities alone otherwise."
    )
    reason = serializers.ChoiceField(choices=list(REASONS), allow_null=True, help_text="Why the logs say nothing.")
    figures = FiguresShape()
    logs = LogsShape()
