"""Shows each person of the staff only the stores they work for, and lets them do only what their roles there allow."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from catalog.models import Membership, Right, Store


def rights(request: HttpRequest) -> Mapping[int, frozenset[Right]]:
    """What the person may do, by id of the stores they work for; asked once a request."""
    known: Mapping[int, frozenset[Right]] | None = getattr(request, "rights_by_store", None)
    if known is None:
        known = Membership.objects.rights_of(request.user) if request.user.is_staff else {}
        request.rights_by_store = known  # type: ignore[attr-defined]
    return known


def may(request: HttpRequest, right: Right, store_id: int) -> bool:
    """Whether the person may do this at the store."""
    return right in rights(request).get(store_id, frozenset())


def may_somewhere(request: HttpRequest, right: Right) -> bool:
    """Whether there is a store at which the person may do this; a superuser may before there is any store."""
    return is_superuser(request) or bool(stores_with(request, right))


def stores_with(request: HttpRequest, right: Right) -> frozenset[int]:
    """The ids of the stores at which the person may do this."""
    return frozenset(store_id for store_id, held in rights(request).items() if right in held)


def store_ids(request: HttpRequest) -> frozenset[int]:
    """The stores this person works for."""
    return frozenset(rights(request))


def is_superuser(request: HttpRequest) -> bool:
    """Whether the person runs the installation."""
    return bool(request.user.is_active and request.user.is_superuser)


def require(request: HttpRequest, right: Right, store_id: int) -> None:
    """Go on only if the person may do this at the store.

    Raises:
        PermissionDenied: they may not.
    """
    if not may(request, right, store_id):
        raise PermissionDenied


def permitted_store(request: HttpRequest, right: Right, store_id: int) -> Store:
    """The store, for somebody who may do this there.

    Raises:
        Http404: the person does not work for it.
        PermissionDenied: they do, but may not do this.
    """
    if store_id not in store_ids(request):
        raise Http404
    require(request, right, store_id)
    return Store.objects.get(pk=store_id)


def within_stores(queryset: QuerySet[Any], request: HttpRequest, right: Right = Right.SEE) -> QuerySet[Any]:
    """The rows of stores at which the person may do this; rows of models that belong to no store stay as they are."""
    if queryset.model is Store:
        return queryset.filter(pk__in=stores_with(request, right))
    if hasattr(queryset.model, "store_id"):
        return queryset.filter(store_id__in=stores_with(request, right))
    return queryset


class SuperusersOnly:
    """Whatever permissions others were given: this is for those who run the installation."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_superuser(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class StoreScopedAdmin(ModelAdmin):  # type: ignore[misc]
    """An admin of rows that belong to a store, by `store_path`: the attributes from a row to its store's id.

    What somebody may do is asked store by store: rows are shown where they hold `seen_with`, and made, changed and
    deleted where they hold `changes_with`; without it nobody does, as rows tell what happened.
    """

    store_path = "store_id"
    seen_with = Right.SEE
    changes_with: Right | None = None
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self._at(super().get_queryset(request), stores_with(request, self.seen_with))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices where the person may change rows only; also what is sent past the form is judged by them."""
        return self._narrowed(super().formfield_for_foreignkey(db_field, request, **kwargs), request)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same for several choices at once."""
        return self._narrowed(super().formfield_for_manytomany(db_field, request, **kwargs), request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if len(changeable := self.changeable_stores(request)) == 1:
            initial.setdefault("store", str(*changeable))
        return initial

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; what is sent to it changes rows."""
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Carry out an action, unless it is asked for rows of a store where the person may only look."""
        changeable = self._at(queryset, self.changeable_stores(request))
        refused = queryset.exclude(pk__in=changeable.values("pk"))
        if request.POST.get("select_across", "0") == "0":
            refused = refused.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        if refused.exists():
            refusal = _("Some of these are of a store where you may only look: nothing was done.")
            self.message_user(request, refusal, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, changeable)  # type: ignore[no-any-return]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_somewhere(request, self.seen_with)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.seen_with, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.changes_with, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.changes_with, None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.changes_with, obj)

    def offered(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Of rows that a form here may name, those of stores where the person may save it."""
        return within_stores(rows, request, self.changes_with) if self.changes_with else rows

    def changeable_stores(self, request: HttpRequest) -> frozenset[int]:
        """The ids of the stores whose rows the person may change here."""
        return stores_with(request, self.changes_with) if self.changes_with else frozenset()

    def _may(self, request: HttpRequest, right: Right | None, obj: Model | None) -> bool:
        if right is None:
            return False
        if obj is None:
            return may_somewhere(request, right)
        return may(request, right, attrgetter(self.store_path)(obj))

    def _at(self, rows: QuerySet[Any], stores: frozenset[int]) -> QuerySet[Any]:
        return rows.filter(**{self.store_path.replace(".", "__") + "__in": stores})

    def _narrowed(self, field: Any, request: HttpRequest) -> Any:
        if field is not None and getattr(field, "queryset", None) is not None:
            field.queryset = self.offered(field.queryset, request)
        return field
