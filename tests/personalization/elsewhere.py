"""Other processes of the installation, on the database of the test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from django.db import connection

ROOT: Final = Path(__file__).parents[2]


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
