"""What the business wants, and where."""

from objectives.models.campaign import Campaign, CampaignObjective, CampaignState, MerchandisingRule, RuleKind, Scope
from objectives.models.zone import Zone, ZoneKind

__all__ = [
    "Campaign",
    "CampaignObjective",
    "CampaignState",
    "MerchandisingRule",
    "RuleKind",
    "Scope",
    "Zone",
    "ZoneKind",
]
