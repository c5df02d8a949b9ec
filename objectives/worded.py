"""English words that remember what they were made of, so that whoever shows them can say them in another language."""

from __future__ import annotations

from collections.abc import Mapping


class Worded(str):
    """A sentence in English.

    Attributes:
        template: the sentence with places for values, as the catalog of translations knows it.
        values: what stands there.
    """

    template: str
    values: Mapping[str, object]


def worded(template: str, **values: object) -> Worded:
    """The words of a template marked by `gettext_noop`, its `%(name)s` filled in."""
    made = Worded(template % values if values else template)
    made.template, made.values = template, values
    return made


def gettext_noop(template: str) -> str:
    """Mark a template for the catalog of translations, which looks for calls of this name."""
    return template
