"""Django on the embedded database: started when somebody connects, never by looking, revived after a kill."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]

KILL_BETWEEN_TWO_QUERIES = """
import pathlib, sys
import django, psutil
django.setup()
from django.db import connection

def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()::text")
        return cursor.fetchone()[0]

first = ask()
(pid_file,) = pathlib.Path(sys.argv[1]).rglob("postmaster.pid")
psutil.Process(int(pid_file.read_text().split()[0])).kill()
connection.close()
print(first != ask())
"""

CONNECT = """
import django
django.setup()
from django.db import OperationalError, connection

try:
    connection.ensure_connection()
except OperationalError as error:
    print("away:", error)
"""


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """An installation of its own, with its own embedded database, which nobody has started."""
    with tempfile.TemporaryDirectory(prefix="netup-") as folder:
        Path(folder).chmod(0o711)
        yield {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "netup.settings",
            "NETUP_VAR": f"{folder}/var",
            "NETUP_POSTGRES_BASE": f"{folder}/base",
        }
        assert not _servers_below(folder)


def test_a_check_starts_no_server(environment):
    subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, check=True)

    assert not list(Path(environment["NETUP_VAR"]).rglob("password"))


def test_a_connection_after_the_kill_of_the_server_finds_it_again(environment):
    assert _output(KILL_BETWEEN_TWO_QUERIES, environment) == "True\n"


def test_a_supervised_program_starts_no_server_and_says_that_it_is_away(environment):
    _output(CONNECT, environment)

    output = _output(CONNECT, {**environment, "NETUP_POSTGRES_SUPERVISED": "1"})

    assert output.startswith("away:")


def _output(code: str, environment: dict[str, str]) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code, str(Path(environment["NETUP_VAR"]).parent)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout


def _servers_below(folder: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(folder):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found
