"""The JSON shapes of questions and answers, as the OpenAPI document shows them; reading is `asked`'s."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from catalog.api.problems import CONTENT_TYPE
from catalog.api.shapes import ProblemShape
from personalization.api import asked

RELATION_KINDS = [
    "followed",
    "recalled",
    "transposed",
    "substitute",
    "seen",
    "beside",
    "own",
    "shelf",
    "kindred",
    "listed",
    "popular",
    "rule",
    "affinity",
    "lookalike",
]


class PageShape(serializers.Serializer[object]):
    """Where the visitor is now; it counts as lived before its event has arrived."""

    type = serializers.ChoiceField(choices=list(asked.PAGES), required=False)
    item_id = serializers.CharField(
        max_length=asked.LONGEST_ITEM, required=False, allow_blank=True, help_text="Of a product page."
    )
    category = serializers.CharField(
        max_length=asked.LONGEST_CATEGORY, required=False, allow_blank=True, help_text="Its path: Sport > Tennis."
    )
    search_term = serializers.CharField(max_length=asked.LONGEST_SEARCH, required=False, allow_blank=True)


class QuestionShape(serializers.Serializer[object]):
    """Which zone asks, and for whom."""

    zone = serializers.CharField(max_length=asked.LONGEST_ZONE, help_text="The zone's identifier in the store.")
    visitor_id = serializers.CharField(
        max_length=asked.LONGEST_VISITOR,
        required=False,
        allow_blank=True,
        help_text="Pseudonymous; without consent it is neither used nor stored.",
    )
    session_id = serializers.CharField(
        max_length=asked.LONGEST_VISITOR,
        required=False,
        allow_blank=True,
        help_text="Required without visitor_id, and without consent.",
    )
    consent = serializers.BooleanField(required=False, default=True)
    page = PageShape(required=False)
    engine = serializers.CharField(required=False, help_text="With a secret key only; inductive otherwise.")
    events = serializers.ListField(
        child=serializers.DictField(),
        max_length=asked.MOST_EVENTS,
        required=False,
        help_text="The visit's latest events, as POST events takes them: read only while the database is away.",
    )


class RecommendationShape(QuestionShape):
    """A zone asks for products."""

    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=asked.LARGEST_LIMIT, help_text="How many; else the zone's size."
    )
    exclude = serializers.ListField(
        child=serializers.CharField(max_length=asked.LONGEST_ITEM),
        max_length=asked.MOST_EXCLUDED,
        required=False,
        help_text="Item ids not to be shown.",
    )


class ListingShape(QuestionShape):
    """A zone hands over products to be put into order."""

    item_ids = serializers.ListField(
        child=serializers.CharField(max_length=asked.LONGEST_ITEM), max_length=asked.MOST_LISTED, help_text="Each once."
    )


class EstimateShape(serializers.Serializer[object]):
    """What is expected of a product later in this visit."""

    view = serializers.FloatField(help_text="Probability that it is looked at.")
    cart = serializers.FloatField(help_text="Probability that it is put into the cart.")
    purchase = serializers.FloatField(help_text="Probability that it is bought.")
    support = serializers.FloatField(help_text="Effective number of past situations that say so.")


class RelationShape(serializers.Serializer[object]):
    """How a product was reached: the step others took, and the same step from here."""

    kind = serializers.ChoiceField(choices=RELATION_KINDS)
    origin = serializers.CharField(allow_null=True, help_text="Item id from which others came.")
    success = serializers.CharField(allow_null=True, help_text="Item id to which they went.")
    start = serializers.CharField(allow_null=True, help_text="Item id from which the same step leads here.")
    traits = serializers.ListField(
        child=serializers.CharField(),
        help_text="same_category, same_brand, cheaper, dearer, similar_price, complement, newer; of `own`, bought;"
        " a rule's strategy.",
    )


class ReasonShape(serializers.Serializer[object]):
    """Why the product is here."""

    code = serializers.CharField(help_text="Stable: a relation's kind, or exploration.")
    text = serializers.CharField(help_text="For people, in the language of Accept-Language or the store's.")
    relation = RelationShape()


class PlacedShape(serializers.Serializer[object]):
    """A product in its place."""

    item_id = serializers.CharField()
    position = serializers.IntegerField(help_text="From 1.")
    estimate = EstimateShape()
    propensity = serializers.FloatField(
        help_text="Probability with which the policy put it here, given what stands before it."
    )


class RecommendedShape(PlacedShape):
    """A recommended product."""

    title = serializers.CharField()
    link = serializers.CharField()
    image_link = serializers.CharField()
    price = serializers.CharField(allow_null=True, help_text="19.90 EUR")
    sale_price = serializers.CharField(allow_null=True, help_text="15.90 EUR while a sale runs.")
    reason = ReasonShape(allow_null=True)


class MessageShape(serializers.Serializer[object]):
    """What a pop-up tells the visitor: a rule's message, which counts as shown with this answer."""

    title = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    rule = serializers.CharField(help_text="Name of the rule, for reports.")


class AnswerShape(serializers.Serializer[object]):
    """What every answer says of itself."""

    recommendation_id = serializers.UUIDField(help_text="Send it with the events the answer leads to.")
    zone = serializers.CharField()
    engine = serializers.CharField()
    variant = serializers.CharField(allow_null=True)
    campaign = serializers.CharField(
        allow_null=True, help_text="Id of the campaign that steered it, the first in precedence; null for none."
    )
    memory_generation = serializers.IntegerField(allow_null=True)
    novelty = serializers.FloatField(help_text="1 when nothing like this visit was ever lived.")
    fallback = serializers.CharField(
        allow_null=True,
        help_text="Why it rests on neither analogues nor a person: no_memory, no_analogue, memory_away, no_profile.",
    )
    degraded = serializers.BooleanField(help_text="The database was away: answered from what was last known.")
    message = MessageShape(allow_null=True, help_text="Of the rules engine; null when no rule has any to show now.")
    took_ms = serializers.FloatField()
    stages = serializers.DictField(
        child=serializers.FloatField(), required=False, help_text="Milliseconds by stage; secret keys only."
    )


class RecommendationAnswerShape(AnswerShape):
    """Ranked products."""

    items = RecommendedShape(many=True)


class ListingAnswerShape(AnswerShape):
    """Every id asked for, in its new place."""

    item_ids = serializers.ListField(child=serializers.CharField())
    unknown_item_ids = serializers.ListField(
        child=serializers.CharField(), help_text="Not in the catalog; they stand last, in their order."
    )
    items = PlacedShape(many=True)


# A zone that the store does not have is told apart from a body that is wrong.
NO_SUCH_ZONE = {(404, CONTENT_TYPE): OpenApiResponse(ProblemShape, description="The store has no such zone.")}


class RelationReasonShape(serializers.Serializer[object]):
    """One way a product was reached, and its share of the evidence."""

    text = serializers.CharField()
    share = serializers.FloatField()
    relation = RelationShape()


class ExplainedShape(PlacedShape):
    """A product served, with everything that brought it there."""

    title = serializers.CharField()
    link = serializers.CharField()
    image_link = serializers.CharField()
    explored = serializers.BooleanField(allow_null=True, help_text="The place was given to exploration.")
    reasons = RelationReasonShape(many=True)
    contributions = serializers.DictField(
        child=serializers.FloatField(), help_text="What each objective gave; their sum ranks."
    )


class DeedShape(serializers.Serializer[object]):
    """What was done to a product after a past situation."""

    item_id = serializers.CharField()
    title = serializers.CharField()
    did = serializers.ChoiceField(choices=["view", "cart", "purchase"])
    after_seconds = serializers.IntegerField()


class MarkerComparisonShape(serializers.Serializer[object]):
    """One marker here and there."""

    marker = serializers.CharField()
    family = serializers.CharField()
    meaning = serializers.CharField()
    here = serializers.CharField()
    there = serializers.CharField()


class AnalogueShape(serializers.Serializer[object]):
    """A past situation that spoke."""

    situation_id = serializers.IntegerField()
    visit_id = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True, help_text="Null when it is no longer remembered.")
    similarity = serializers.FloatField()
    text = serializers.CharField()
    did = DeedShape(many=True)
    matching_markers = MarkerComparisonShape(many=True)
    differing_markers = MarkerComparisonShape(many=True)
    distance_by_family = serializers.DictField(child=serializers.FloatField())


class DecisionShape(serializers.Serializer[object]):
    """An answer, explained."""

    recommendation_id = serializers.UUIDField()
    zone = serializers.CharField()
    decided_at = serializers.DateTimeField()
    engine = serializers.CharField()
    variant = serializers.CharField(allow_null=True)
    campaign = serializers.CharField(
        allow_null=True, help_text="Id of the campaign that steered it, the first in precedence; null for none."
    )
    memory_generation = serializers.IntegerField(allow_null=True)
    novelty = serializers.FloatField()
    fallback = serializers.CharField(allow_null=True)
    took_ms = serializers.FloatField()
    stages = serializers.DictField(child=serializers.FloatField())
    items = ExplainedShape(many=True)
    analogues = AnalogueShape(many=True)
