"""A killed database loses no event it acknowledged, and counts none of them twice."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest

ROOT = Path(__file__).parents[2]
KILLS = 3
# Answers read between two kills: more than the pipe and its reader hold back, so that each kill meets new batches.
BATCHES = 100
PIPE_BYTES = 4096

# A web process as far as events are concerned: sends batches, repeats those that were not answered, says which
# ids were acknowledged. When its input ends it tells what the database holds.
SENDER = """
import os, sys, threading, django
os.environ["DJANGO_SETTINGS_MODULE"] = "netup.settings"
django.setup()
from itertools import count
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from catalog.models import Store
from personalization.ingest import ingest
from personalization.models import Event, Visit

call_command("migrate", verbosity=0)
store = Store.objects.create(slug="shaken", name="Shaken")
print("ready", flush=True)
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()

def batch(number):
    return [
        {"event_id": f"{number}-{place}", "name": "purchase", "transaction_id": f"{number}-{place}", "value": 1,
         "timestamp": timezone.now().isoformat(), "visitor_id": f"v{number % 7}", "items": [{"item_id": "a"}]}
        for place in range(20)
    ]

for number in count():
    if ended.is_set():
        break
    events = batch(number)
    while True:
        close_old_connections()
        try:
            verdicts = ingest(store=store, events=events, now=timezone.now())
        except (DatabaseError, InterfaceError):
            continue
        break
    assert verdicts.stored + verdicts.duplicates == len(events), verdicts
    print("acknowledged", *(event["event_id"] for event in events), flush=True)

connection.close()  # the last kill may have come after the last batch
print("stored", *Event.objects.values_list("event_id", flat=True), flush=True)
print("counted", sum(Visit.objects.values_list("event_count", flat=True)),
      int(sum(Visit.objects.values_list("revenue", flat=True))), flush=True)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A home for a server of its own, through which an unprivileged account may pass."""
    with tempfile.TemporaryDirectory(prefix="netup-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
        for process in _servers(Path(name)):
            process.send_signal(signal.SIGQUIT)
        psutil.wait_procs(_servers(Path(name)), timeout=30)


@pytest.mark.chaos
def test_no_acknowledged_event_is_lost_when_the_database_is_killed(folder: Path) -> None:
    with (folder / "errors").open("w+") as errors, _begin(folder, errors) as sender:
        assert sender.stdout.readline() == "ready\n", errors.seek(0) or errors.read()
        acknowledged: list[str] = []
        for _kill in range(KILLS):
            acknowledged += _acknowledged(sender, batches=BATCHES)
            _kill_database(folder)
        acknowledged += _acknowledged(sender, batches=BATCHES)
        sender.stdin.close()
        *rest, stored_line, counted_line = sender.stdout.read().splitlines()
    acknowledged += [event_id for line in rest for event_id in line.split()[1:]]
    stored = stored_line.split()[1:]

    assert len(acknowledged) >= (KILLS + 1) * BATCHES * 20
    assert sorted(stored) == sorted(acknowledged)
    assert counted_line.split()[1:] == [str(len(stored)), str(len(stored))]


def _begin(folder: Path, errors: IO[str]) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER],
        cwd=ROOT,
        env={**environment, "NETUP_VAR": str(folder / "var"), "NETUP_POSTGRES_BASE": str(folder / "base")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    fcntl.fcntl(sender.stdout, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return sender


def _acknowledged(sender: subprocess.Popen[str], *, batches: int) -> list[str]:
    """Ids of the next batches that were acknowledged."""
    ids: list[str] = []
    for _batch in range(batches):
        kind, *batch = sender.stdout.readline().split()
        assert kind == "acknowledged"
        ids += batch
    return ids


def _kill_database(folder: Path) -> None:
    """As a machine dies: every process of the server at once, the main one first."""
    (path,) = [p for p in folder.rglob("postmaster.pid") if p.is_file()]
    main = int(path.read_text().split()[0])
    processes = sorted(_servers(folder), key=lambda process: process.pid != main)
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=10)
    time.sleep(0.05)


def _servers(folder: Path) -> list[psutil.Process]:
    """The processes of the server whose files are in this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and Path(process.cwd()).is_relative_to(folder):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
