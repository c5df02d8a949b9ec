"""The tennis player who comes for a birth gift: what each engine makes of a past that today's errand leaves behind.

Two forms. By group: visits of people without history, with one that agrees with the errand, and with one against it,
each of the latter two beside a twin, the same errand at the same hour lived by somebody new. And counterfactual, which
isolates the cause: the very same visit asked without history, with the person's own, and with that of a stranger whose
past knows nothing of the errand; products, instants and what is to be found stay the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks import errands, questions, town
from benchmarks.errands import AGREEING, DEPARTING, GROUPS, Case, Casting
from benchmarks.keeping import kept
from benchmarks.questions import LIST, Instant, Storefront
from personalization.engines import ENGINES
from personalization.engines.base import Engine
from personalization.evaluation.intervals import intervals
from personalization.markers.lived import LivedEvent

NEWCOMER: Final = "v:benchmark-newcomer"  # nobody has ever met them
HEAD: Final = 8  # products of a zone that one sees at once

# What is counted: of the products there were to find, or of the list's places.
MEASURES: Final[Mapping[str, str]] = {
    "following": f"next product viewed, in the first {LIST}",
    "viewed": f"products first viewed later, in the first {LIST}",
    "taken": f"products carted or bought later, in the first {LIST}",
    f"past_{HEAD}": f"first {HEAD} places: departments of the past",
    f"past_{LIST}": f"first {LIST} places: departments of the past",
    f"present_{HEAD}": f"first {HEAD} places: the errand's department",
    f"present_{LIST}": f"first {LIST} places: the errand's department",
}
FOUND: Final = ("following", "viewed", "taken")
OWN, NONE, STRANGERS, TWIN = "own", "none", "strangers", "twin"


def add_options(parser: argparse.ArgumentParser) -> None:
    town.add_options(parser)
    parser.add_argument("--visits", type=int, default=600, help="visits of each group")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raise the town, cast the groups, ask every engine."""
    standing = town.standing_town(shoppers=asked.shoppers, seed=asked.seed)
    storefront = Storefront(standing.store)
    casting = Casting(standing, tells=lambda events: bool(questions.instants(storefront.lived(events))))
    cast = casting.cases(size=asked.visits)
    protocol = standing.protocol | {
        "asked_after_telling_events": list(questions.AFTER),
        "visits": {group: len(cases) for group, cases in cast.items()},
        "visits_lived_for_this": {group: sum(case.lived_for_this for case in cases) for group, cases in cast.items()},
    }
    return figures(asked_of(ENGINES, cast, casting=casting, storefront=storefront)), protocol


@dataclass(frozen=True, slots=True)
class Tally:
    """What was found of what there was to find.

    Attributes:
        found, asked: float64 (visits, measures), columns as MEASURES.
    """

    found: NDArray[np.float64]
    asked: NDArray[np.float64]


Tallies = dict[str, dict[str, Tally]]  # by engine, then by whose history was told


def asked_of(
    engines: Mapping[str, Engine], cast: Mapping[str, Sequence[Case]], *, casting: Casting, storefront: Storefront
) -> dict[str, Tallies]:
    """By group: every engine asked about every case, with every history that is to be compared."""
    departments = storefront.departments()
    return {group: _asked(engines, cases, casting, storefront, departments) for group, cases in cast.items()}


def figures(tallies: Mapping[str, Tallies]) -> dict[str, Any]:
    """Rates with intervals by group, engine and history; and what is kept of the rate without history."""
    return {group: _group_figures(by_engine) for group, by_engine in tallies.items()}


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    for group, told in figures.items():
        print(f"\n{GROUPS[group]}: {told['visits']} visits")
        print(f"{'engine':<14}{'history':<12}" + "".join(f"{name:>12}" for name in MEASURES))
        for engine, row in told["engines"].items():
            for history, rates in row["rates"].items():
                print(f"{engine:<14}{history:<12}" + "".join(f"{_told(rates[name]):>12}" for name in MEASURES))
            for comparison, rates in row["kept"].items():
                words = ", ".join(f"{name} {_with_interval(rates[name])}" for name in FOUND)
                print(f"{'':<14}{comparison}: {words}")


def _group_figures(by_engine: Tallies) -> dict[str, Any]:
    first = next(iter(by_engine.values()))[OWN]
    return {
        "visits": len(first.asked),
        "questions": int(first.asked[:, -1].sum() // LIST),
        "engines": {name: {"rates": _rates(by), "kept": _kept(by)} for name, by in by_engine.items()},
    }


def _rates(by_history: Mapping[str, Tally]) -> dict[str, Any]:
    return {history: _intervals(tally) for history, tally in by_history.items()}


def _intervals(tally: Tally) -> dict[str, list[float | None]]:
    """By measure: rate, lower, upper."""
    quotients = {measure: (tally.found[:, column], tally.asked[:, column]) for column, measure in enumerate(MEASURES)}
    rates = intervals(quotients, clusters=range(len(tally.asked)))
    return {measure: rate.to_json() for measure, rate in rates.items()}


def _kept(by_history: Mapping[str, Tally]) -> dict[str, Any]:
    """The rates with one history as shares of those without any, of twins or of the same visits."""
    compared = {
        f"{one}_of_{other}": (by_history[one], by_history[other])
        for one, other in ((OWN, TWIN), (OWN, NONE), (STRANGERS, NONE))
        if one in by_history and other in by_history
    }
    columns = {measure: column for column, measure in enumerate(MEASURES) if measure in FOUND}
    return {
        name: {
            measure: kept(
                one.found[:, column], one.asked[:, column], other.found[:, column], other.asked[:, column]
            ).to_json()
            for measure, column in columns.items()
        }
        for name, (one, other) in compared.items()
    }


def _asked(
    engines: Mapping[str, Engine],
    cases: Sequence[Case],
    casting: Casting,
    storefront: Storefront,
    departments: Sequence[str],
) -> Tallies:
    rows: dict[str, dict[str, list[NDArray[np.float64]]]] = {name: {} for name in engines}
    for case in tqdm(cases, desc="asking"):
        for history, telling in _tellings(case, casting, storefront):
            for name, engine in engines.items():
                rows[name].setdefault(history, []).append(telling.tally(engine, storefront, departments))
    return {
        name: {history: Tally(*np.array(told).transpose(1, 0, 2)) for history, told in by_history.items()}
        for name, by_history in rows.items()
    }


@dataclass(frozen=True, slots=True)
class _Telling:
    """A visit told with somebody's history: theirs, nobody's, a stranger's.

    `past` are the departments that count as the past, `present` the errand's.
    """

    key: str
    events: list[LivedEvent]
    instants: list[Instant]
    past: frozenset[str]
    present: str

    def tally(self, engine: Engine, storefront: Storefront, departments: Sequence[str]) -> NDArray[np.float64]:
        """float64 (2, measures): found and asked over the visit's instants."""
        context = storefront.context(visitor_key=self.key, events=self.events)
        total = np.zeros((2, len(MEASURES)))
        for instant in self.instants:
            question = storefront.question(
                context=context, visitor_key=self.key, events=self.events[: instant.steps], limit=LIST
            )
            listed = engine.estimate(question).products[:LIST].tolist()
            total += self._counted(listed, instant, departments)
        return total

    def _counted(self, listed: list[int], instant: Instant, departments: Sequence[str]) -> NDArray[np.float64]:
        later = instant.later
        targets = {"following": [later.following] if later.following >= 0 else [],
                   "viewed": later.viewed, "taken": later.taken}  # fmt: skip
        found = [float(len(set(targets[name]) & set(listed))) for name in FOUND]
        asked = [float(len(targets[name])) for name in FOUND]
        past = [departments[product] in self.past - {self.present} for product in listed]
        present = [departments[product] == self.present for product in listed]
        places = [float(sum(kind[:size])) for kind in (past, present) for size in (HEAD, LIST)]
        sizes = [float(size) for _ in range(2) for size in (HEAD, LIST)]
        return np.array([found + places, asked + sizes])


def _tellings(case: Case, casting: Casting, storefront: Storefront) -> Iterator[tuple[str, _Telling]]:
    """The case with each history it is to be told with."""
    events = storefront.lived(case.events)
    instants = questions.instants(events)
    past = errands.belongs_to(case.past)
    yield OWN, _Telling(case.key, events, instants, past, case.department)
    if case.group not in {AGREEING, DEPARTING}:
        return
    twin = storefront.lived(case.twin)
    yield TWIN, _Telling(NEWCOMER, twin, questions.instants(twin), past, case.department)
    yield NONE, _Telling(NEWCOMER, events, instants, past, case.department)
    stranger = casting.stranger(case.department)
    yield (
        STRANGERS,
        _Telling(stranger, events, instants, errands.belongs_to(casting.past_of(stranger)), case.department),
    )


def _told(rate: Sequence[float | None]) -> str:
    return "–" if rate[0] is None else f"{rate[0]:.3f}"


def _with_interval(rate: Sequence[float | None]) -> str:
    return "–" if rate[0] is None else f"{rate[0]:.2f} [{rate[1]:.2f}, {rate[2]:.2f}]"
