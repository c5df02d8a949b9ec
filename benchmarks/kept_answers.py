"""Answers of reference lines that do not change: kept by what they depend on, so that a comparison need not wait."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from personalization.evaluation.figures import Outcome

_CODE: Final = Path(__file__).parent / "references"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model or an engine made of the queries.

    Attributes:
        listed: items that some list held.
        catalog: items there are.
        fit_seconds: what learning took.
    """

    outcomes: Sequence[Outcome]
    listed: int
    catalog: int
    fit_seconds: float


def key(*, files: Sequence[Path], asked: str) -> str:
    """Of answers: a digest of the files, of what was asked, and of the code of all reference models."""
    digest = hashlib.blake2b(asked.encode(), digest_size=12)
    for path in (*files, *sorted(_CODE.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keep(answered: Answered, path: Path) -> None:
    """Write them; who reads meanwhile sees whole files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}")
    with aside.open("wb") as file:
        np.savez_compressed(
            file,
            rank=np.array([outcome.rank for outcome in answered.outcomes], np.int32),
            new=np.array([outcome.is_new for outcome in answered.outcomes]),
            answered=np.array([outcome.answered for outcome in answered.outcomes]),
            milliseconds=np.array([outcome.milliseconds for outcome in answered.outcomes], np.float32),
            totals=np.array([answered.listed, answered.catalog, answered.fit_seconds]),
        )
    aside.replace(path)


def kept(path: Path) -> Answered | None:
    """Read them back; None when they were never given."""
    if not path.is_file():
        return None
    with np.load(path) as arrays:
        columns = (arrays[name].tolist() for name in ("rank", "new", "answered", "milliseconds"))
        listed, catalog, fit_seconds = arrays["totals"].tolist()
        return Answered([Outcome(*row) for row in zip(*columns, strict=True)], int(listed), int(catalog), fit_seconds)
