"""API keys: made here, shown once, revoked here."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from catalog.admin.scoping import StoreScopedAdmin
from catalog.models import ApiKey, Right

_ORIGIN = re.compile(r"https?://[a-z0-9.\-]+(:\d{1,5})?", re.IGNORECASE)


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """One origin a line."""

    allowed_origins = SimpleArrayField(
        forms.CharField(max_length=255),
        delimiter="\n",
        required=False,
        label=_("Allowed origins"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("One a line, for example https://www.example.fr; empty means any. Only for public keys."),
    )

    class Meta:
        model = ApiKey
        fields = ("store", "name", "kind", "allowed_origins", "expires_at")

    def clean_allowed_origins(self) -> list[str]:
        """Scheme and host, as browsers send them: no path."""
        origins = [origin.strip().rstrip("/") for origin in self.cleaned_data["allowed_origins"] if origin.strip()]
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                message = _("“%(origin)s” is not an origin such as https://www.example.fr.")
                raise forms.ValidationError(message, params={"origin": origin})
        return origins


@admin.register(ApiKey)
class ApiKeyAdmin(StoreScopedAdmin):
    """A key is never deleted, but revoked: what it did stays attributable."""

    seen_with = changes_with = Right.KEYS
    form = ApiKeyForm
    list_display = ("name", "store", "kind", "visible_prefix", "state", "last_used_at", "expires_at")
    list_filter = ("kind", ("store", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("store",)
    search_fields = ("name", "prefix")
    autocomplete_fields = ("store",)
    actions = ("revoke",)
    fieldsets = (
        (None, {"fields": ("store", "name", "kind")}),
        (_("Limits"), {"fields": ("allowed_origins", "expires_at")}),
    )
    trace = (_("Trace"), {"fields": ("visible_prefix", "created_at", "last_used_at", "revoked_at")})

    def get_fieldsets(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return (*self.fieldsets, self.trace) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        traced = ("visible_prefix", "created_at", "last_used_at", "revoked_at")
        return (*traced, "store", "kind") if obj else traced

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """A new key draws its text, which only the page that follows will show."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            request.issued_key_text = obj.draw_text()  # type: ignore[attr-defined]
            obj.save()

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """The key's text, on a page that is not kept; a redirect would carry it in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Key made"),
            "opts": self.opts,
            "api_key": obj,
            "key_text": request.issued_key_text,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/catalog/apikey/issued.html", context)

    @action(description=_("Revoke the selected keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """Refuse these keys from now on."""
        revoked = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        message = ngettext("%d key is refused from now on.", "%d keys are refused from now on.", revoked)
        self.message_user(request, message % revoked)

    @display(description=_("key"))
    def visible_prefix(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @display(description=_("state"), label={"usable": "success", "expired": "warning", "revoked": "danger"})
    def state(self, key: ApiKey) -> tuple[str, Any]:
        if key.revoked_at:
            return "revoked", _("revoked")
        if key.expires_at and key.expires_at <= timezone.now():
            return "expired", _("expired")
        return "usable", _("usable")
