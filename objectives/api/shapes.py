"""The JSON shape of a zone, as the OpenAPI document shows it; reading is `objectives.zones`'."""

from __future__ import annotations

from rest_framework import serializers

from objectives.models.zone import PageType, ZoneKind
from objectives.zones import LARGEST_CAP, LARGEST_SIZE

ZONE_KINDS = list(ZoneKind.values)


class ZoneShape(serializers.Serializer[object]):
    """A place of the storefront that asks, with the filters that every answer there obeys."""

    slug = serializers.RegexField(
        r"^[-a-zA-Z0-9_]{1,50}$", help_text="The identifier the storefront asks by; it cannot change."
    )
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(
        choices=ZONE_KINDS, required=False, help_text="A listing orders the products it is handed."
    )
    page_type = serializers.ChoiceField(choices=PageType.values)
    size = serializers.IntegerField(
        min_value=1, max_value=LARGEST_SIZE, required=False, help_text="Products it shows; 8 unless said."
    )
    exclude_seen = serializers.BooleanField(required=False, help_text="Leave out what was seen in the visit.")
    exclude_in_cart = serializers.BooleanField(required=False, help_text="Leave out what is in the cart; the default.")
    exclude_bought = serializers.BooleanField(required=False, help_text="Leave out what was bought.")
    same_department = serializers.BooleanField(required=False, help_text="Stay in the page's department.")
    max_per_brand = serializers.IntegerField(
        min_value=1, max_value=LARGEST_CAP, required=False, allow_null=True, help_text="Null for any number."
    )
    max_per_category = serializers.IntegerField(
        min_value=1, max_value=LARGEST_CAP, required=False, allow_null=True, help_text="Null for any number."
    )
    rotate_after = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_CAP,
        required=False,
        allow_null=True,
        help_text="Times that a visit is shown a product without looking at it before others take its turn; null: any.",
    )
    enabled = serializers.BooleanField(required=False)


class ZoneChangeShape(ZoneShape):
    """What changes of a zone; what is absent stays."""

    slug = serializers.RegexField(r"^[-a-zA-Z0-9_]{1,50}$", required=False, help_text="That of the address, or none.")
    name = serializers.CharField(max_length=120, required=False)
    page_type = serializers.ChoiceField(choices=PageType.values, required=False)
