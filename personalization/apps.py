"""The personalization application."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from personalization.checks import check_markers


class PersonalizationConfig(AppConfig):
    name = "personalization"
    verbose_name = _("Personalization")

    def ready(self) -> None:
        checks.register(check_markers)
