"""People of the staff, in the admin's own looks: who may sign in, and for which stores they work."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as PlainGroupAdmin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from catalog.admin.memberships import MembershipInline
from catalog.admin.scoping import SuperusersOnly

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(SuperusersOnly, PlainUserAdmin, ModelAdmin):  # type: ignore[type-arg, misc]
    """Who may sign in, and what they are at which store."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "works_for", "is_active", "is_superuser")
    list_fullwidth = True
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Access"),
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": _(
                    "Staff sign in here, and may do at each store what their roles there say. Superusers may do "
                    "everything at every store, and make people and stores."
                ),
            },
        ),
        (
            _("Further screens of the installation"),
            {
                "classes": ("collapse",),
                "fields": ("groups", "user_permissions"),
                "description": _(
                    "Schedules of the clock and attempts to sign in go by these permissions; nothing that is a "
                    "store's does."
                ),
            },
        ),
        (_("Trace"), {"classes": ("collapse",), "fields": ("last_login", "date_joined")}),
    )

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """Stores are given to somebody who is there."""
        return (MembershipInline,) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__store")

    @display(description=_("works for"))
    def works_for(self, user: User) -> str:
        held = sorted(user.memberships.all(), key=lambda membership: membership.store.name)
        told = format_html_join("\n", "<div>{}: {}</div>", ((one.store.name, one.roles_in_words) for one in held))
        return told or "—"


@admin.register(Group)
class GroupAdmin(SuperusersOnly, PlainGroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Permissions by group, for the installation's own screens."""
