"""Starting and stopping the server process, whatever state the last one was left in."""

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg

from netup.embedded_postgres.binaries import Binaries
from netup.embedded_postgres.cluster import last_lines, write_settings
from netup.embedded_postgres.errors import EmbeddedPostgresError
from netup.embedded_postgres.places import SOCKET_NAME, Places, give

START_SECONDS = 120
STOP_SECONDS = 60
ORPHAN_SECONDS = 5
LONGEST_LOG = 10 * 1024 * 1024
NOT_YET = ("starting up", "not yet accepting", "in recovery mode", "shutting down", "Connection refused")


def answers(places: Places) -> bool:
    """Whether a server listens on our socket (its folder is private: nobody else can be behind it)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(os.fspath(places.socket))
        except OSError:
            return False
    return True


def start(places: Places, binaries: Binaries) -> None:
    """Starts the server and waits until it recovered and answers; the caller holds the start-up lock."""
    if _starting_already(places):
        return
    _clear_remains(places)
    write_settings(places)
    printed_from = _prepare_log(places)
    finished = binaries.run("pg_ctl", "start", "-w", "-s", f"-t{START_SECONDS}", "-D", places.data, "-l", places.log)
    if finished.status != 0:
        reason = _log_since(places.log, printed_from) or last_lines(finished.printed)
        raise EmbeddedPostgresError(f"PostgreSQL does not start: {reason}")


def wait_until_ready(places: Places, conninfo: str) -> None:
    """Waits while a server that is already there starts, recovers or restarts."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(conninfo, connect_timeout=10).close()
            return
        except psycopg.OperationalError as error:
            if not any(words in str(error) for words in NOT_YET):
                raise EmbeddedPostgresError(f"PostgreSQL at {places.socket} refuses: {error}") from error
            if time.monotonic() > deadline or not answers(places):
                raise EmbeddedPostgresError(
                    f"PostgreSQL at {places.socket} is not ready: {_log_since(places.log, 0)}"
                ) from error
        time.sleep(0.1)


def stop(places: Places, binaries: Binaries) -> None:
    """Stops the server in order, ending open connections; nothing happens when none runs."""
    postmaster = _postmaster(places)
    if postmaster is None:
        return
    finished = binaries.run("pg_ctl", "stop", "-w", "-s", "-mfast", f"-t{STOP_SECONDS}", "-D", places.data)
    if finished.status != 0 and postmaster.is_running():
        raise EmbeddedPostgresError(f"PostgreSQL (process {postmaster.pid}) did not stop within {STOP_SECONDS} s")


def _starting_already(places: Places) -> bool:
    """Whether a server whose starter was killed comes up; waits for one that is ending."""
    deadline = time.monotonic() + STOP_SECONDS
    while _postmaster(places) is not None:
        if answers(places):
            return True
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"a PostgreSQL server is stuck at {places.data}: {_log_since(places.log, 0)}")
        time.sleep(0.05)
    return False


def _clear_remains(places: Places) -> None:
    """What a killed server may leave: backends at work, a pid file that names nobody or a stranger."""
    _end_orphans(places)
    # PostgreSQL judges these files by their pid alone: a zombie or a stranger with that pid would stop it.
    for path in (
        places.data / "postmaster.pid",
        places.socket,
        places.socket.with_name(f"{SOCKET_NAME}.lock"),
    ):
        path.unlink(missing_ok=True)


def _postmaster(places: Places) -> psutil.Process | None:
    """The running main process; None for a stale file, also when its pid went to another program."""
    try:
        pid = int((places.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return next((process for process in _processes(places) if process.pid == pid), None)


def _processes(places: Places) -> list[psutil.Process]:
    """Every process of our server: PostgreSQL's processes work inside their data folder."""
    data = os.path.realpath(places.data)
    found = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and os.path.realpath(process.cwd()) == data:
                found.append(process)
        except psutil.Error:
            continue
    return found


def _end_orphans(places: Places) -> None:
    """Backends notice the loss of their main process only when they wait: index builds go on for long."""
    patient_until = time.monotonic() + ORPHAN_SECONDS
    while orphans := _processes(places):
        number = signal.SIGQUIT if time.monotonic() < patient_until else signal.SIGKILL
        for process in orphans:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        time.sleep(0.05)


def _prepare_log(places: Places) -> int:
    """A private log file the server's account can write; returns its length in bytes."""
    if places.log.exists() and places.log.stat().st_size > LONGEST_LOG:
        places.log.replace(places.log.with_suffix(".log.old"))
    os.close(os.open(places.log, os.O_WRONLY | os.O_CREAT, 0o600))
    give(places.log, places)
    return places.log.stat().st_size


def _log_since(log: Path, position: int) -> str:
    """The last lines the server wrote after `position` (bytes), as one line."""
    try:
        with log.open("rb") as file:
            file.seek(position)
            return last_lines(file.read().decode(errors="replace"))
    except OSError:
        return ""
