"""The comparison of approaches: the engines judged on the store's own recent visits, asked for by a click."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from catalog.admin.scoping import may, permitted_store
from catalog.models import Right, Store
from personalization import tasks
from personalization.admin.comparison_figures import sections
from personalization.admin.comparison_words import BADGES, count, headline, progress, protocol, verdicts
from personalization.admin.scope import ReadOnlyAdmin, chosen_store, visible_stores
from personalization.evaluation import comparing, pictures
from personalization.models import Comparison, ComparisonState
from personalization.wording import instant_in_words

_NAMES: Final = "personalization_comparison"


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin):
    """One store's newest comparison in full, under it the earlier ones."""

    list_select_related = ("store",)

    def get_urls(self) -> list[URLPattern]:
        """The screen's own pages, before Django's catch-all."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/progress/", view(self.progress_view), name=f"{_NAMES}_progress"),
            path("<int:store_id>/compare/", view(self.compare_view), name=f"{_NAMES}_compare"),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page of the store that the person has chosen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        store = chosen_store(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Comparison of approaches"),
            "stores": visible_stores(request),
            "store": store,
            "may_run": store is not None and may(request, Right.ANALYSE, store.pk),
            **(_page(store) if store else {}),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/personalization/comparison/store.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One comparison's own page."""
        comparison = self.get_object(request, object_id)
        if comparison is None:
            raise Http404
        if not self.has_view_permission(request, comparison):
            raise PermissionDenied
        title = _("Comparison of %(instant)s") % {"instant": _instant(comparison, "asked_at")}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": comparison,
            "title": title,
            "store": comparison.store,
            "line": _line(comparison),
            "report": _report(comparison),
            "under_way": _under_way(comparison),
        }
        return TemplateResponse(request, "admin/personalization/comparison/page.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far a comparison has come: what the progress bar asks for."""
        return JsonResponse(progress(get_object_or_404(self.get_queryset(request), pk=pk)))

    def compare_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """Ask for a comparison of the store."""
        store = permitted_store(request, Right.ANALYSE, store_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            comparing.ask(store=store, now=timezone.now(), by=request.user)  # type: ignore[arg-type]  # staff
        except comparing.TooFewVisitsError:
            messages.error(request, _("There are too few visits to compare anything yet."))
        else:
            _wake(request)
        return HttpResponseRedirect(reverse(f"admin:{_NAMES}_changelist") + f"?store={store.pk}")


def _wake(request: HttpRequest) -> None:
    """Let a worker look now; with the broker away it will look within a minute after it is back."""
    try:
        tasks.compare_approaches.delay()
    except (OperationalError, OSError):
        messages.warning(request, _("Asked for. The workers cannot be reached just now: it begins once they can."))
    else:
        messages.success(
            request, _("Asked for. The comparison begins as soon as a worker is free; its progress shows here.")
        )


def _page(store: Store) -> dict[str, Any]:
    """What the store's page tells: what is under way, the newest report, the earlier ones, what is missing."""
    made = list(Comparison.objects.of(store).select_related("store", "asked_by").order_by("-asked_at", "-pk"))
    under_way = next((one for one in made if progress(one)["building"]), None)
    newest = next((one for one in made if one.state == ComparisonState.DONE), None)
    ended = [one for one in made if one is not under_way]
    there = comparing.visits_there(store, now=timezone.now())
    return {
        "under_way": _under_way(under_way) if under_way else None,
        "failed": _line(ended[0]) if ended and ended[0].state == ComparisonState.FAILED else None,
        "report": _report(newest) if newest else None,
        "earlier": [_line(one) for one in ended if one is not newest],
        "there": count(there),
        "needed": count(comparing.NEEDED),
        "missing": there < comparing.NEEDED,
        "reached": round(100 * there / comparing.NEEDED),
    }


def _under_way(comparison: Comparison) -> dict[str, Any] | None:
    told = progress(comparison)
    return {"comparison": comparison, "progress": told} if told["building"] else None


def _report(comparison: Comparison) -> dict[str, Any] | None:
    if comparison.state != ComparisonState.DONE:
        return None
    figures = comparison.figures
    return {
        "comparison": comparison,
        "headline": headline(figures),
        "verdicts": verdicts(figures),
        "sections": sections(figures),
        "protocol": protocol(comparison),
        "finished": _instant(comparison, "finished_at"),
        "asked_by": comparison.asked_by,
        "style": pictures.style_within_page(dark=".dark"),
    }


def _line(comparison: Comparison) -> dict[str, Any]:
    """A comparison in a line of a table."""
    told = verdicts(comparison.figures) if comparison.state == ComparisonState.DONE else []
    return {
        "link": reverse(f"admin:{_NAMES}_change", args=[comparison.pk]),
        "asked": _instant(comparison, "asked_at"),
        "asked_by": comparison.asked_by,
        "state": comparison.get_state_display(),
        "badge": BADGES[ComparisonState(comparison.state)],
        "visits": count(comparison.figures["visits"]) if told else "",
        "verdict": told[0] if told else None,
        "error": _(comparison.error) if comparison.error else "",
    }


def _instant(comparison: Comparison, name: str) -> str:
    at = getattr(comparison, name)
    return instant_in_words(at, comparison.store.zone_info) if at else "—"
