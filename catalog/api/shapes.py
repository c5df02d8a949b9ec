"""The JSON shapes of the catalog's calls, as the OpenAPI document shows them; reading is `catalog.merchant`'s."""

from __future__ import annotations

from rest_framework import serializers


class MistakeShape(serializers.Serializer[object]):
    """One thing wrong."""

    detail = serializers.CharField(help_text="For people; in the language of Accept-Language.")
    pointer = serializers.CharField(help_text="JSON pointer into the body, for example /products/3/price.")
    code = serializers.CharField(help_text="Stable: required, type, format, length, range, choice, currency …")


class ProblemShape(serializers.Serializer[object]):
    """RFC 9457 problem details, application/problem+json."""

    type = serializers.CharField(help_text="Stable: urn:netup:problem:invalid-content and so on.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(required=False)
    errors = MistakeShape(many=True, required=False)  # type: ignore[assignment]


class ProductShape(serializers.Serializer[object]):
    """A product under Google Merchant's names; amounts as “15.00 EUR”, instants in ISO 8601."""

    id = serializers.CharField(max_length=100)
    title = serializers.CharField(max_length=300)
    description = serializers.CharField(max_length=5000, required=False)
    link = serializers.CharField(max_length=2000, required=False)
    image_link = serializers.CharField(max_length=2000, required=False)
    product_type = serializers.CharField(
        max_length=750, required=False, allow_null=True, help_text="Names from the root: Sport > Tennis > Rackets."
    )
    google_product_category = serializers.CharField(max_length=300, required=False)
    brand = serializers.CharField(max_length=100, required=False)
    item_group_id = serializers.CharField(max_length=100, required=False, help_text="Shared by variants.")
    price = serializers.CharField(required=False, allow_null=True, help_text="15.00 EUR")
    sale_price = serializers.CharField(required=False, allow_null=True, help_text="12.00 EUR")
    sale_price_effective_date = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="Start/end: 2026-01-07T08:00+01:00/2026-01-31T23:59+01:00.",
    )
    cost_of_goods_sold = serializers.CharField(required=False, allow_null=True, help_text="7.50 EUR")
    availability = serializers.ChoiceField(
        choices=["in_stock", "out_of_stock", "preorder", "backorder"], required=False
    )
    availability_date = serializers.DateTimeField(required=False, allow_null=True)
    custom_label_0 = serializers.CharField(max_length=100, required=False)
    custom_label_1 = serializers.CharField(max_length=100, required=False)
    custom_label_2 = serializers.CharField(max_length=100, required=False)
    custom_label_3 = serializers.CharField(max_length=100, required=False)
    custom_label_4 = serializers.CharField(max_length=100, required=False)
    quantity = serializers.IntegerField(
        min_value=0, required=False, allow_null=True, help_text="Units in stock; null when unknown. Kept when absent."
    )
    rating = serializers.FloatField(min_value=0, max_value=5, required=False, allow_null=True)
    rating_count = serializers.IntegerField(min_value=0, required=False)
    attributes = serializers.DictField(required=False, help_text="Colour, size, material … by name.")
    published = serializers.BooleanField(required=False, help_text="Kept when absent.")
    launched_at = serializers.DateTimeField(required=False)


class ProductDeltaShape(ProductShape):
    """What changes of a product that exists; what is absent stays, null empties."""

    title = serializers.CharField(max_length=300, required=False)


class ProductsShape(serializers.Serializer[object]):
    """Full products, at most 1,000."""

    products = ProductShape(many=True)


class ProductDeltasShape(serializers.Serializer[object]):
    """Deltas, at most 1,000."""

    products = ProductDeltaShape(many=True)


class VerdictShape(serializers.Serializer[object]):
    """What became of one product of a batch."""

    index = serializers.IntegerField()
    id = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["created", "updated", "unchanged", "rejected"])
    errors = MistakeShape(many=True, required=False)  # type: ignore[assignment]
    warnings = MistakeShape(many=True, required=False)


class VerdictsShape(serializers.Serializer[object]):
    """What became of a batch: created + updated + unchanged + rejected = sent."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    catalog_version = serializers.IntegerField()
    items = VerdictShape(many=True)


class StoreShape(serializers.Serializer[object]):
    """The store that a key belongs to."""

    slug = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    language = serializers.CharField()
    country = serializers.CharField()
    time_zone = serializers.CharField()
    is_synthetic = serializers.BooleanField(help_text="Its products and visits were simulated.")
    catalog_version = serializers.IntegerField()
