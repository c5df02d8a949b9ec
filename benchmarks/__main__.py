"""`python -m benchmarks [NAME ...] [options]`: run the benchmarks named, print their figures and keep them."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Final

import django

PYTESTED: Final = {
    "markers": "benchmarks/bench_markers.py",
    "pipeline": "benchmarks/bench_pipeline.py",
    "budgets": "benchmarks/bench_budgets.py",
}

# Each module has `add_options(parser)`, `measure(asked) -> (figures, protocol)` and `show(figures)`.
MEASURED: Final = {
    "answers": "benchmarks.bench_answers",
    "quality": "benchmarks.bench_quality",
    "intent-shift": "benchmarks.bench_intent_shift",
    "cold": "benchmarks.bench_cold",
    "outcomes": "benchmarks.bench_outcomes",
    "ablation": "benchmarks.bench_ablation",
    "steering": "benchmarks.bench_steering",
    "off-policy": "benchmarks.bench_off_policy",
    "fluidity": "benchmarks.bench_fluidity",
}
PAGE: Final = "page"  # writes docs/benchmarks.md from what was kept
USUAL: Final = (*PYTESTED, "answers")  # the speed of everything, in minutes


def main() -> None:
    """Parse, run, keep the figures in var/benchmarks; only the modules named are imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netup.settings")
    django.setup()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # stores raised for a benchmark go when it ends
    known = (*PYTESTED, *MEASURED, PAGE)
    names = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:])) or list(USUAL)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, conflict_handler="resolve")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(known)}; {' '.join(USUAL)} when none")
    if unknown := set(names) - set(known):
        parser.error(f"{sorted(unknown)}: expected {' or '.join(known)}")
    for name in names:
        if name in MEASURED:
            importlib.import_module(MEASURED[name]).add_options(parser)
    asked = parser.parse_args()
    commit = importlib.import_module("benchmarks.records").commit()  # of the code loaded by now
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in names:
        if name in PYTESTED:
            _run_pytest(PYTESTED[name])
        elif name == PAGE:
            _write_page()
        else:
            _measure(name, asked, commit)


def _run_pytest(path: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-o", "python_functions=bench_*", "--benchmark-columns=min,median"]
    subprocess.run([*command, path], check=True)  # noqa: S603 — our own command


def _measure(name: str, asked: argparse.Namespace, commit: str) -> None:
    records = importlib.import_module("benchmarks.records")
    importlib.import_module("personalization.management.readiness").migrate_embedded()
    module = importlib.import_module(MEASURED[name])
    figures, protocol = module.measure(asked)
    module.show(figures)
    words = sys.argv[1:] or [name]
    kept = records.keep(name, figures, protocol=protocol, asked=words, commit=commit, now=datetime.now(UTC))
    print(f"kept in {kept}")


def _write_page() -> None:
    page, records = (importlib.import_module(f"benchmarks.{name}") for name in ("page", "records"))
    docs = Path(__file__).parent.parent / "docs"
    print(f"written: {page.write(kept_in=records.folder(), docs=docs)}")


if __name__ == "__main__":
    main()
