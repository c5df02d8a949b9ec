"""What a generation knows of persons: kept with its arrays, mapped by every process that answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from catalog.facts import ProductFacts
from personalization import liking, lookalikes, people
from personalization.affinities import Affinities, Taste
from personalization.chances import Chances
from personalization.lookalikes import Resemblance
from personalization.memory import arrays
from personalization.models import Generation
from personalization.people import People
from personalization.trails import Trails

SETTINGS: Final = "persons"  # of `Generation.settings`


@dataclass(frozen=True, slots=True)
class Fitted:
    """How far to believe what is known of persons, learned on the latest visits.

    Attributes:
        taste, liking: of the affinities, and how likely what they propose is.
        resemblance, company: of lookalikes, and how likely what they propose is.
    """

    taste: Taste
    liking: Chances
    resemblance: Resemblance
    company: Chances

    def to_json(self) -> dict[str, Any]:
        return {
            "taste": asdict(self.taste),
            "liking": self.liking.to_json(),
            "resemblance": asdict(self.resemblance),
            "company": self.company.to_json(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Fitted:
        return cls(
            taste=Taste(**stored["taste"]),
            liking=Chances.from_json(stored["liking"], features=liking.FEATURES),
            resemblance=Resemblance(**stored["resemblance"]),
            company=Chances.from_json(stored["company"], features=lookalikes.FEATURES),
        )


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """All that is known of persons."""

    affinities: Affinities
    people: People
    fitted: Fitted


def is_kept(generation: Generation) -> bool:
    """Whether the generation has learned it, whole."""
    return SETTINGS in generation.settings and arrays.has_fields(generation.pk, "people", People)


def keep(generation: Generation, *, learned: Affinities, trails: Trails, fitted: Fitted, facts: ProductFacts) -> None:
    """Keep what was learned, and who was interested in what, as the trails tell."""
    generation.settings[SETTINGS] = fitted.to_json()
    generation.save(update_fields=["settings"])
    arrays.save_fields(generation.pk, "affinities", learned)
    keep_people(generation, trails=trails, facts=facts)


def keep_people(generation: Generation, *, trails: Trails, facts: ProductFacts) -> None:
    """Keep who was interested in what, as the trails tell; anew when trails were taken out."""
    until = float(trails.ended.max(initial=0.0))
    arrays.save_fields(generation.pk, "people", people.gather(trails, facts=facts, now=until))


def read(generation: Generation) -> Acquaintance | None:
    """What the generation knows of persons, mapped; None before it has learned it."""
    if not is_kept(generation):
        return None
    return Acquaintance(
        affinities=arrays.read_fields(generation.pk, "affinities", Affinities),
        people=arrays.read_fields(generation.pk, "people", People),
        fitted=Fitted.from_json(generation.settings[SETTINGS]),
    )
