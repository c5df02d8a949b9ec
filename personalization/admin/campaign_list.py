"""The list of campaigns: what each wants, where and when, under the orders that are given most."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from catalog.admin.scoping import StoreScopedAdmin
from catalog.models import Right
from objectives.campaign_documents import tell_campaign
from objectives.models import Campaign, Standing
from personalization.admin.campaign_presets import PRESETS
from personalization.admin.campaign_words import STANDING_BADGES, wanted_in_words
from personalization.admin.scope import visible_stores
from personalization.wording import instant_in_words

MOST_EXCHANGES: Final = 6  # stores whose files are offered on the list
TEMPLATES: Final = "admin/personalization/campaign"


def preset_cards() -> list[dict[str, Any]]:
    """The orders to begin from."""
    return [{"name": name, "preset": preset} for name, preset in PRESETS.items()]


class CampaignList(StoreScopedAdmin):
    """What the list shows; what is done with a campaign is in `campaigns`."""

    changes_with = Right.STEER
    list_display = ("name_and_note", "standing", "wants", "where", "period", "store")
    list_display_links = ("name_and_note",)
    list_filter = (("store", admin.RelatedOnlyFieldListFilter), ("state", ChoicesDropdownFilter))
    list_select_related = ("store",)
    list_before_template = f"{TEMPLATES}/begin.html"
    search_fields = ("name", "note")
    actions = None
    empty_title = gettext_lazy("No campaign yet")
    empty_text = gettext_lazy("Begin with one of the orders above, or with nothing: none governs until you say so.")

    class Media:
        css: ClassVar = {"all": ("netup/campaign.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("zones", "objectives", "rules")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, under the orders that are given most."""
        presets = preset_cards() if self.has_add_permission(request) else []
        extra = {"presets": presets, "exchanges": visible_stores(request)[:MOST_EXCHANGES]}
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    @display(description=gettext_lazy("campaign"), header=True, ordering="name")
    def name_and_note(self, campaign: Campaign) -> tuple[str, str]:
        return campaign.name, campaign.note[:120]

    @display(description=gettext_lazy("state"), ordering="state", label=STANDING_BADGES)
    def standing(self, campaign: Campaign) -> tuple[str, str]:
        found = campaign.standing(timezone.now())
        return found, str(Standing(found).label)

    @display(description=gettext_lazy("wants"))
    def wants(self, campaign: Campaign) -> str:
        return wanted_in_words(tell_campaign(campaign), store=campaign.store)

    @display(description=gettext_lazy("zones"))
    def where(self, campaign: Campaign) -> str:
        return ", ".join(zone.name for zone in campaign.zones.all()) or _("all")

    @display(description=gettext_lazy("period"), ordering="starts_at")
    def period(self, campaign: Campaign) -> str:
        ends = (campaign.starts_at, campaign.ends_at)
        told = [instant_in_words(at, campaign.store.zone_info) if at else "…" for at in ends]
        return " → ".join(told)

    def _theirs(self, request: HttpRequest, pk: object) -> Campaign:
        """The campaign, of a store the person works for.

        Raises:
            Http404: there is none.
        """
        campaign = self.get_object(request, str(pk))
        if campaign is None or not self.has_view_permission(request, campaign):
            raise Http404
        return campaign  # type: ignore[no-any-return]
