"""Memberships: who works for which store, in which roles, each with words for what it may do there."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from catalog.admin.scoping import SuperusersOnly
from catalog.models import Membership, Right, Role
from catalog.models.membership import RIGHTS, merchandiser_alone

DEEDS: Final = {
    Right.STEER: _("steers by campaigns, rules and zones"),
    Right.APPROVE: _("approves campaigns of others"),
    Right.ANALYSE: _("has approaches compared"),
    Right.CATALOG: _("changes products and categories"),
    Right.KEYS: _("makes and revokes keys for the API"),
    Right.MEMORY: _("rebuilds, switches and rolls back the memory"),
    Right.SETTINGS: _("changes the settings of the store"),
    Right.ERASE: _("erases what is kept of a visitor"),
}


def deeds_of(role: str) -> str:
    """What somebody in this role may do, beside looking."""
    return ", ".join(str(words) for right, words in DEEDS.items() if right in RIGHTS[role])


def _choices() -> list[tuple[str, str]]:
    told = '<span class="np-role"><b>{}</b><small>{}</small></span>'
    return [(role.value, format_html(told, role.label.capitalize(), deeds_of(role))) for role in Role]


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """One or several roles of one person at one store."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=_choices,
        initial=merchandiser_alone,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Each of them sees every screen of the store but its keys; further:"),
    )

    class Meta:
        model = Membership
        fields = ("user", "store", "roles")


class MembershipInline(SuperusersOnly, StackedInline):  # type: ignore[misc]
    """Who works for the store; on the page of a person, for which stores they work."""

    model = Membership
    form = MembershipForm
    autocomplete_fields = ("user", "store")
    extra = 0
    tab = True


class RoleFilter(DropdownFilter):  # type: ignore[misc]
    """Who is this somewhere."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


@admin.register(Membership)
class MembershipAdmin(SuperusersOnly, ModelAdmin):  # type: ignore[misc]
    """Who works for which store, as what."""

    form = MembershipForm
    list_display = ("user", "store", "in_roles")
    list_filter = ("store", RoleFilter)
    list_filter_submit = True
    search_fields = ("user__username", "user__email", "store__name")
    autocomplete_fields = ("user", "store")
    list_select_related = ("user", "store")
    list_fullwidth = True

    @display(description=_("roles"))
    def in_roles(self, membership: Membership) -> str:
        return membership.roles_in_words
