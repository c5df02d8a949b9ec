"""The published settings of each reference model, by set; a set nobody tuned for gets those of RetailRocket.

Session-rec (github.com/rn5l/session-rec, Ludewig, Mauro, Latifi, Jannach 2021) searched each model at random on a
validation slice, 100 draws, for MRR@20; its settings stand in `conf/save/retailrocket/window/` and
`conf/save/rsc15/window/`. Two are published of STAN and VSTAN: the best by MRR and the best by hit rate (`-hr`).
SLIST's and S-Walk's stand in `conf/save_slist` and `conf/save_swalk` of github.com/jin530/SLIST and jin530/SWalk; of
two published for YooChoose (five slices, the most recent 64th) the latter is the better on its tuning slice.
Serenade publishes a grid, not a setting: the newest sessions looked at (m), the neighbours (k) and the last clicks
asked about were chosen from it on the tuning slices, for MRR@20 as its authors do.
"""

from __future__ import annotations

from typing import Any, Final

USUAL: Final = "retailrocket"

PUBLISHED: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "retailrocket": {
        "ar": {"rules": 20},
        "sr": {"steps": 7},
        "sknn": {"neighbours": 50, "sample": 5000},
        "vsknn": {"neighbours": 1500, "sample": 2500, "weighting": "same", "score_weighting": "linear"},
        "vmis": {"neighbours": 500, "sample": 500, "last": 5},
        "stan": {"neighbours": 500, "sample": 1000, "spw": 1.81, "snh": 100.0, "inh": 0.4525},
        "stan-hr": {"neighbours": 200, "sample": 5000, "spw": 3.62, "snh": 40.0, "inh": 7.24},
        "vstan": {
            "neighbours": 1000,
            "sample": 2500,
            "spw": 3.62,
            "snh": 100.0,
            "inh": 0.4525,
            "ipw": 3.62,
            "idf": 1.0,
        },
        "vstan-hr": {
            "neighbours": 500,
            "sample": 1000,
            "spw": 7.24,
            "snh": 100.0,
            "inh": 3.62,
            "ipw": 3.62,
            "idf": 1.0,
        },
        "slist": {"alpha": 0.2, "train_fade": 0.25, "predict_fade": 4.0, "fade_days": 256.0},
        "swalk": {"train_fade": 0.25, "predict_fade": 4.0, "fade_days": 256.0, "restart": 0.9},
    },
    "yoochoose": {
        "ar": {"rules": 20},
        "sr": {"steps": 8},
        "sknn": {"neighbours": 500, "sample": 10_000, "jaccard": True},
        "vsknn": {"neighbours": 100, "sample": 1000, "weighting": "quadratic", "score_weighting": "quadratic"},
        "vmis": {"neighbours": 100, "sample": 500, "last": 2},
        "stan": {"neighbours": 1000, "sample": 10_000, "spw": 0.00001, "snh": 10.0, "inh": 2.0},
        "stan-hr": {"neighbours": 1000, "sample": 10_000, "spw": 0.5, "snh": 20.0, "inh": 0.5},
        "vstan": {"neighbours": 1500, "sample": 10_000, "spw": 0.5, "snh": 5.0, "inh": 2.0, "ipw": 2.0, "idf": 2.0},
        "vstan-hr": {"neighbours": 2000, "sample": 10_000, "spw": 4.0, "snh": 20.0, "inh": 0.5, "ipw": 1.0, "idf": 2.0},
        "slist": {"alpha": 0.4, "train_fade": 1.0, "predict_fade": 1.0, "fade_days": 4.0},
        "swalk": {"train_fade": 0.25, "predict_fade": 1.0, "fade_days": 4.0, "restart": 0.7},
    },
}


def published(model: str, *, data_set: str) -> dict[str, Any]:
    """The model's setting for the set, or for RetailRocket when nobody published one."""
    return PUBLISHED.get(data_set, PUBLISHED[USUAL])[model]
