"""Every reference line stands with its published settings."""

from __future__ import annotations

import pytest

from benchmarks.references import REFERENCES, reference
from benchmarks.references.settings import PUBLISHED, USUAL, published


@pytest.mark.parametrize("data_set", PUBLISHED)
@pytest.mark.parametrize("name", REFERENCES)
def test_every_line_takes_its_published_setting(name, data_set):
    model = reference(name, data_set=data_set)
    assert {key: getattr(model, key) for key in published(name, data_set=data_set)} == PUBLISHED[data_set][name]


def test_a_set_nobody_tuned_for_gets_the_usual_settings():
    assert published("stan", data_set="another shop") == PUBLISHED[USUAL]["stan"]
