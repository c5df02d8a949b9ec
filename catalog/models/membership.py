"""Who works for which store, in which roles, and what each role may do there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.store import Store

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Right(StrEnum):
    """One kind of deed at a store."""

    SEE = "see"  # every screen of the store but its keys
    STEER = "steer"  # campaigns, rules, zones
    APPROVE = "approve"  # campaigns that somebody else handed in
    ANALYSE = "analyse"  # comparisons and experiments asked for, reports exported
    CATALOG = "catalog"  # products and categories changed
    KEYS = "keys"  # keys of the API seen, issued, revoked
    MEMORY = "memory"  # generations rebuilt, switched, rolled back
    SETTINGS = "settings"  # settings of the store
    ERASE = "erase"  # all that is kept of a visitor


class Role(models.TextChoices):
    """What somebody is at a store; one person may be several of these there."""

    MERCHANDISER = "merchandiser", _("merchandiser")
    APPROVER = "approver", _("approver")
    ANALYST = "analyst", _("analyst")
    DEVELOPER = "developer", _("developer")
    OPERATOR = "operator", _("operator")


EVERY_RIGHT: Final = frozenset(Right)
RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    Role.MERCHANDISER: frozenset({Right.SEE, Right.STEER, Right.ANALYSE, Right.CATALOG}),
    Role.APPROVER: frozenset({Right.SEE, Right.STEER, Right.APPROVE}),
    Role.ANALYST: frozenset({Right.SEE, Right.ANALYSE}),
    Role.DEVELOPER: frozenset({Right.SEE, Right.CATALOG, Right.KEYS}),
    Role.OPERATOR: frozenset({Right.SEE, Right.KEYS, Right.MEMORY, Right.SETTINGS, Right.ERASE}),
}


def merchandiser_alone() -> list[str]:
    """The roles of a new member, unless said otherwise."""
    return [Role.MERCHANDISER]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def rights_of(self, user: User | AnonymousUser) -> dict[int, frozenset[Right]]:
        """What this person may do, by store id; a superuser everything at every store of a merchant."""
        lasting = Store.objects.lasting()
        if user.is_superuser:
            return dict.fromkeys(lasting.values_list("pk", flat=True), EVERY_RIGHT)
        held = self.filter(user_id=user.pk or 0, store__in=lasting).values_list("store_id", "roles")
        return {store_id: frozenset().union(*(RIGHTS[role] for role in roles)) for store_id, roles in held}


class Membership(models.Model):
    """One person's work for one store; without it the store does not exist for them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    store = models.ForeignKey(Store, models.CASCADE, related_name="memberships", verbose_name=_("store"))
    roles = ArrayField(
        models.CharField(max_length=16, choices=Role.choices), default=merchandiser_alone, verbose_name=_("roles")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "store"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(roles__len__gte=1) & models.Q(roles__contained_by=Role.values),
                name="membership_has_known_roles",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.store}"

    @property
    def roles_in_words(self) -> str:
        """The roles, in the order in which they are declared."""
        return ", ".join(str(role.label) for role in Role if role in self.roles)
