"""A campaign's form put to the test, as it stands: what it would change, what each floor would bring, what logs say."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.admin.scoping import within_stores
from catalog.models import Store
from personalization.admin import campaign_page
from personalization.admin.campaign_form import CampaignForm
from personalization.admin.campaign_list import TEMPLATES, CampaignList
from personalization.admin.campaign_preview_words import (
    conflicts_in_words,
    figure_in_words,
    hindsight_in_words,
    preview_in_words,
)
from personalization.campaign_preview import TYPICAL, Trial, conflicts_of, curve, foresee, look_back, trial_of
from personalization.wording import share_in_words

_NAMES: Final = "objectives_campaign"


class CampaignTrials(CampaignList):
    """What the form's page asks for while it is filled in; nothing is saved."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("preview/<int:store_id>/", view(self.preview_view), name=f"{_NAMES}_preview"),
            path("curve/<int:store_id>/", view(self.curve_view), name=f"{_NAMES}_curve"),
            path("hindsight/<int:store_id>/", view(self.hindsight_view), name=f"{_NAMES}_hindsight"),
        ]
        return own + list(super().get_urls())

    def preview_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """What the form, as it stands, would change: figures, conflicts, one visit side by side."""
        tried = self._tried(request, store_id)
        if isinstance(tried, HttpResponse):
            return tried
        found = foresee(tried, visit=request.POST.get("visit") or TYPICAL)
        told = preview_in_words(tried, found)
        told["asked"] = _number(request.POST.get("visit", ""))
        told["conflicts"] = list(conflicts_in_words(conflicts_of(tried), store=tried.store, facts=tried.facts))
        return TemplateResponse(request, f"{TEMPLATES}/preview.html", told)

    def curve_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """What each floor would bring of what the campaign is after."""
        tried = self._tried(request, store_id)
        if isinstance(tried, HttpResponse):
            return tried
        figure, points = curve(tried)
        currency = tried.store.currency
        return JsonResponse(
            {
                "figure": figure,
                "points": [
                    {
                        "floor": round(100 * point.floor, 2),
                        "kept": 100 * point.kept,
                        "value": point.figures[figure],
                        "told": figure_in_words(figure, point.figures[figure], currency),
                        "keptTold": share_in_words(point.kept, decimals=1),
                    }
                    for point in points
                ],
            }
        )

    def hindsight_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """What the logs say of it, or why they say nothing."""
        tried = self._tried(request, store_id)
        if isinstance(tried, HttpResponse):
            return tried
        told = hindsight_in_words(look_back(tried), currency=tried.store.currency)
        return TemplateResponse(request, f"{TEMPLATES}/hindsight.html", told)

    def _tried(self, request: HttpRequest, store_id: int) -> Trial | HttpResponse:
        """The trial that a form asks for, or the answer that says what is missing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        store = get_object_or_404(within_stores(Store.objects.all(), request), pk=store_id)
        zones = campaign_page.preview_zones(store)
        asked = request.POST.get("zone", "")
        zone = next((zone for zone in zones if zone.slug == asked), zones[0] if zones else None)
        if zone is None:
            missing = _("Mark out a zone first: a campaign shows where the storefront asks.")
            return JsonResponse({"error": missing}, status=409)
        pk = request.POST.get("campaign", "")
        campaign = self._theirs(request, pk) if pk else None
        if campaign is not None and campaign.store_id != store.pk:
            raise Http404
        form = CampaignForm(request.POST, store=store, document=campaign_page.BLANK)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors, "error": campaign_page.first_error(form)}, status=400)
        against_stored = request.POST.get("against") == "stored"
        return trial_of(
            form.document,
            store=store,
            zone=zone,
            campaign=campaign,
            now=timezone.now(),
            against_stored=against_stored,
        )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
