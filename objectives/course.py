"""A course: what all campaigns that apply to one answer ask of it together; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

NOTHING_GIVEN_UP: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pull:
    """One objective of one campaign.

    Attributes:
        campaign: its database id.
        measure: a name of MEASURES.
        weight: not negative; 1 counts the best list it could have as much as the most relevant one.
        promoted: bool (products,), the products for which it counts; None for all.
        rule: database id of the boost it comes from; 0 for an objective.
        sought: whether these products are to be estimated even where no engine would propose them.
    """

    campaign: int
    measure: str
    weight: float
    promoted: NDArray[np.bool_] | None = None
    rule: int = 0
    sought: bool = True

    @property
    def name(self) -> str:
        """As it stands among an answer's contributions."""
        return f"boost@{self.campaign}.{self.rule}" if self.rule else f"{self.measure}@{self.campaign}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is asked of one answer.

    Attributes:
        pulls: objectives beside the zone's own, whatever their order.
        floor: share of the unsteered list's predicted conversion that pulls may never give up, [0, 1].
        only: bool (products,), the products the list may hold while there are such; None for all.
        pins: place (from 0) → catalog position.
        buried: bool (products,), shown only when nothing else is left; None for none.
        excluded: bool (products,), not shown; None for none.
        campaigns: database ids of those that apply, the first in precedence first.
        spared: of those that would, had they not been held out here to see what they bring.
        spared_rules: database ids of rules of `campaigns` that are held out here by themselves.
        used_up: of those that would, had their budgets left them anything to put forward.
        counted: campaign → bool (products,), what it puts forward, of each that may show a product so often only.
        rationed: of `campaigns` and `spared`, those that may have so many answers to one visitor only.
    """

    pulls: tuple[Pull, ...] = ()
    floor: float = NOTHING_GIVEN_UP
    only: NDArray[np.bool_] | None = None
    pins: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    buried: NDArray[np.bool_] | None = None
    excluded: NDArray[np.bool_] | None = None
    campaigns: tuple[int, ...] = ()
    spared: tuple[int, ...] = ()
    spared_rules: tuple[int, ...] = ()
    used_up: tuple[int, ...] = ()
    counted: Mapping[int, NDArray[np.bool_]] = field(default_factory=lambda: MappingProxyType({}))
    rationed: tuple[int, ...] = ()

    @property
    def steers(self) -> bool:
        """Whether it asks for anything at all."""
        return bool(self.pulls or self.pins or self.only is not None or self.buried is not None)


NO_COURSE: Final = Course()
