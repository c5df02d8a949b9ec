"""The JSON shapes of what a campaign would change, as the OpenAPI document shows them."""

from __future__ import annotations

from rest_framework import serializers

from objectives.conflicts import ConflictKind
from personalization.api.campaign_shapes import CampaignDocumentShape
from personalization.foresight import FIGURES


class HindsightQuestionShape(serializers.Serializer[object]):
    """Which campaign is tried, where: a document, a campaign that is stored, or a document in its place."""

    zone = serializers.CharField(max_length=50)
    document = CampaignDocumentShape(required=False)
    campaign = serializers.CharField(
        max_length=18, required=False, allow_null=True, help_text="Id of the campaign that it is, or would become."
    )
    against_stored = serializers.BooleanField(
        required=False, help_text="Compare with the campaign as it is stored; with none otherwise."
    )


class PreviewQuestionShape(HindsightQuestionShape):
    """Which campaign is tried, where, and on which visit it is shown in full."""

    visit = serializers.IntegerField(
        required=False, allow_null=True, help_text="Which of `visit_ids` is shown; the most typical one otherwise."
    )


class KeptShape(serializers.Serializer[object]):
    """Share of the predicted conversion that is left, over all visits."""

    mean = serializers.FloatField()
    least = serializers.FloatField()


class ChangeIntervalShape(serializers.Serializer[object]):
    """How much more or less, between which bounds with 95 % confidence; all null without any visit."""

    value = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)


class FigureShape(serializers.Serializer[object]):
    """A figure per 1,000 visits."""

    before = serializers.FloatField()
    after = serializers.FloatField()
    change = ChangeIntervalShape()


class FiguresShape(serializers.Serializer[object]):
    """What is expected of what the zone shows, per 1,000 visits."""

    conversion = FigureShape(help_text="Purchases.")
    revenue = FigureShape()
    margin = FigureShape()
    promoted = FigureShape(help_text="Units of the promoted products; of a campaign for all, of the stock that lies.")


class PointFiguresShape(serializers.Serializer[object]):
    """The same figures, with one floor."""

    conversion = serializers.FloatField()
    revenue = serializers.FloatField()
    margin = serializers.FloatField()
    promoted = serializers.FloatField()


class PointShape(serializers.Serializer[object]):
    """What one relevance floor would bring."""

    floor = serializers.FloatField()
    kept = KeptShape()
    figures = PointFiguresShape()


class CurveShape(serializers.Serializer[object]):
    """What objectives reach against what relevance is left."""

    figure = serializers.ChoiceField(choices=list(FIGURES), help_text="The one that the campaign is after.")
    points = PointShape(many=True)


class ConflictCampaignShape(serializers.Serializer[object]):
    """The campaign that a conflict is with."""

    id = serializers.CharField()
    name = serializers.CharField()


class ConflictShape(serializers.Serializer[object]):
    """One thing that two campaigns want and only one of them can have."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ConflictKind])
    campaign = ConflictCampaignShape()
    place = serializers.IntegerField(allow_null=True, help_text="Of same_place, from 1.")
    item_ids = serializers.ListField(child=serializers.CharField(), help_text="Products that it is about, at most 20.")
    products = serializers.IntegerField(help_text="How many it is about.")


class ConflictsShape(serializers.Serializer[object]):
    """With the campaigns that are in force or will be."""

    conflicts = ConflictShape(many=True, help_text="At most 200.")


class ShownShape(serializers.Serializer[object]):
    """A product of one of the two lists."""

    item_id = serializers.CharField()
    title = serializers.CharField()
    position = serializers.IntegerField(help_text="From 1.")
    purchase = serializers.FloatField(help_text="Probability that it is bought later in the visit.")


class ShownVisitShape(serializers.Serializer[object]):
    """One visit, answered without the campaign and with it; at most 100 products each."""

    id = serializers.IntegerField()
    before = ShownShape(many=True)
    after = ShownShape(many=True)


class PreviewShape(serializers.Serializer[object]):
    """What a campaign would change in a zone, on the store's own recent visits."""

    zone = serializers.CharField()
    at = serializers.DateTimeField(help_text="The instant that is looked at: now, or when the campaign starts.")
    visits = serializers.IntegerField(help_text="Recent visits, each stopped midway and answered twice.")
    applies = serializers.IntegerField(help_text="In how many the campaign applies.")
    moved = serializers.IntegerField(help_text="In how many it changes what is shown.")
    kept = KeptShape()
    figures = FiguresShape()
    curve = CurveShape()
    conflicts = ConflictShape(many=True, help_text="With the campaigns that are in force or will be, at most 200.")
    visit = ShownVisitShape(allow_null=True)
    visit_ids = serializers.ListField(child=serializers.IntegerField())
