"""Other processes of the installation, on the database of the test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from django.db import connection

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 30.0  # seconds a busy machine is given; how fast it is, is measured elsewhere


def environment(*, memory_dir: Path, **more: str) -> dict[str, str]:
    """What another process needs to work on the test's database with copies of its own."""
    connection.ensure_connection()
    found = connection.settings_dict
    address = urlencode({"host": found["HOST"] or "localhost", "port": found["PORT"] or "5432"})
    account = f"{quote(found['USER'], safe='')}:{quote(found['PASSWORD'], safe='')}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{account}@/{found['NAME']}?{address}",
        "DJANGO_SETTINGS_MODULE": "netup.settings",
        "MEMORY_DIR": str(memory_dir),
        "PYTHONPATH": str(ROOT),
        **more,
    }


# Answers each line it reads, a visitor and a session, with the item ids that the zone then shows.
ANSWERING: Final = """
import sys, json, django
django.setup()
import numpy as np
from django.utils import timezone
from catalog.models import Store
from personalization.decisions import LOG
from personalization.pipeline import personalize
from personalization.scene import Asked
LOG.writes_behind = sys.argv[1] == "kept"
store = Store.objects.get()
for line in sys.stdin:
    visitor, session = line.split()
    asked = Asked(store=store, zone="home", session_id=session, visitor_id=visitor)
    answer = personalize(asked=asked, now=timezone.now(), rng=np.random.default_rng(0))
    if not LOG.writes_behind:
        LOG.clear()
    print(json.dumps([answer.facts.item_ids[product] for product in answer.decision.products]), flush=True)
"""


class Web:
    """A process that answers, as those of the web server do; `kept` are its decisions if they are to be."""

    def __init__(self, memory_dir: Path, *, kept: bool = False) -> None:
        self._asked = 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", ANSWERING, "kept" if kept else "dropped"],
            env=environment(memory_dir=memory_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def shown(self, visitor: str = "camille") -> list[str]:
        """In a visit that has not asked before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asked += 1
        self._process.stdin.write(f"{visitor} session-{self._asked}\n")
        self._process.stdin.flush()
        return list(json.loads(self._process.stdout.readline()))

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()
