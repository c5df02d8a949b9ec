"""What the business wants, and where."""

from objectives.models.campaign import (
    Campaign,
    CampaignObjective,
    CampaignState,
    MerchandisingRule,
    RuleKind,
    Scope,
    Standing,
)
from objectives.models.revision import Action, CampaignRevision
from objectives.models.zone import Zone, ZoneKind

__all__ = [
    "Action",
    "Campaign",
    "CampaignObjective",
    "CampaignRevision",
    "CampaignState",
    "MerchandisingRule",
    "RuleKind",
    "Scope",
    "Standing",
    "Zone",
    "ZoneKind",
]
