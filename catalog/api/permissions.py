"""Which kind of key opens which call."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.api.problems import Problem
from catalog.models import ApiKey
from catalog.models.api_key import KeyKind


class HasKey(BasePermission):
    """Any usable key of the store."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiKey):
            raise Problem(401, _("Send the store's API key: “Authorization: Bearer sk_…”."))
        return True


class HasSecretKey(HasKey):
    """A secret key: the caller is the merchant's own server."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        super().has_permission(request, view)
        key = cast("ApiKey", request.auth)
        if key.kind != KeyKind.SECRET:
            raise Problem(403, _("This call needs a secret key (sk_…), and never from a browser."))
        return True
