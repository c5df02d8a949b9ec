"""Who asks: the API key of a store, in the Authorization header or, for beacons, in the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from catalog.api.known_keys import usable_key
from catalog.api.problems import Problem
from catalog.models import ApiKey
from catalog.models.api_key import KIND_PREFIX, KeyKind

SCHEME = "bearer"
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Stands where DRF expects a user: whoever holds this key."""

    api_key: ApiKey
    is_authenticated: bool = True

    @property
    def pk(self) -> int:
        return self.api_key.pk


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key's store; public keys only from their allowed origins."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        text = _key_text(request)
        if not text:
            return None
        key = usable_key(text=text, now=timezone.now()) if len(text) <= LONGEST_KEY else None
        if key is None:
            raise Problem(401, _("The API key is unknown, revoked or expired."))
        if key.kind == KeyKind.PUBLIC:
            _require_origin(request, key)
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _key_text(request: Request) -> str:
    """The key as sent; a secret key in an address would end up in logs, so only public ones may be there."""
    scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
    if text and scheme.lower() == SCHEME:
        return text.strip()
    in_address = str(request.query_params.get("key", ""))
    if in_address and not in_address.startswith(KIND_PREFIX[KeyKind.PUBLIC]):
        raise Problem(401, _("Only a public key may stand in the address; revoke this one, it may have been logged."))
    return in_address


def _require_origin(request: Request, key: ApiKey) -> None:
    if not key.allowed_origins:
        return
    origin = request.headers.get("Origin", "").lower()
    if origin not in {allowed.lower().rstrip("/") for allowed in key.allowed_origins}:
        raise Problem(403, _("This public key may not be used from this origin."))


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI document about the key."""

    target_class = "catalog.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "`sk_…` (server) or `pk_…` (browser): Authorization: Bearer <key>",
        }
