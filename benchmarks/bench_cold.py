"""Products that no event has ever spoken of: how often each engine has them where they are wanted next.

All came into the catalog after the memory was built. Launched: by the town itself. Withheld: drawn from what it has
sold for long, kept out of the catalog and of every event until then, so that what is wanted of it is what is wanted of
any product. Asked is right before a held-out visit first meets a product, and what it has met is left out of the
lists; the reference line reads nothing but the catalog.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks import questions, town
from benchmarks.content import ContentEngine
from benchmarks.questions import LIST, Storefront
from catalog.facts import ProductFacts
from netup.demo.traffic import Outing
from personalization.engines import ENGINES
from personalization.engines.base import Engine, Question
from personalization.evaluation.intervals import difference, intervals
from personalization.memory import payload

# Which questions a figure is over, by what is wanted next.
OVER: Final[Mapping[str, str]] = {
    "cold": "no event at all",
    "withheld": "withheld from the memory",
    "launched": "launched since by the town",
    "cold_taken": "no event at all, later carted or bought",
    "warm": "met before",
    "all": "any product",
}
WARM, WITHHELD, LAUNCHED = 0, 1, 2
CONTENT: Final = ContentEngine()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A visit right before it first meets a product.

    Attributes:
        visit: which one.
        question: what an engine is asked there.
        target: catalog position of the product it meets next.
        is_taken: the visit carts or buys it later.
        viewed: all that it first meets later, the target first.
    """

    visit: str
    question: Question
    target: int
    is_taken: bool
    viewed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one engine made of one question.

    Attributes:
        place: of the target in the list, from 1; 0 outside it.
        relation: how the target was reached, "" outside the list.
        cold, cold_right: products without any event in the list, and those of them that the visit met later.
        warm, warm_right: the same of all others.
    """

    place: int
    relation: str
    cold: int
    cold_right: int
    warm: int
    warm_right: int


def add_options(parser: argparse.ArgumentParser) -> None:
    town.add_options(parser)
    parser.add_argument("--questions", type=int, default=6000, help="asked of each engine, of visits drawn by seed")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raise the town and ask every engine, and the reference line, before each first meeting."""
    standing = town.standing_town(shoppers=asked.shoppers, seed=asked.seed)
    storefront = Storefront(standing.store)
    kinds = kinds_of(storefront.facts, withheld=standing.withheld, launched=standing.launched)
    engines: dict[str, Engine] = {**ENGINES, CONTENT.name: CONTENT}
    wanted: list[tuple[str, int, bool]] = []
    answers: dict[str, list[Answer]] = {name: [] for name in engines}
    with tqdm(desc="asking", total=asked.questions) as bar:
        for one in _drawn(standing.held_out, storefront, most=asked.questions, seed=asked.seed):
            wanted.append((one.visit, int(kinds[one.target]), one.is_taken))
            for name, engine in engines.items():
                answers[name].append(answered(engine, one, kinds))
            bar.update()
    protocol = standing.protocol | {"questions": len(wanted), "visits": len({visit for visit, _, _ in wanted})}
    return figures(wanted, answers), protocol


def kinds_of(facts: ProductFacts, *, withheld: frozenset[str], launched: frozenset[str]) -> NDArray[np.int8]:
    """int8 (products,): WARM, WITHHELD or LAUNCHED."""
    return np.array(
        [WITHHELD if item in withheld else LAUNCHED if item in launched else WARM for item in facts.item_ids], np.int8
    )


def answered(engine: Engine, wanted: Wanted, kinds: NDArray[np.int8]) -> Answer:
    """Ask, and look where the target stands."""
    estimates = engine.estimate(wanted.question)
    listed = estimates.products[:LIST]
    right = np.isin(listed, list(wanted.viewed))
    cold = kinds[listed] != WARM
    at = np.flatnonzero(listed == wanted.target)
    told = estimates.relations[int(at[0])] if len(at) and int(at[0]) < len(estimates.relations) else ()
    return Answer(
        place=int(at[0]) + 1 if len(at) else 0,
        relation=told[0].kind if told else "",
        cold=int(cold.sum()),
        cold_right=int((cold & right).sum()),
        warm=int((~cold).sum()),
        warm_right=int((~cold & right).sum()),
    )


def figures(wanted: Sequence[tuple[str, int, bool]], answers: Mapping[str, Sequence[Answer]]) -> dict[str, Any]:
    """By engine: hit rates and reciprocal places over each kind of question, and how right cold products stood there.

    `wanted` tells of each question: which visit, the target's kind, whether it was taken later.
    """
    visits = [visit for visit, _, _ in wanted]
    kinds = np.array([kind for _, kind, _ in wanted])
    taken = np.array([is_taken for _, _, is_taken in wanted], bool)
    over = {
        "cold": kinds != WARM,
        "withheld": kinds == WITHHELD,
        "launched": kinds == LAUNCHED,
        "cold_taken": (kinds != WARM) & taken,
        "warm": kinds == WARM,
        "all": np.ones(len(kinds), bool),
    }
    places = {name: np.array([answer.place for answer in told]) for name, told in answers.items()}
    return {
        "questions": {name: int(here.sum()) for name, here in over.items()},
        "engines": {name: _engine_figures(name, answers[name], places, over, visits) for name in answers},
    }


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    print("\n" + ", ".join(f"{OVER[name]}: {count}" for name, count in figures["questions"].items()))
    print(f"{'HR':<12}" + "".join(f"{name:>24}" for name in OVER))
    for engine, row in figures["engines"].items():
        print(f"{engine:<12}" + "".join(f"{_told(row['hr'][name]):>24}" for name in OVER))
    for engine, row in figures["engines"].items():
        print(f"{engine:<12}reached {row['relations']}")
        for figure, kinds in (("mrr", ("cold", "all")), ("places", row["places"]), ("above_content", ("cold", "all"))):
            print(f"{'':<12}{figure}: " + ", ".join(f"{kind} {_told(row[figure][kind])}" for kind in kinds))


def _engine_figures(
    name: str,
    told: Sequence[Answer],
    places: Mapping[str, NDArray[np.int64]],
    over: Mapping[str, NDArray[np.bool_]],
    visits: Sequence[str],
) -> dict[str, Any]:
    hit = (places[name] > 0).astype(np.float64)
    reciprocal = np.where(hit > 0, 1 / np.maximum(places[name], 1), 0.0)
    reference = (places[CONTENT.name] > 0).astype(np.float64)
    asked = {kind: here.astype(np.float64) for kind, here in over.items()}
    quotients = {("hr", kind): (hit * here, here) for kind, here in asked.items()}
    quotients |= {("mrr", kind): (reciprocal * here, here) for kind, here in asked.items()}
    quotients |= {
        ("above_content", kind): difference((hit * here, here), (reference * here, here))
        for kind, here in asked.items()
    }
    count = {field: np.array([getattr(answer, field) for answer in told], np.float64) for field in Answer.__slots__[2:]}
    quotients |= {
        ("places", "cold"): (count["cold"], count["cold"] + count["warm"]),
        ("places", "cold_right"): (count["cold_right"], count["cold"]),
        ("places", "warm_right"): (count["warm_right"], count["warm"]),
    }
    named = {f"{figure} {kind}": quotient for (figure, kind), quotient in quotients.items()}
    rates = intervals(named, clusters=visits)
    found: dict[str, Any] = {}
    for figure, kind in quotients:
        found.setdefault(figure, {})[kind] = rates[f"{figure} {kind}"].to_json()
    reached = Counter(answer.relation for answer, cold in zip(told, over["cold"], strict=True) if answer.place and cold)
    return found | {"relations": dict(reached.most_common())}


def _drawn(held_out: Sequence[Outing], storefront: Storefront, *, most: int, seed: int) -> Iterator[Wanted]:
    """Questions of held-out visits in seeded order, until there are enough."""
    order = np.random.default_rng((seed, 4)).permutation(len(held_out)).tolist()
    found = (one for place in order for one in _wanted(held_out[place], storefront))
    return (one for _, one in zip(range(most), found, strict=False))


def _wanted(outing: Outing, storefront: Storefront) -> Iterator[Wanted]:
    """Every first meeting of a visit that has met something before, products that cannot be shown left out."""
    key, events = town.key_of(outing.events), storefront.lived(outing.events)
    context = storefront.context(visitor_key=key, events=events)
    met: set[int] = set()
    for step, event in enumerate(events):
        fresh = [happening.product for happening in payload.happenings(event) if happening.product not in met]
        if met and fresh:
            later = questions.later(events, steps=step)
            question = storefront.question(context=context, visitor_key=key, events=events[:step])
            able = question.eligible.copy()
            able[list(met)] = False
            if later.viewed and able[later.viewed[0]]:
                yield Wanted(
                    visit=outing.events[0]["session_id"],
                    question=replace(question, eligible=able),
                    target=later.viewed[0],
                    is_taken=later.viewed[0] in later.taken,
                    viewed=frozenset(later.viewed),
                )
        met.update(fresh)


def _told(rate: Sequence[float | None]) -> str:
    return "–" if rate[0] is None else f"{rate[0]:.3f} [{rate[1]:.3f}, {rate[2]:.3f}]"
