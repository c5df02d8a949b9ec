"""Which stores a person looks at: those they work for, and the one a page is about."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ShowFacets
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.paginator import InfinitePaginator
from unfold.views import ChangeList

from catalog.admin.scoping import StoreScopedAdmin, store_ids, stores_with
from catalog.models import Right, Store
from personalization.models import Generation


def visible_stores(request: HttpRequest, right: Right = Right.SEE) -> list[Store]:
    """The stores at which the person may do this, by name."""
    return list(Store.objects.filter(pk__in=stores_with(request, right)).order_by("name"))


def chosen_store(request: HttpRequest, right: Right = Right.SEE) -> Store | None:
    """The store that `?store=` names, else the first that has a memory; None for somebody without any."""
    stores = visible_stores(request, right)
    asked = request.GET.get("store", "")
    if named := next((store for store in stores if str(store.pk) == asked), None):
        return named
    remembering = set(Generation.objects.live().filter(store__in=stores).values_list("store_id", flat=True))
    return next((store for store in stores if store.pk in remembering), stores[0] if stores else None)


class StoreFilter(DropdownFilter):  # type: ignore[misc]
    """The person's stores, read from the stores themselves: no list of millions is searched for who is in it."""

    title = _("store")
    parameter_name = "store"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        stores = visible_stores(request)
        return [(str(store.pk), store.name) for store in stores] if len(stores) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (self.value() or "").isdecimal():
            return queryset
        return queryset.filter(store_id=int(self.value()))


class OneStoreFilter(StoreFilter):
    """Always one of them."""

    all_option = None


class OneStoreChangeList(ChangeList):  # type: ignore[misc]
    """The store a list is about is no filter that could be taken away."""

    def get_filters(self, request: HttpRequest) -> Any:
        specs, has_filters, remaining, duplicates, _active = super().get_filters(request)
        return specs, has_filters, remaining, duplicates, bool(self.get_filters_params().keys() - {"store"})


def confirmation(
    site: AdminSite, request: HttpRequest, *, title: Any, text: Any, label: Any, back: str
) -> TemplateResponse:
    """The page that asks before something is done by a POST to the same address, or else leads back."""
    context = {**site.each_context(request), "title": title, "text": text, "label": label, "back": back}
    return TemplateResponse(request, "admin/personalization/confirm.html", context)


class ReadOnlyAdmin(StoreScopedAdmin):
    """What happened is looked at, not edited."""

    changes_with = None
    actions = None


class OneStoreAdmin(ReadOnlyAdmin):
    """A list of millions, of which nothing is counted: one store at a time, along that store's index."""

    paginator = InfinitePaginator
    list_per_page = 50
    list_max_show_all = 0
    show_facets = ShowFacets.NEVER  # each would count the whole list
    empty_way_on: tuple[type[Model], Any]  # whose screen helps on where the list is empty, and the words for it

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OneStoreChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list of one store, until the person chooses another."""
        store = chosen_store(request)
        if store and len(store_ids(request)) > 1 and request.GET.get("store", "") != str(store.pk):
            asked = request.GET.copy()
            asked["store"] = str(store.pk)
            return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, which leads on where it is empty if the person may go there."""
        listed = super().get_changelist_instance(request)
        model, words = self.empty_way_on
        there = self.admin_site.get_model_admin(model)
        if there.has_view_permission(request):
            listed.way_on = {"link": reverse(admin_urlname(there.opts, "changelist")), "words": words}  # type: ignore[arg-type]
        return listed
