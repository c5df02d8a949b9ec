"""The JSON shapes of campaigns, as the OpenAPI document shows them; reading is `objectives.campaign_reading`'s."""

from __future__ import annotations

from rest_framework import serializers

from catalog.attributes import LARGEST_INTEGER
from objectives.campaign_files import FORMAT, VERSION
from objectives.campaign_reading import LARGEST_PLACE, LARGEST_PRIORITY, LARGEST_WEIGHT, MOST_ZONES
from objectives.lifecycle import STEPS
from objectives.models import Action, CampaignState, RuleKind, Scope, Standing
from objectives.models.campaign import Measure

# The guardrail's step is the platform's own, and an approval a person's, in the admin.
STEPS_OF_KEYS = [action.value for action in STEPS if action not in (Action.GUARDED, Action.APPROVED)]

_REVISION = "Number of the latest step in the campaign's history."


class ObjectiveShape(serializers.Serializer[object]):
    """One thing the campaign wants more of."""

    measure = serializers.ChoiceField(choices=Measure.choices)
    weight = serializers.FloatField(
        min_value=0,
        max_value=LARGEST_WEIGHT,
        required=False,
        help_text="1, the default, counts the best that could be had of it as much as the most relevant list.",
    )


class MerchandisingRuleShape(serializers.Serializer[object]):
    """What the campaign orders for some products by hand."""

    kind = serializers.ChoiceField(choices=RuleKind.choices)
    products = serializers.DictField(help_text="A selection, as of `promoted`; of a pin, one of `item_ids`.")
    place = serializers.IntegerField(
        min_value=1, max_value=LARGEST_PLACE, required=False, allow_null=True, help_text="Of a pin alone, from 1."
    )
    strength = serializers.FloatField(
        min_value=0, max_value=LARGEST_WEIGHT, required=False, help_text="Of a boost, as the weight of an objective."
    )


class CampaignDocumentShape(serializers.Serializer[object]):
    """What a campaign orders; what is left out has its default."""

    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, help_text="For colleagues.")
    priority = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_PRIORITY,
        required=False,
        help_text="Precedence: where two campaigns want one place, the lower number has it. 10 unless said.",
    )
    starts_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Null: at once.")
    ends_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Null: until it is ended.")
    zones = serializers.ListField(
        child=serializers.CharField(max_length=50),
        max_length=MOST_ZONES,
        required=False,
        help_text="Identifiers of zones; none for all of them.",
    )
    condition = serializers.DictField(
        required=False,
        help_text='When it applies: {"marker": …, "operator": …, "value": …}, joined by all, any and not.',
    )
    promoted = serializers.DictField(
        required=False,
        help_text="Which products: item_ids, categories, brands; price, stock, days_on_sale, margin_share as "
        "[low, high]. Empty for all of them.",
    )
    scope = serializers.ChoiceField(
        choices=Scope.choices, required=False, help_text="Whether the promoted are favoured, or shown alone."
    )
    floor = serializers.FloatField(
        min_value=0, max_value=1, required=False, help_text="Share of the best predicted conversion never given up."
    )
    holdout = serializers.FloatField(
        min_value=0, max_value=1, required=False, help_text="Share of the visitors who are spared it."
    )
    guardrail = serializers.FloatField(
        min_value=0,
        max_value=1,
        required=False,
        allow_null=True,
        help_text="Share of the hold-out's conversion whose proven loss pauses it; null for never.",
    )
    stops_at_stock = serializers.IntegerField(
        min_value=0, max_value=LARGEST_INTEGER, required=False, allow_null=True, help_text="Units left of a product."
    )
    most_per_product = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER, required=False, allow_null=True, help_text="Answers with a product."
    )
    most_per_visitor = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER, required=False, allow_null=True, help_text="Answers to a visitor."
    )
    objectives = ObjectiveShape(many=True, required=False)
    rules = MerchandisingRuleShape(many=True, required=False)


class CampaignWriteShape(CampaignDocumentShape):
    """The whole of what a campaign orders, and from which of its revisions that was made."""

    revision = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_INTEGER,
        required=False,
        allow_null=True,
        help_text="The one that was read: a campaign that was changed since is left alone (409).",
    )


class CampaignChangeShape(CampaignWriteShape):
    """What changes of a campaign; each member named replaces the whole of what it was."""

    name = serializers.CharField(max_length=120, required=False)


class CampaignHeadShape(serializers.Serializer[object]):
    """A campaign in a list."""

    id = serializers.CharField(help_text="As in `campaign` of an answer.")
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=CampaignState.values)
    standing = serializers.ChoiceField(
        choices=Standing.values, help_text="Its state, and of an approved one what its period makes of it now."
    )
    priority = serializers.IntegerField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    zones = serializers.ListField(child=serializers.CharField())
    change_waits = serializers.BooleanField(help_text="A change of it waits for a second person.")
    revision = serializers.IntegerField(help_text=_REVISION)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class CampaignShape(CampaignHeadShape):
    """A campaign: what it orders, where it stands, and where it can go from there."""

    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=STEPS_OF_KEYS), help_text="Those a key may take now."
    )
    document = CampaignDocumentShape()
    proposed = CampaignDocumentShape(
        allow_null=True, help_text="What it would become, once a second person has approved that."
    )


class StepShape(serializers.Serializer[object]):
    """A step in the life of a campaign."""

    action = serializers.ChoiceField(choices=STEPS_OF_KEYS)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, help_text="Why; kept with it.")


class UndoShape(serializers.Serializer[object]):
    """Which revision to go back to."""

    revision = serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER)


class DifferenceShape(serializers.Serializer[object]):
    """One member that changed."""

    member = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class RevisionShape(serializers.Serializer[object]):
    """One step in a campaign's history."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True, help_text="A person, a key by its first characters; null: the platform")
    action = serializers.ChoiceField(choices=Action.values)
    note = serializers.CharField(allow_blank=True)
    changes = DifferenceShape(
        many=True, help_text="To what the campaign was before; of the first, all it began with; of a proposal, its own."
    )


class CampaignFileShape(serializers.Serializer[object]):
    """Campaigns as a file, at most 200 and 5 MB."""

    format = serializers.ChoiceField(choices=[FORMAT])
    version = serializers.IntegerField(min_value=VERSION, max_value=VERSION)
    campaigns = CampaignDocumentShape(many=True)


class ImportedShape(serializers.Serializer[object]):
    """What became of one campaign in a file."""

    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["created", "skipped"])
    id = serializers.CharField(allow_null=True, help_text="Null of what was skipped, and in a dry run.")


class ImportShape(serializers.Serializer[object]):
    """What became of a file: created + skipped = its campaigns."""

    dry_run = serializers.BooleanField(help_text="Nothing was stored.")
    created = serializers.IntegerField()
    skipped = serializers.IntegerField()
    campaigns = ImportedShape(many=True, help_text="In the file's order.")
