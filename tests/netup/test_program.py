"""One program under the supervisor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# In a process of its own, which a lock taken twice would stop for ever.
INTERRUPTED = """
import signal, sys
from netup.program import Child, Program

child = Child(Program("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"]), write=print)
child.start(now=0.0)
signal.signal(signal.SIGALRM, lambda number, frame: child.kill())
signal.setitimer(signal.ITIMER_REAL, 0.5)
child.wait()
print("alive" if child.is_alive() else "ended")
"""


def test_a_signal_that_interrupts_the_wait_for_a_program_can_kill_it() -> None:
    command = [sys.executable, "-c", INTERRUPTED]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=40, check=False)

    assert ran.stdout.split() == ["ended"], ran.stderr
