"""A campaign: what the merchant wants for a while, where, in which situations, and what it may cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Store
from objectives.models.zone import Zone

SHARE: Final = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class CampaignState(models.TextChoices):
    """Where it stands between an idea and its end; whether an approved one is live, its period says."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    APPROVED = "approved", _("approved")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class Standing(models.TextChoices):
    """What a campaign is at an instant."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    SCHEDULED = "scheduled", _("scheduled")
    LIVE = "live", _("live")
    OVER = "over", _("over")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class Scope(models.TextChoices):
    """What the promoted products are to the lists."""

    ALL = "all", _("every product: objectives count for all that may be shown")
    FAVOURED = "favoured", _("favour the promoted products that are most likely to suit")
    ONLY = "only", _("show the promoted products alone, those most likely to suit first")


class Measure(models.TextChoices):
    """What an objective can be; `objectives.measures` says what each is worth."""

    CONVERSION = "conversion", _("purchases")
    BASKET = "basket", _("additions to the cart")
    RELEVANCE = "relevance", _("interest")
    REVENUE = "revenue", _("revenue")
    MARGIN = "margin", _("margin")
    CLEARANCE = "clearance", _("stock that lies")
    DISCOVERY = "discovery", _("new products")
    FLUIDITY = "fluidity", _("a short way to purchase")


def always() -> dict[str, Any]:
    """The condition of a campaign that applies in every situation."""
    return {"all": []}


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def of(self, store: Store) -> CampaignQuerySet:
        return self.filter(store=store)

    def for_zone(self, zone: Zone) -> CampaignQuerySet:
        """Those that name a zone, and those for all zones."""
        return self.filter(Q(zones=None) | Q(zones=zone))

    def lasting(self, now: datetime) -> CampaignQuerySet:
        """Those in force at an instant or later, in the order of precedence."""
        lasting = Q(ends_at=None) | Q(ends_at__gt=now)
        return self.filter(lasting, state=CampaignState.APPROVED).order_by("priority", "pk")

    def live(self, now: datetime) -> CampaignQuerySet:
        """Those that govern answers at an instant."""
        return self.lasting(now).filter(Q(starts_at=None) | Q(starts_at__lte=now))


class Campaign(models.Model):
    """What a merchandiser orders."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="campaigns", verbose_name=_("store"))
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True, max_length=2000, help_text=_("Why it is there; for colleagues."))
    state = models.CharField(_("state"), max_length=9, choices=CampaignState, default=CampaignState.DRAFT)
    priority = models.PositiveSmallIntegerField(
        _("precedence"), default=10, help_text=_("Where two campaigns want the same place, the lower number has it.")
    )
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True, help_text=_("Empty: at once."))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("Empty: until somebody ends it."))
    zones = models.ManyToManyField(
        Zone, blank=True, related_name="campaigns", verbose_name=_("zones"), help_text=_("Empty for all zones.")
    )
    # See `objectives.conditions` and `objectives.selection`.
    condition = models.JSONField(_("applies when"), default=always)
    promoted = models.JSONField(_("promoted products"), default=dict, blank=True)
    scope = models.CharField(_("which products"), max_length=8, choices=Scope, default=Scope.ALL)
    floor = models.FloatField(
        _("relevance floor"),
        default=0.95,
        validators=SHARE,
        help_text=_("Share of the best predicted conversion that no list gives up."),
    )
    holdout = models.FloatField(
        _("hold-out"),
        default=0.1,
        validators=SHARE,
        help_text=_("Share of the visitors who are spared it, to see what it brings or costs."),
    )
    stops_at_stock = models.PositiveIntegerField(
        _("until the stock is down to"),
        null=True,
        blank=True,
        help_text=_("Units at which a product is put forward no longer, not even pinned; empty means it always is."),
    )
    most_per_product = models.PositiveIntegerField(
        _("exposures of a product"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Times a product is shown before it is put forward no longer, not even pinned; empty for any number."
        ),
    )
    most_per_visitor = models.PositiveIntegerField(
        _("exposures to a visitor"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Answers to one visitor after which the campaign leaves them alone; empty for any number. As many are "
            "counted of those whom it holds out."
        ),
    )
    guardrail = models.FloatField(
        _("guardrail"),
        null=True,
        blank=True,
        default=0.1,
        validators=SHARE,
        help_text=_(
            "Share of the hold-out's conversion: once a greater loss is proven, the campaign pauses by itself. "
            "Empty: it never does."
        ),
    )
    # A change of a campaign in force that waits for a second person, as `objectives.campaign_documents` tells it.
    proposed = models.JSONField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("set by")
    )
    # Who laid down what it now is, or would become: whoever approves it has to be somebody else.
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("changed by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["store", "priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(starts_at__lt=F("ends_at")),
                name="campaign_starts_before_it_ends",
            ),
            models.CheckConstraint(condition=Q(floor__gte=0, floor__lte=1), name="campaign_floor_is_a_share"),
            models.CheckConstraint(condition=Q(holdout__gte=0, holdout__lte=1), name="campaign_holdout_is_a_share"),
        ]
        indexes = [models.Index(fields=["store", "state", "priority"], name="campaign_in_force")]

    def __str__(self) -> str:
        return self.name

    def is_live(self, now: datetime) -> bool:
        """Whether it governs answers at an instant."""
        return self.standing(now) == Standing.LIVE

    def standing(self, now: datetime) -> Standing:
        """Its state, and of an approved one what its period makes of it."""
        if self.state != CampaignState.APPROVED:
            return Standing(self.state)
        if self.starts_at is not None and now < self.starts_at:
            return Standing.SCHEDULED
        over = self.ends_at is not None and self.ends_at <= now
        return Standing.OVER if over else Standing.LIVE


class CampaignObjective(models.Model):
    """One of the things a campaign wants more of."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="objectives", verbose_name=_("campaign"))
    measure = models.CharField(_("objective"), max_length=10, choices=Measure)
    weight = models.FloatField(
        _("weight"),
        default=1.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(100.0)],
        help_text=_("1 counts the best that could be had of it as much as the most relevant list."),
    )

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "measure"], name="objective_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="objective_weight_not_negative"),
        ]

    def __str__(self) -> str:
        return str(Measure(self.measure).label)


class RuleKind(models.TextChoices):
    PIN = "pin", _("pin: stands at this place")
    BOOST = "boost", _("boost: favoured as far as the floor allows")
    BURY = "bury", _("bury: shown when nothing else is left")
    EXCLUDE = "exclude", _("exclude: not shown")


class MerchandisingRule(models.Model):
    """What a campaign orders for some products by hand."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rules", verbose_name=_("campaign"))
    kind = models.CharField(_("does"), max_length=7, choices=RuleKind)
    products = models.JSONField(_("products"), default=dict)  # see `objectives.selection`; of a pin, one item id
    place = models.PositiveSmallIntegerField(
        _("place"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    strength = models.FloatField(
        _("strength"), default=1.0, validators=[MinValueValidator(0.0), MaxValueValidator(100.0)]
    )

    class Meta:
        verbose_name = _("merchandising rule")
        verbose_name_plural = _("merchandising rules")
        ordering = ["campaign", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pin", place__gte=1) | (~Q(kind="pin") & Q(place=None)), name="pin_has_a_place"
            ),
            models.UniqueConstraint(fields=["campaign", "place"], name="pin_place_once"),
        ]

    def __str__(self) -> str:
        return str(RuleKind(self.kind).label)
