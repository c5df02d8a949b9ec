"""What the business wants, and where."""

from objectives.models.zone import Zone, ZoneKind

__all__ = ["Zone", "ZoneKind"]
