"""Keys that open the REST API of one store."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.store import Store

PREFIX_LENGTH = 12  # “sk_” and nine characters: enough to tell keys apart, far too few to guess one


class KeyKind(models.TextChoices):
    PUBLIC = "public", _("public (browser)")
    SECRET = "secret", _("secret (server)")


KIND_PREFIX = {KeyKind.PUBLIC: "pk_", KeyKind.SECRET: "sk_"}


def hash_key(key: str) -> str:
    """SHA-256 in hex: the keys are 256 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, *, now: datetime) -> ApiKeyQuerySet:
        """Neither revoked nor expired."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), revoked_at=None)

    def issue(
        self, *, store: Store, kind: KeyKind, name: str, allowed_origins: list[str] | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; its text is returned once and only its hash is kept."""
        key = ApiKey(store=store, kind=kind, name=name, allowed_origins=allowed_origins or [])
        text = key.draw_text()
        key.save(using=self.db)
        return key, text


class ApiKey(models.Model):
    """A public key sends events and reads recommendations from allowed origins; a secret key does everything."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="api_keys", verbose_name=_("store"))
    name = models.CharField(
        _("name"), max_length=100, help_text=_("Where the key is used, for example “Shopify theme”.")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=KeyKind)
    prefix = models.CharField(_("prefix"), max_length=PREFIX_LENGTH, editable=False)
    hashed_key = models.CharField(max_length=64, unique=True, editable=False)
    allowed_origins = ArrayField(
        models.CharField(max_length=255),
        verbose_name=_("allowed origins"),
        default=list,
        blank=True,
        help_text=_("Origins a public key may be used from, for example https://www.example.fr; empty means any."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["store", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def draw_text(self) -> str:
        """A new text for this key, to be shown once: what stays in the row is its hash and its first characters."""
        text = KIND_PREFIX[KeyKind(self.kind)] + secrets.token_urlsafe(32)
        self.prefix, self.hashed_key = text[:PREFIX_LENGTH], hash_key(text)
        return text
