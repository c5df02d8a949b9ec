"""Generations of the memory: how each came to be, how good it is; switching, returning, rebuilding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from catalog.admin.scoping import may, permitted_store, require, store_ids, stores_with
from catalog.models import Right, Store
from personalization import tasks
from personalization.admin.generation_words import BADGES, built_in, figures, progress, weights
from personalization.admin.markers import register_view
from personalization.admin.scope import ReadOnlyAdmin, StoreFilter, confirmation, visible_stores
from personalization.memory import generations
from personalization.models import Generation, GenerationState, Visit
from personalization.wording import instant_in_words

STORES_SHOWN = 20


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    """One line a generation; above them, one card a store."""

    list_display = ("numbered", "store", "badge", "reaches_to", "visits", "situations", "took", "hits", "calibration")
    list_display_links = ("numbered",)
    sortable_by = ()
    list_filter = (StoreFilter, ("state", ChoicesDropdownFilter))
    list_select_related = ("store",)
    list_before_template = "admin/personalization/generation/stores.html"
    list_per_page = 50
    show_full_result_count = True
    empty_title = _("No memory yet")
    empty_text = _(
        "A memory is built from visits that have ended. As soon as the store has some, build it with the button above; "
        "afterwards it is rebuilt every night."
    )

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The store is named only to who works for several."""
        several = len(store_ids(request)) > 1
        return tuple(column for column in self.list_display if several or column != "store")

    def get_urls(self) -> list[URLPattern]:
        """The screen's own pages, before Django's catch-all."""
        names = "personalization_generation"
        view = self.admin_site.admin_view
        own = [
            path("markers/", view(register_view(self)), name=f"{names}_markers"),
            path("<int:pk>/progress/", view(self.progress_view), name=f"{names}_progress"),
            path("<int:pk>/switch/", view(self.switch_view), name=f"{names}_switch"),
            path("<int:store_id>/roll-back/", view(self.roll_back_view), name=f"{names}_roll_back"),
            path("<int:store_id>/rebuild/", view(self.rebuild_view), name=f"{names}_rebuild"),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under the cards of the stores."""
        rebuilt = stores_with(request, Right.MEMORY)
        shown = visible_stores(request)[:STORES_SHOWN]
        cards = [_card(store) | {"may_steer": store.pk in rebuilt} for store in shown]
        extra = {"cards": cards, **(extra_context or {})}
        return super().changelist_view(request, extra)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The generation's own page."""
        generation = self.get_object(request, object_id)
        if generation is None:
            raise Http404
        if not self.has_view_permission(request, generation):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": generation,
            "title": _("Generation %(number)d of %(store)s")
            % {"number": generation.number, "store": generation.store.name},
            **_card_of(generation),
            "figures": figures(generation),
            "weights": weights(generation),
            "may_steer": may(request, Right.MEMORY, generation.store_id),
            "switchable": generation.state in {GenerationState.READY, GenerationState.RETIRED},
        }
        return TemplateResponse(request, "admin/personalization/generation/page.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far a rebuild has come: what the progress bar asks for."""
        return JsonResponse(progress(get_object_or_404(self.get_queryset(request), pk=pk)))

    def switch_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then make the generation live."""
        generation = get_object_or_404(self.get_queryset(request).select_related("store"), pk=pk)
        require(request, Right.MEMORY, generation.store_id)
        back = reverse("admin:personalization_generation_change", args=[pk])
        if request.method != "POST":
            title = _("Switch to generation %(number)d?") % {"number": generation.number}
            text = _(
                "From the next second on, every answer for %(store)s rests on what was remembered up to %(until)s. "
                "The generation that is live now is kept: you can return to it at any time."
            ) % {"store": generation.store.name, "until": _instant(generation, "until")}
            return confirmation(self.admin_site, request, title=title, text=text, label=_("Switch now"), back=back)
        done = _("Generation %(number)d is live.") % {"number": generation.number}
        return _carry_out(request, lambda: generations.switch(generation, now=timezone.now()), done=done, back=back)

    def roll_back_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """Ask, then return to the generation that was live before."""
        store = permitted_store(request, Right.MEMORY, store_id)
        back = reverse("admin:personalization_generation_changelist")
        if request.method != "POST":
            title = _("Return to the generation before?")
            text = _(
                "From the next second on, every answer for %(store)s rests on the memory that was live before. "
                "What it learned since is not lost: you can switch to it again."
            ) % {"store": store.name}
            return confirmation(self.admin_site, request, title=title, text=text, label=_("Return to it"), back=back)
        done = _("The generation that was live before is live again.")
        return _carry_out(request, lambda: generations.roll_back(store=store, now=timezone.now()), done=done, back=back)

    def rebuild_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """Ask, then let the workers build the next generation."""
        store = permitted_store(request, Right.MEMORY, store_id)
        back = reverse("admin:personalization_generation_changelist")
        if request.method != "POST":
            title = _("Rebuild the memory of %(store)s now?") % {"store": store.name}
            text = _(
                "The workers read every visit that has ended and build the next generation beside the live one, "
                "which goes on answering until the new one has been judged and takes over. It takes minutes."
            )
            return confirmation(self.admin_site, request, title=title, text=text, label=_("Rebuild now"), back=back)
        if not Visit.objects.of(store).rebuildable(until=timezone.now()).exists():
            messages.error(request, _("There is nothing to remember yet: no visit with consent has ended."))
            return HttpResponseRedirect(back)
        try:
            tasks.rebuild_memory.delay(store.pk)
        except (OperationalError, OSError):
            messages.error(request, _("The workers cannot be reached: the message broker does not answer. Try again."))
        else:
            messages.success(request, _("Asked for. It begins as soon as a worker is free; its progress shows here."))
        return HttpResponseRedirect(back)

    @display(description=_("generation"), ordering="number")
    def numbered(self, generation: Generation) -> str:
        return str(_("Generation %(number)d") % {"number": generation.number})

    @display(description=_("state"), label=BADGES)
    def badge(self, generation: Generation) -> tuple[str, Any]:
        return generation.state, generation.get_state_display()

    @display(description=_("remembers up to"), ordering="until")
    def reaches_to(self, generation: Generation) -> str:
        return _instant(generation, "until")

    @display(description=_("visits"), ordering="visit_count")
    def visits(self, generation: Generation) -> str:
        return number_format(generation.visit_count, force_grouping=True)

    @display(description=_("situations"), ordering="situation_count")
    def situations(self, generation: Generation) -> str:
        return number_format(generation.situation_count, force_grouping=True) if generation.situation_count else "—"

    @display(description=_("built in"))
    def took(self, generation: Generation) -> str:
        return built_in(generation) or "—"

    @display(description=_("next among 20"))
    def hits(self, generation: Generation) -> str:
        return _figure(generation, "hr_20")

    @display(description=_("error of a purchase"))
    def calibration(self, generation: Generation) -> str:
        return _figure(generation, "calibration_error_purchase")


def _figure(generation: Generation, key: str) -> str:
    return next((figure.value for figure in figures(generation) if figure.key == key), "—")


def _instant(generation: Generation, name: str) -> str:
    at = getattr(generation, name)
    return instant_in_words(at, generation.store.zone_info) if at else "—"


def _card(store: Store) -> dict[str, Any]:
    """A store's memory at a glance."""
    made = Generation.objects.of(store).select_related("store")
    live, building = made.live().first(), made.building().first()
    return {
        "store": store,
        "live": _card_of(live) if live else None,
        "building": _card_of(building) if building else None,
        "figures": figures(live)[:3] if live else [],
        "earlier": made.filter(state=GenerationState.RETIRED).exists(),
        "ended": Visit.objects.of(store).rebuildable(until=timezone.now()).exists(),
    }


def _card_of(generation: Generation) -> dict[str, Any]:
    return {
        "generation": generation,
        "badge": BADGES[GenerationState(generation.state)],
        "until": _instant(generation, "until"),
        "live_since": _instant(generation, "live_at"),
        "built_in": built_in(generation),
        "progress": progress(generation),
    }


def _carry_out(request: HttpRequest, deed: Callable[[], object], *, done: Any, back: str) -> HttpResponse:
    """Do it, and say that it is done or why it could not be."""
    try:
        deed()
    except generations.NotSwitchableError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)
