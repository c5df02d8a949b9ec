"""Logs whose truth is known from elsewhere: a randomised e-mail test, and a shop's lists beside lists at random.

Hillstrom (MineThatData 2008) sent one of three e-mails to 64,000 customers at random. Logs of some customers are drawn
from it, over and over, so that a customer is as likely in them as a policy with preferences would have sent what they
got; what another policy would have brought is known from all 64,000.

Open Bandit (Saito et al., NeurIPS 2021 Datasets and Benchmarks, CC BY 4.0) has what a fashion shop showed by Thompson
sampling, with the probability of each product at its position, and what it showed at random meanwhile: the former's
logs are asked what the latter's brought. Its rows are `item_id,position,click,propensity_score,…`.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.datasets import DATA, MissingSetError
from personalization.evaluation.off_policy import Log, Policy

HILLSTROM: Final = "hillstrom/hillstrom.csv.gz"  # in the data folder
OPEN_BANDIT: Final = "open_bandit"  # folder in it, as published: {random,bts}/{all,men,women}/*.csv
SOURCES: Final = {
    "hillstrom": "the MineThatData E-Mail Analytics Challenge (2008), gzipped: recency,…,visit,conversion,spend",
    "open_bandit": "the Open Bandit Dataset (ZOZO Research, CC BY 4.0), whole or the small one of the package obp",
}
CAMPAIGNS: Final = ("all", "men", "women")
ARMS: Final = ("No E-Mail", "Mens E-Mail", "Womens E-Mail")
OUTCOMES: Final = ("visit", "conversion", "spend")
# How likely the log's policy sends each, to new customers and to others.
PREFERENCES: Final = np.array([[0.1, 0.6, 0.3], [0.7, 0.2, 0.1]])


@dataclass(frozen=True, slots=True)
class Trial:
    """A randomised test, one row a customer.

    Attributes:
        arms: int64 (n,), what was sent.
        wanted: int64 (n,), what the policy in question would send: the e-mail about what they had bought.
        propensities: float64 (n,), how likely the log's policy sends what was sent.
        strata: int64 (n,), alike before the test.
        outcomes: name → float64 (n,).
    """

    arms: NDArray[np.int64]
    wanted: NDArray[np.int64]
    propensities: NDArray[np.float64]
    strata: NDArray[np.int64]
    outcomes: dict[str, NDArray[np.float64]]

    def truth(self, outcome: str) -> float:
        """What the policy in question brings a customer, of those from whom logs are drawn."""
        return float(self.outcomes[outcome][self.arms == self.wanted].sum() / self.propensities.sum())

    def model(self, outcome: str, *, rng: np.random.Generator) -> NDArray[np.float64]:
        """float64 (strata, arms): what a third of the customers brought in the mean, drawn towards that of all."""
        known, rewards = rng.random(len(self.arms)) < 1 / 3, self.outcomes[outcome]
        total = np.full((self.strata.max() + 1, len(ARMS)), 20 * rewards[known].mean())
        count = np.full(total.shape, 20.0)
        np.add.at(total, (self.strata[known], self.arms[known]), rewards[known])
        np.add.at(count, (self.strata[known], self.arms[known]), 1.0)
        return np.asarray(total / count, dtype=np.float64)

    def drawn(
        self, size: int, outcome: str, model: NDArray[np.float64], *, rng: np.random.Generator
    ) -> tuple[Log, Policy]:
        """A log of so many customers, and the policy in question at the same customers."""
        rows = rng.choice(len(self.arms), size, p=self.propensities / self.propensities.sum())
        sent, wanted, strata = self.arms[rows], self.wanted[rows], self.strata[rows]
        log = Log(
            visits=np.arange(size),
            count=size,
            propensities=self.propensities[rows],
            rewards=self.outcomes[outcome][rows],
        )
        return log, Policy(
            agreement=(sent == wanted).astype(np.float64),
            expected=model[strata, wanted],
            expected_served=model[strata, sent],
        )


def read_trial(data: Path | None) -> Trial:
    """Hillstrom's test.

    Raises:
        MissingSetError: it is not there.
    """
    with gzip.open(_found(data, HILLSTROM), "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    arms = np.array([ARMS.index(row["segment"]) for row in rows])
    mens, womens, new = (np.array([int(row[name]) for row in rows]) for name in ("mens", "womens", "newbie"))
    return Trial(
        arms=arms,
        wanted=np.where(womens == 1, 2, 1),
        propensities=PREFERENCES[new, arms],
        strata=4 * mens + 2 * womens + new,
        outcomes={name: np.array([float(row[name]) for row in rows]) for name in OUTCOMES},
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What one policy showed in a shop, one row a product at a position."""

    log: Log
    products: int  # that could be shown

    @property
    def at_random(self) -> Policy:
        """Every product at every position alike; the model knows nothing but the mean of these rows."""
        mean = np.full(len(self.log), self.log.rewards.mean())
        return Policy(agreement=np.full(len(self.log), 1 / self.products), expected=mean, expected_served=mean)


def read_shown(data: Path | None, *, policy: str, campaign: str) -> Shown:
    """What `policy`, "random" or "bts", showed in a campaign.

    Raises:
        MissingSetError: it is not there.
    """
    folder = _found(data, f"{OPEN_BANDIT}/{policy}/{campaign}")
    rows = list(_rows(folder / f"{campaign}.csv"))
    return Shown(
        log=Log(
            visits=np.arange(len(rows)),
            count=len(rows),
            propensities=np.array([float(row["propensity_score"]) for row in rows]),
            rewards=np.array([float(row["click"]) for row in rows]),
        ),
        products=sum(1 for _ in _rows(folder / "item_context.csv")),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _found(data: Path | None, name: str) -> Path:
    folder = data or (Path(os.environ[DATA]) if os.environ.get(DATA) else None)
    if folder is None or not (folder / name).exists():
        where = folder / name if folder else f"{name} in the folder named by --data or {DATA}"
        raise MissingSetError(f"{where} is not there; get {SOURCES[name.split('/')[0]]}")
    return folder / name
