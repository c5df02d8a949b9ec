"""The JSON shapes of events and their verdicts, as the OpenAPI document shows them; reading is `ingest`'s."""

from __future__ import annotations

from rest_framework import serializers

from catalog.api.shapes import MistakeShape
from personalization.ingest import EVENT_NAMES, Status
from personalization.markers.lived import PAGES


class EventItemShape(serializers.Serializer[object]):
    """A product of an event, under GA4's names."""

    item_id = serializers.CharField(max_length=100)
    item_name = serializers.CharField(max_length=500, required=False)
    price = serializers.FloatField(
        min_value=0, required=False, help_text="Unit price the visitor saw; else the catalog's."
    )
    quantity = serializers.IntegerField(min_value=1, required=False)
    item_brand = serializers.CharField(max_length=500, required=False)
    item_category = serializers.CharField(max_length=500, required=False)
    item_category2 = serializers.CharField(max_length=500, required=False)
    item_category3 = serializers.CharField(max_length=500, required=False)
    item_category4 = serializers.CharField(max_length=500, required=False)
    item_category5 = serializers.CharField(max_length=500, required=False)
    item_variant = serializers.CharField(max_length=500, required=False)
    item_list_id = serializers.CharField(max_length=500, required=False)
    index = serializers.IntegerField(min_value=0, required=False, help_text="Place in the list, from 0.")
    discount = serializers.FloatField(min_value=0, required=False)
    coupon = serializers.CharField(max_length=500, required=False)


class EventPageShape(serializers.Serializer[object]):
    """The page an event happened on."""

    type = serializers.ChoiceField(choices=list(PAGES), required=False)
    location = serializers.CharField(max_length=4000, required=False)
    referrer = serializers.CharField(max_length=4000, required=False)
    title = serializers.CharField(max_length=1000, required=False)


class EventDeviceShape(serializers.Serializer[object]):
    """What the visitor uses."""

    category = serializers.ChoiceField(choices=["mobile", "desktop", "tablet"], required=False)


class EventCampaignShape(serializers.Serializer[object]):
    """What brought the visitor (utm_source, utm_medium, utm_campaign)."""

    source = serializers.CharField(max_length=500, required=False)  # type: ignore[assignment]
    medium = serializers.CharField(max_length=500, required=False)
    name = serializers.CharField(max_length=500, required=False)


class EventShape(serializers.Serializer[object]):
    """One thing a visitor did, under its GA4 e-commerce name. Unknown fields are ignored."""

    event_id = serializers.CharField(max_length=100, help_text="Unique in the store; repeats are counted once.")
    name = serializers.ChoiceField(choices=sorted(EVENT_NAMES))
    timestamp = serializers.CharField(
        help_text="RFC 3339 with its offset; or a number: seconds, or milliseconds, since 1970."
    )
    visitor_id = serializers.CharField(
        max_length=128, required=False, help_text="Pseudonymous; this or session_id is required."
    )
    session_id = serializers.CharField(max_length=128, required=False, help_text="Required with consent false.")
    consent = serializers.BooleanField(
        default=True, help_text="Without it nothing outlasts the visit, and the visitor_id is not stored."
    )
    items = EventItemShape(many=True, required=False)
    currency = serializers.CharField(max_length=3, required=False, help_text="The store's; others are refused.")
    value = serializers.FloatField(min_value=0, required=False, help_text="Default: the sum of the items.")
    transaction_id = serializers.CharField(
        max_length=100, required=False, help_text="Required for purchase and refund; a purchase counts once."
    )
    coupon = serializers.CharField(max_length=500, required=False)
    shipping = serializers.FloatField(min_value=0, required=False)
    tax = serializers.FloatField(min_value=0, required=False)
    search_term = serializers.CharField(max_length=500, required=False, help_text="Required for search.")
    search_results = serializers.IntegerField(min_value=0, required=False)
    item_list_id = serializers.CharField(max_length=500, required=False)
    recommendation_id = serializers.UUIDField(required=False, help_text="Of the answer that led here.")
    page = EventPageShape(required=False)
    device = EventDeviceShape(required=False)
    language = serializers.CharField(max_length=35, required=False, help_text="BCP 47: fr-FR")
    campaign = EventCampaignShape(required=False)
    engagement_ms = serializers.FloatField(min_value=0, max_value=86_400_000, required=False)
    scroll_depth = serializers.FloatField(min_value=0, max_value=1, required=False)
    staff = serializers.BooleanField(default=False, help_text="Nothing is learned from the visit.")
    bot = serializers.BooleanField(default=False, help_text="Nothing is learned from the visit.")


class EventsShape(serializers.Serializer[object]):
    """A batch of at most 500 events; a single event may also be sent without the list."""

    events = EventShape(many=True)


class EventVerdictShape(serializers.Serializer[object]):
    """What became of one event."""

    event_id = serializers.CharField(allow_blank=True, help_text="Empty when it could not be read.")
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    errors = MistakeShape(many=True)  # type: ignore[assignment]


class EventVerdictsShape(serializers.Serializer[object]):
    """What became of the batch, in its order: stored + duplicates + rejected = sent."""

    stored = serializers.IntegerField()
    duplicates = serializers.IntegerField(help_text="Known already; counted once.")
    rejected = serializers.IntegerField()
    verdicts = EventVerdictShape(many=True)
