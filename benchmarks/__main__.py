"""`python -m benchmarks [markers] [pipeline] [answers]`: run the benchmarks, print and keep their figures."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

BENCHMARKS = ("markers", "pipeline", "answers")


def main() -> None:
    """Parse, run, keep the figures in var/benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", default=BENCHMARKS, metavar="benchmark", help=" or ".join(BENCHMARKS))
    parser.add_argument("--situations", type=int, default=200_000, help="situations in the memory that answers")
    parser.add_argument("--answers", type=int, default=600, help="answers measured")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"{sorted(unknown)}: expected {' or '.join(BENCHMARKS)}")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if "markers" in asked.names:
        _run_pytest("benchmarks/bench_markers.py")
    if "pipeline" in asked.names:
        _run_pytest("benchmarks/bench_pipeline.py")
    if "answers" in asked.names:
        _run_answers(situations=asked.situations, answers=asked.answers)


def _run_pytest(path: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-o", "python_functions=bench_*", "--benchmark-columns=min,median"]
    subprocess.run([*command, path], check=True)  # noqa: S603 — our own command


def _run_answers(*, situations: int, answers: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netup.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 — only once Django is set up

    from benchmarks.bench_answers import measure, show  # noqa: PLC0415
    from personalization.management.readiness import migrate_embedded  # noqa: PLC0415

    migrate_embedded()

    figures = measure(situations=situations, answers=answers)
    show(figures)
    folder = Path(settings.VAR_DIR) / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"answers-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(figures, indent=1))
    print(f"kept in {path}")


if __name__ == "__main__":
    main()
