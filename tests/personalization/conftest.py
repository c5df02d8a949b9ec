"""How laws are tried here, and a memory of each test's own: a machine that is busy proves nothing about laws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from personalization.memory.live import forget_held

hypothesis_settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("laws")


@pytest.fixture(autouse=True)
def memory_dir(settings: Any, tmp_path: Path) -> Path:
    """Copies of arrays are made here, and what a process holds of a memory is let go."""
    settings.MEMORY_DIR = tmp_path / "memory"
    forget_held()
    return tmp_path / "memory"
