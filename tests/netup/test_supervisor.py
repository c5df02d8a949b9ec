"""The supervisor with real programs: they all start, fall and rise, and none outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from netup.supervisor import SupervisorError, alone, require_free

ROOT = Path(__file__).parents[2]

# A supervisor of programs that write their process id into a file; `stubborn` ignores being asked to end,
# and has a worker of its own in the same group.
SUPERVISOR = """
import sys
from netup.program import Program
from netup.supervisor import Supervisor

folder = sys.argv[1]
gentle = "import os, time; open(%r, 'w').write(str(os.getpid())); print('hello'); time.sleep(600)"
stubborn = (
    "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "signal.signal(signal.SIGINT, signal.SIG_IGN);"
    "worker = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, "
    "signal.SIG_IGN); time.sleep(600)']);"
    "open(%r, 'w').write(str(worker.pid)); open(%r, 'w').write(str(os.getpid())); time.sleep(600)"
)
programs = [
    Program("gentle", [sys.executable, "-c", gentle % (folder + "/gentle")]),
    Program("stubborn", [sys.executable, "-c", stubborn % (folder + "/worker", folder + "/stubborn")]),
]
Supervisor(programs, keep_alive=lambda: None, write=lambda line: print(line, flush=True), patience=1.0).run()
print("all stopped", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def test_programs_start_and_their_lines_carry_their_name(supervisor, tmp_path):
    _pid(tmp_path / "gentle")

    assert supervisor.stdout.readline() == "gentle | hello\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_programs_also_those_that_ignore_it(supervisor, tmp_path, number):
    pids = _all_pids(tmp_path)

    supervisor.send_signal(number)
    output, _ = supervisor.communicate(timeout=30)

    assert output.endswith("all stopped\n")
    assert [pid for pid in pids if _alive(pid)] == []


def test_killing_the_supervisor_ends_its_programs(supervisor, tmp_path):
    pids = _all_pids(tmp_path)

    supervisor.kill()

    _eventually(lambda: not any(map(_alive, pids)))


def test_a_program_that_falls_is_started_again(supervisor, tmp_path):
    first = _pid(tmp_path / "gentle")

    os.kill(first, signal.SIGKILL)

    _eventually(lambda: _pid(tmp_path / "gentle") != first)


def test_the_workers_of_a_fallen_program_do_not_outlive_it(supervisor, tmp_path):
    worker = _pid(tmp_path / "worker")

    os.kill(_pid(tmp_path / "stubborn"), signal.SIGKILL)

    _eventually(lambda: not _alive(worker))


def test_a_lost_guardian_is_replaced(supervisor, tmp_path):
    pids = _all_pids(tmp_path)
    (guardian,) = _guardians(supervisor)

    guardian.kill()
    _eventually(lambda: [found.pid for found in _guardians(supervisor)] not in ([], [guardian.pid]))
    supervisor.kill()

    _eventually(lambda: not any(map(_alive, pids)))


def test_a_port_where_another_program_listens_is_refused_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(SupervisorError, match=rf"^port {port} on 127.0.0.1 is not free: .+$"):
            require_free("127.0.0.1", port)


def test_a_free_port_is_accepted():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    require_free("127.0.0.1", port)


def test_a_second_supervisor_is_refused_and_told_of_the_first(tmp_path):
    lock = tmp_path / "demo.lock"

    with (
        alone(lock, address="http://localhost:8000"),
        pytest.raises(SupervisorError, match=f"process {os.getpid()}, http://localhost:8000"),
        alone(lock, address="http://localhost:9000"),
    ):
        pass


def test_after_an_orderly_end_the_next_supervisor_may_start(tmp_path):
    lock = tmp_path / "demo.lock"
    with alone(lock, address="http://localhost:8000"):
        pass

    with alone(lock, address="http://localhost:9000"):
        assert "http://localhost:9000" in lock.read_text()


def _all_pids(folder: Path) -> list[int]:
    return [_pid(folder / name) for name in ("gentle", "stubborn", "worker")]


def _pid(path: Path) -> int:
    _eventually(lambda: path.exists() and path.read_text() != "")
    return int(path.read_text())


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _guardians(supervisor: subprocess.Popen[str]) -> list[psutil.Process]:
    children = filter(lambda one: _alive(one.pid), psutil.Process(supervisor.pid).children())
    return [child for child in children if "guardian.py" in " ".join(child.cmdline())]


def _eventually(condition: Callable[[], bool]) -> None:
    """Waits for what other processes do; a generous limit tells a hang from a slow machine."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
