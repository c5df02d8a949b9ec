"""Published session-based recommenders, written compactly from the papers: the lines our engines are measured by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from benchmarks.references.association import AssociationRules
from benchmarks.references.base import Model
from benchmarks.references.sequential import SequentialRules
from benchmarks.references.settings import published
from benchmarks.references.sknn import SessionKnn
from benchmarks.references.slist import Slist
from benchmarks.references.stan import Stan
from benchmarks.references.swalk import SWalk
from benchmarks.references.vmis import VmisKnn
from benchmarks.references.vsknn import VectorSessionKnn
from benchmarks.references.vstan import Vstan

REFERENCES: Final[dict[str, Callable[..., Model]]] = {
    "ar": AssociationRules,
    "sr": SequentialRules,
    "sknn": SessionKnn,
    "vsknn": VectorSessionKnn,
    "vmis": VmisKnn,
    "stan": Stan,
    "stan-hr": Stan,
    "vstan": Vstan,
    "vstan-hr": Vstan,
    "slist": Slist,
    "swalk": SWalk,
}


def reference(name: str, *, data_set: str) -> Model:
    """A reference model with its published setting for the set."""
    return REFERENCES[name](**published(name, data_set=data_set))
