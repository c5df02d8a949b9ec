"""Why a condition or a selection was refused, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from objectives.conditions import InvalidConditionError
from objectives.selection import InvalidSelectionError
from objectives.worded import Worded


def translated(words: Worded) -> str:
    """The words of a module that knows no language."""
    template = gettext(words.template)
    return template % words.values if words.values else template


def in_words(error: InvalidConditionError | InvalidSelectionError) -> str:
    """Where, and what was expected there."""
    told = {"pointer": error.pointer or "/", "expected": translated(error.expected)}
    return gettext("at %(pointer)s, expected %(expected)s") % told
