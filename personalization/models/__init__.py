"""What was lived, what is remembered, what was served."""

from personalization.models.comparison import Comparison, ComparisonState
from personalization.models.decision import Decision
from personalization.models.event import Event
from personalization.models.exposure import ProductExposure, VisitorExposure
from personalization.models.generation import Generation, GenerationState, MemoryArray, RebuildChunk
from personalization.models.past_situation import PastSituation
from personalization.models.rule import Rule
from personalization.models.visit import Visit

__all__ = [
    "Comparison",
    "ComparisonState",
    "Decision",
    "Event",
    "Generation",
    "GenerationState",
    "MemoryArray",
    "PastSituation",
    "ProductExposure",
    "RebuildChunk",
    "Rule",
    "Visit",
    "VisitorExposure",
]
