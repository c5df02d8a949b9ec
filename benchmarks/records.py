"""The figures of one run of a benchmark, kept with what they were measured on, and the newest of them read back."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings


def keep(
    name: str, figures: dict[str, Any], *, protocol: dict[str, Any], asked: Sequence[str], commit: str, now: datetime
) -> Path:
    """Write the figures of the benchmark `name` into var/benchmarks, with machine, date, commit and protocol.

    `protocol` is what a reader needs to repeat the run: data, seeds, sizes; `asked` the words of the command line;
    `commit` names the code that ran.
    """
    record = {
        "benchmark": name,
        "measured_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "asked": list(asked),
        "commit": commit,
        "machine": machine(),
        "protocol": protocol,
        "figures": figures,
    }
    path = folder() / f"{name}-{now.astimezone(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def newest(name: str, *, kept_in: Path, protocol: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any] | None:
    """The latest record of the benchmark whose protocol says this; None when it was never so run."""
    for path in sorted(kept_in.glob(f"{name}-[0-9]*.json"), reverse=True):
        record = dict(json.loads(path.read_text(encoding="utf-8")))
        if all(record["protocol"].get(key) == value for key, value in protocol.items()):
            return record
    return None


def folder() -> Path:
    """Where records are kept."""
    path = Path(settings.VAR_DIR) / "benchmarks"
    path.mkdir(parents=True, exist_ok=True)
    return path


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[-1], 1),  # of the last 15 minutes, this run's own with it
    }


def commit() -> str:
    """The short name of the commit checked out, marked when the tree had changes; empty outside a repository."""
    try:
        head, changes = (_git("rev-parse", "--short", "HEAD"), _git("status", "--porcelain", "-uno"))
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{head}, with changes" if changes else head


def _git(*words: str) -> str:
    asked = subprocess.run(  # noqa: S603 — our own words
        ["git", *words],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
    )
    return asked.stdout.strip()
