"""Rules: what a merchandiser lays down for a situation, tried on recent visits before it governs."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import admin, messages
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from catalog.admin.scoping import StoreScopedAdmin, permitted_store, stores_with
from catalog.models import Product, Right, Store
from objectives.condition_wording import words
from objectives.conditions import parse, told
from personalization.admin.condition_words import MarkerVocabulary, in_words
from personalization.admin.rule_form import RuleForm, described, refusal
from personalization.admin.scope import visible_stores
from personalization.evaluation.reach import Reach, RecentSituations, reach_of, recent_situations
from personalization.memory.live import live_memory
from personalization.merchandising.defaults import DEFAULT_RULES
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.models import Rule
from personalization.models.rule import SelectionStrategy
from personalization.wording import share_in_words

FRESH: Final = 300  # seconds for which the same recent visits are tried again
LONGEST_BODY: Final = 100_000
FOUND: Final = 12  # products a search in the picker shows


@admin.register(Rule)
class RuleAdmin(StoreScopedAdmin):
    """A saved rule governs the next answer of the rules engine."""

    changes_with = Right.STEER
    form = RuleForm
    list_display = ("priority", "name", "applies_when", "shows", "where", "state", "store")
    list_display_links = ("name",)
    list_filter = (("store", admin.RelatedOnlyFieldListFilter), "enabled")
    list_select_related = ("store",)
    list_before_template = "admin/personalization/rule/defaults.html"
    search_fields = ("name", "message_text")
    autocomplete_fields = ("store",)
    actions = ("enable", "disable")
    fieldsets = (
        (None, {"fields": ("store", "name", ("enabled", "priority"))}),
        (gettext_lazy("When"), {"fields": ("condition", "zones")}),
        (gettext_lazy("What it shows"), {"fields": ("strategy", "item_ids", "days", "most")}),
        (
            gettext_lazy("What a pop-up says"),
            {"fields": ("message_title", "message_text", ("message_per_visit", "message_quiet_days"))},
        ),
    )
    in_words = (
        (None, {"fields": ("store", "name", ("enabled", "priority"))}),
        (gettext_lazy("When"), {"fields": ("applies_when", "where")}),
        (gettext_lazy("What it shows"), {"fields": ("shows", "picked", "new_for")}),
        fieldsets[-1],
    )
    empty_title = gettext_lazy("No rule of your own yet")
    empty_text = gettext_lazy(
        "Until there is one, the rules engine goes by the default set above. Copy it to make it yours, or add a rule."
    )

    class Media:
        js = (Script("netup/rule_form.js", type="module"),)
        css = {"all": ("netup/building.css",)}

    def get_urls(self) -> list[Any]:
        view, names = self.admin_site.admin_view, "personalization_rule"
        own = [
            path("check/", view(self.check_view), name=f"{names}_check"),
            path("products/", view(self.products_view), name=f"{names}_products"),
            path("defaults/<int:store_id>/", view(self.defaults_view), name=f"{names}_defaults"),
        ]
        return own + list(super().get_urls())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("zones")

    def get_readonly_fields(self, request: HttpRequest, obj: Rule | None = None) -> tuple[str, ...]:
        """A rule stays with its store: its zones and products are of no other."""
        return ("store",) if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        """The form, or the rule in words for somebody who may only look."""
        return self.fieldsets if obj is None or self.has_change_permission(request, obj) else self.in_words

    def get_form(self, request: HttpRequest, obj: Rule | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Zones are chosen here, and marked out elsewhere."""
        form = super().get_form(request, obj, change, **kwargs)
        if "zones" in form.base_fields:
            form.base_fields["zones"].widget.can_add_related = False
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Zones of stores that the person steers, or of the rule's store alone."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        zones = field.queryset
        edited = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if edited:
            zones = zones.filter(store__rules=edited)
        field.queryset = zones.select_related("store")
        return field

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, under the default set for the stores that still go by it."""
        by_default = [store for store in visible_stores(request) if not _selects(store)]
        steered = stores_with(request, Right.STEER)
        extra = {
            "by_default": by_default,
            "copyable": [store for store in by_default if store.pk in steered],
            "defaults": _default_rows(by_default),
            **(extra_context or {}),
        }
        return super().changelist_view(request, extra)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """In how many recent visits a condition, sent as JSON, would have held."""
        store = permitted_store(request, Right.STEER, _number(request.GET.get("store", "")))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            condition = parse(json.loads(request.body[:LONGEST_BODY]), KNOWN_MARKERS)
        except (ValueError, RecursionError) as error:
            return JsonResponse({"error": refusal(error)}, status=400)
        reach = reach_of(condition, _recent(store))
        return JsonResponse(
            {"text": _told_reach(reach), "sentence": words(condition, MarkerVocabulary(store.currency))}
            | {"matched": reach.visits, "of": reach.of_visits}
        )

    def products_view(self, request: HttpRequest) -> HttpResponse:
        """Products of a store whose title, item id or brand holds what was typed."""
        store = permitted_store(request, Right.STEER, _number(request.GET.get("store", "")))
        asked = request.GET.get("q", "").strip()[:100].replace("\0", "")
        found = Product.objects.filter(store=store, deleted_at=None)
        for word in asked.split():
            found = found.filter(Q(title__icontains=word) | Q(item_id__icontains=word) | Q(brand__icontains=word))
        return JsonResponse({"products": [described(product) for product in found.order_by("title")[:FOUND]]})

    def defaults_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """Write the default set down as the store's own rules, to be changed from there."""
        store = permitted_store(request, Right.STEER, store_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        copied = copy_defaults(store)
        message = ngettext("%(count)d rule is now your own.", "%(count)d rules are now your own.", copied)
        self.message_user(request, message % {"count": copied}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:personalization_rule_changelist"))

    @display(description=gettext_lazy("applies when"))
    def applies_when(self, rule: Rule) -> str:
        return in_words(rule.condition, store=rule.store)

    @display(description=gettext_lazy("shows"))
    def shows(self, rule: Rule) -> str:
        if not rule.strategy:
            return _("a message")
        label = str(SelectionStrategy(rule.strategy).label)
        shown = _("%(what)s, at most %(most)d") % {"what": label, "most": rule.most}
        return _("%(shown)s, and a message") % {"shown": shown} if rule.message_text else shown

    @display(description=gettext_lazy("Products"))
    def picked(self, rule: Rule) -> str:
        item_ids = rule.parameters.get("item_ids", [])
        sold = Product.objects.filter(store_id=rule.store_id, item_id__in=item_ids)
        titles = dict(sold.values_list("item_id", "title"))
        return ", ".join(titles.get(item_id, item_id) for item_id in item_ids) or "—"

    @display(description=gettext_lazy("New for how many days"))
    def new_for(self, rule: Rule) -> str:
        return str(rule.parameters.get("days", "—"))

    @display(description=gettext_lazy("zones"))
    def where(self, rule: Rule) -> str:
        return ", ".join(zone.name for zone in rule.zones.all()) or _("all")

    @display(description=gettext_lazy("state"), ordering="enabled", label={"enabled": "success", "disabled": "warning"})
    def state(self, rule: Rule) -> tuple[str, str]:
        return ("enabled", _("enabled")) if rule.enabled else ("disabled", _("paused"))

    @action(description=gettext_lazy("Enable the selected rules"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        self._set(request, queryset, enabled=True)

    @action(description=gettext_lazy("Pause the selected rules"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        self._set(request, queryset, enabled=False)

    def _set(self, request: HttpRequest, queryset: QuerySet[Rule], *, enabled: bool) -> None:
        changed = queryset.update(enabled=enabled)
        message = ngettext("%(count)d rule was changed.", "%(count)d rules were changed.", changed)
        self.message_user(request, message % {"count": changed})


def copy_defaults(store: Store) -> int:
    """The default set as rows of the store, after those it has; returns how many."""
    with transaction.atomic():
        last = Rule.objects.of(store).aggregate(last=Max("priority"))["last"] or 0
        rows = [
            Rule(
                store=store,
                name=_(rule.name),
                priority=last + 10 * place,
                condition=told(rule.condition),
                strategy=rule.selection.strategy,
                most=rule.selection.most,
            )
            for place, rule in enumerate(DEFAULT_RULES, start=1)
            if rule.selection is not None
        ]
        return len(Rule.objects.bulk_create(rows))


def _selects(store: Store) -> bool:
    """Whether the store has rules of its own that show products."""
    return Rule.objects.of(store).governing().exclude(strategy="").exists()


def _default_rows(stores: list[Store]) -> list[dict[str, str]]:
    if not stores:
        return []
    labels = dict(SelectionStrategy.choices)
    return [
        {
            "name": _(rule.name),
            "when": in_words(told(rule.condition), store=stores[0]),
            "shows": str(labels[rule.selection.strategy]),
            "most": str(rule.selection.most),
        }
        for rule in DEFAULT_RULES
        if rule.selection is not None
    ]


def _recent(store: Store) -> RecentSituations:
    """Read once in a while: living through hundreds of visits takes a second."""
    memory = live_memory(store_id=store.pk)
    key = f"recent-situations:{store.pk}:{memory.generation_id}"
    found = cache.get(key)
    if not isinstance(found, RecentSituations):
        found = recent_situations(store=store, memory=memory)
        cache.set(key, found, FRESH)
    return found


def _told_reach(reach: Reach) -> str:
    if not reach.of_visits:
        return _("The store has no visit yet on which to try it.")
    share = share_in_words(reach.visits / reach.of_visits)
    told_as = {"visits": reach.visits, "of": reach.of_visits, "share": share}
    return _("It would have applied in %(visits)d of the last %(of)d visits (%(share)s).") % told_as


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
