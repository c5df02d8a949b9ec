"""Visits as the merchandiser reads them: a list, and each one told event by event beside its situation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter
from unfold.decorators import display

from catalog.admin.scoping import may, require, store_ids
from catalog.models import ApiKey, Right
from catalog.money import format_money
from personalization.admin.scope import OneStoreAdmin, OneStoreFilter, confirmation
from personalization.admin.visit_page import visit_page
from personalization.erasure import Erased, erase_visitor
from personalization.models import Visit
from personalization.wording import duration_in_words, instant_in_words

CHANNEL_NAMES = {
    "direct": _("direct"),
    "organic": _("unpaid search"),
    "paid": _("paid search"),
    "email": _("e-mail"),
    "social": _("social network"),
    "referral": _("another site"),
    "affiliate": _("affiliate"),
}
DEVICE_NAMES = {"mobile": _("mobile"), "desktop": _("desktop"), "tablet": _("tablet")}


class ChannelFilter(DropdownFilter):  # type: ignore[misc]
    """Where visitors came from."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(CHANNEL_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Visit]) -> QuerySet[Visit]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


class DeviceFilter(DropdownFilter):  # type: ignore[misc]
    """What visitors hold in their hands."""

    title = _("device")
    parameter_name = "device"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DEVICE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Visit]) -> QuerySet[Visit]:
        return queryset.filter(device=self.value()) if self.value() else queryset


class OutcomeFilter(DropdownFilter):  # type: ignore[misc]
    """How visits ended."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("bought", _("with a purchase")), ("left", _("without a purchase")), ("short", _("a single event"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Visit]) -> QuerySet[Visit]:
        if self.value() == "bought":
            return queryset.filter(purchased_at__isnull=False)
        if self.value() == "left":
            return queryset.filter(purchased_at=None)
        return queryset.filter(event_count=1) if self.value() == "short" else queryset


@admin.register(Visit)
class VisitAdmin(OneStoreAdmin):
    """The newest first."""

    list_display = ("visitor", "began", "lasted", "events", "bought_for", "came_by", "held", "agreed")
    list_display_links = ("visitor", "began")
    list_filter = (
        OneStoreFilter,
        OutcomeFilter,
        ChannelFilter,
        DeviceFilter,
        ("last_event_at", RangeDateFilter),
        "consent",
    )
    ordering = ("-last_event_at",)
    list_select_related = ("store",)
    search_fields = ("visitor_key",)
    search_help_text = _("Visitor id, or how it begins")
    empty_title = _("No visit to show")
    empty_text = _(
        "Visits appear here as soon as the storefront sends events. Put the tag into your pages, "
        "or send events to the API with a key of your store."
    )
    empty_way_on = (ApiKey, _("See the API keys"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By how the visitor's or the session's id begins: the index of each store's visitors answers."""
        term = search_term.strip()
        if not term:
            return queryset, False
        begins = Q(visitor_key__startswith=f"v:{term}") | Q(visitor_key__startswith=f"s:{term}")
        return queryset.filter(begins, store_id__in=store_ids(request)), False

    def get_urls(self) -> list[URLPattern]:
        """The screen's own page, before Django's catch-all."""
        erase = self.admin_site.admin_view(self.erase_view)
        return [path("<int:pk>/erase/", erase, name="personalization_visit_erase"), *super().get_urls()]

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then erase all that is kept of the visit's visitor."""
        visit = get_object_or_404(self.get_queryset(request).filter(consent=True), pk=pk)
        require(request, Right.ERASE, visit.store_id)
        visitor = visitor_of(visit)
        if request.method != "POST":
            back = reverse("admin:personalization_visit_change", args=[pk])
            title = _("Erase visitor %(visitor)s?") % {"visitor": visitor}
            text = _(
                "All their visits at %(store)s go, with events and decisions, and what the memory learned of them. "
                "It cannot be undone, and takes up to a minute."
            ) % {"store": visit.store.name}
            return confirmation(self.admin_site, request, title=title, text=text, label=_("Erase now"), back=back)
        erased = erase_visitor(store=visit.store, visitor_id=visitor)
        messages.success(request, _told_erased(visitor, erased))
        return HttpResponseRedirect(reverse("admin:personalization_visit_changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The visit's own page."""
        visit = self.get_object(request, object_id)
        if visit is None:
            raise Http404
        if not self.has_view_permission(request, visit):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": visit,
            "title": _("Visit of %(visitor)s") % {"visitor": visitor_of(visit)},
            "came_by": self.came_by(visit),
            "held": self.held(visit),
            "earlier_link": f"{reverse('admin:personalization_visit_changelist')}?q={visitor_of(visit)}"
            if visit.consent
            else "",
            "may_erase": visit.consent and may(request, Right.ERASE, visit.store_id),
            **visit_page(visit=visit, asked=request.GET, now=timezone.now()),
        }
        return TemplateResponse(request, "admin/personalization/visit/page.html", context)

    @display(description=_("visitor"), ordering="visitor_key")
    def visitor(self, visit: Visit) -> str:
        return visitor_of(visit)

    @display(description=_("started"), ordering="started_at")
    def began(self, visit: Visit) -> str:
        return instant_in_words(visit.started_at, visit.store.zone_info)

    @display(description=_("duration"))
    def lasted(self, visit: Visit) -> str:
        seconds = (visit.last_event_at - visit.started_at).total_seconds()
        return duration_in_words(seconds) if seconds >= 1 else "—"

    @display(description=_("events"), ordering="event_count")
    def events(self, visit: Visit) -> str:
        return number_format(visit.event_count, force_grouping=True)

    @display(description=_("revenue"), ordering="revenue")
    def bought_for(self, visit: Visit) -> str:
        return format_money(visit.revenue, visit.store.currency) if visit.revenue else "—"

    @display(description=_("channel"))
    def came_by(self, visit: Visit) -> Any:
        return CHANNEL_NAMES.get(visit.channel, visit.channel or "—")

    @display(description=_("device"))
    def held(self, visit: Visit) -> Any:
        return DEVICE_NAMES.get(visit.device, visit.device or "—")

    @display(description=_("consent"), label={"yes": "success", "no": "warning", "excluded": "info"})
    def agreed(self, visit: Visit) -> tuple[str, Any]:
        if visit.excluded:
            return "excluded", _("left out")
        return ("yes", _("given")) if visit.consent else ("no", _("not given"))


def _told_erased(visitor: str, erased: Erased) -> str:
    generations = ", ".join(map(str, erased.generations)) or _("none")
    told = _(
        "%(visitor)s is erased: %(visits)d visits, %(events)d events, %(decisions)d decisions. "
        "Generations that held something of it: %(generations)s."
    )
    counted = {"visits": erased.visits, "events": erased.events, "decisions": erased.decisions}
    return str(told % {"visitor": visitor, "generations": generations, **counted})


def visitor_of(visit: Visit) -> str:
    """The visitor's pseudonym, or the bare session's where there is no consent."""
    kind, _colon, name = visit.visitor_key.partition(":")
    return name if kind == "v" else str(_("session %(id)s") % {"id": name[:12]})
