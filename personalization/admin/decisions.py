"""Decisions: what was served, and why, told with the words of the explanation."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from catalog.admin.scoping import store_ids
from objectives.models import Zone
from personalization.admin.decision_page import decision_page
from personalization.admin.scope import OneStoreAdmin, OneStoreFilter
from personalization.admin.visit_page import FALLBACKS
from personalization.models import Decision
from personalization.wording import instant_in_words, share_in_words

ENGINE_NAMES: Final = {
    "inductive": _("inductive"),
    "rules": _("rules"),
    "predictive": _("predictive"),
    "lookalike": _("lookalike"),
}


class ZoneFilter(DropdownFilter):  # type: ignore[misc]
    """The zones of the person's stores."""

    title = _("zone")
    parameter_name = "zone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        zones = Zone.objects.filter(store_id__in=store_ids(request)).order_by("slug")
        return list(dict(zones.values_list("slug", "name")).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(zone=self.value()) if self.value() else queryset


class FallbackFilter(DropdownFilter):  # type: ignore[misc]
    """Whether the answer rests on analogues, or why not."""

    title = _("rests on")
    parameter_name = "rests"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("analogues", _("analogous situations")), *FALLBACKS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        if self.value() == "analogues":
            return queryset.filter(fallback="")
        return queryset.filter(fallback=self.value()) if self.value() else queryset


@admin.register(Decision)
class DecisionAdmin(OneStoreAdmin):
    """The newest first."""

    list_display = ("decided", "zone", "engine_name", "rests_on", "served", "newness", "took")
    list_display_links = ("decided",)
    list_filter = (OneStoreFilter, ZoneFilter, FallbackFilter)
    ordering = ("-decided_at",)
    list_select_related = ("store",)
    search_fields = ("id",)
    search_help_text = _("Recommendation id")
    empty_title = _("No decision yet")
    empty_text = _("Every answer to the storefront is kept here with its reasons, from the first one on.")
    empty_way_on = (Zone, _("See the zones that ask"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        long = ("markers", "estimates", "reasons", "analogues", "propensities", "marginals")
        return super().get_queryset(request).defer(*long)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the whole id, as the storefront and the API carry it."""
        if not (term := search_term.strip()):
            return queryset, False
        try:
            return queryset.filter(pk=UUID(term)), False
        except ValueError:
            return queryset.none(), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The decision's own page."""
        decision = self.get_object(request, object_id)
        if decision is None:
            raise Http404
        if not self.has_view_permission(request, decision):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": decision,
            "title": _("Decision of %(instant)s") % {"instant": self.decided(decision)},
            "engine": self.engine_name(decision),
            **decision_page(decision),
        }
        if decision.visit_id:
            context["visit_link"] = reverse("admin:personalization_visit_change", args=[decision.visit_id])
        return TemplateResponse(request, "admin/personalization/decision/page.html", context)

    @display(description=_("decided"), ordering="decided_at")
    def decided(self, decision: Decision) -> str:
        return instant_in_words(decision.decided_at, decision.store.zone_info)

    @display(description=_("engine"))
    def engine_name(self, decision: Decision) -> Any:
        return ENGINE_NAMES.get(decision.engine, decision.engine)

    @display(description=_("rests on"), label={"": "success", **dict.fromkeys(FALLBACKS, "warning")})
    def rests_on(self, decision: Decision) -> tuple[str, Any]:
        return decision.fallback, FALLBACKS.get(decision.fallback, _("analogous situations"))

    @display(description=_("products"))
    def served(self, decision: Decision) -> str:
        return number_format(len(decision.products), force_grouping=True)

    @display(description=_("novelty"), ordering="novelty")
    def newness(self, decision: Decision) -> str:
        return share_in_words(decision.novelty)

    @display(description=_("took"), ordering="took_ms")
    def took(self, decision: Decision) -> str:
        return str(_("%(ms)s ms") % {"ms": number_format(round(decision.took_ms, 1), 1)})
