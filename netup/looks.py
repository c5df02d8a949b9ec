"""The admin's looks: its name, its colours, and who fills its sidebar, header and first page."""

from __future__ import annotations

from typing import Any, Final

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": _("Inductive personalization"),
    "SITE_HEADER": _("Personalization"),
    "SITE_SYMBOL": "psychology_alt",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("netup/mark.svg")},
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "netup.navigation.environment",
    "DASHBOARD_CALLBACK": "personalization.admin.today.dashboard",
    "STYLES": [lambda request: static("netup/admin.css")],
    "SCRIPTS": [lambda request: static("netup/admin.js")],
    "SIDEBAR": {"navigation": "netup.navigation.sidebar"},
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.8% .02 165)",
            "100": "oklch(94.8% .045 165)",
            "200": "oklch(90% .08 164)",
            "300": "oklch(83.5% .12 163)",
            "400": "oklch(75% .13 162)",
            "500": "oklch(66% .12 162)",
            "600": "oklch(47% .09 165)",
            "700": "oklch(41% .08 166)",
            "800": "oklch(36% .07 167)",
            "900": "oklch(31% .055 168)",
            "950": "oklch(24% .04 169)",
        },
    },
}
