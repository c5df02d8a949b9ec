"""Ends a supervisor's programs when the supervisor itself was killed; needs the standard library only.

Each line of the standard input names the process groups that run now; the input ends with the supervisor,
however that ends. A last line that is empty says that everything has been stopped already.
"""

import os
import signal
import sys
import time

PATIENCE_SECONDS = 3.0


def main() -> None:
    """Waits for the end of the supervisor, then for its programs, then ends them."""
    groups: list[int] = []
    for line in sys.stdin:
        groups = [int(word) for word in line.split() if int(word) > 1]
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _signal(groups, 0) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)


def _signal(groups: list[int], number: int) -> bool:
    """Sends the signal to every group; whether any of them still has a process."""
    reached = False
    for group in groups:
        try:
            os.killpg(group, number)
            reached = True
        except ProcessLookupError:
            continue
    return reached


if __name__ == "__main__":
    main()
