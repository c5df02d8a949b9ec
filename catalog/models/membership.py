"""Who works for which store."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.store import Store


class Membership(models.Model):
    """One person's work for one store; without it the store does not exist for them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    store = models.ForeignKey(Store, models.CASCADE, related_name="memberships", verbose_name=_("store"))

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "store"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.store}"
