"""The screens of what visitors live, what is remembered of it, and what was served."""

from personalization.admin import campaigns, comparisons, decisions, generations, markers, rules, visits

__all__ = ["campaigns", "comparisons", "decisions", "generations", "markers", "rules", "visits"]
