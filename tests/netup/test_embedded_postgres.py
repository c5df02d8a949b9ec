"""The embedded database as real processes use it: shared, private, and there again after every kill."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from netup.embedded_postgres.binaries import INSTALLATION, PACKAGE

ROOT = Path(__file__).parents[2]
NOBODY = 65534

# What a process that uses the database does: become the user, run the statements, say what came out.
# Everything is imported before: an interpreter in root's home is out of the user's reach.
USER = """
import encodings.idna, os, signal, sys
from pathlib import Path
import psycopg
from netup.embedded_postgres import EmbeddedPostgresError, ensure_running

home, user, database, *statements = sys.argv[1:]
if os.geteuid() != int(user):
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
try:
    parameters = ensure_running(Path(home))
except EmbeddedPostgresError as error:
    sys.exit(f"refused: {error}")
with psycopg.connect(parameters.conninfo, dbname=database, autocommit=True) as connection:
    for statement in statements:
        cursor = connection.execute(statement)
        if cursor.description:
            print(cursor.fetchone()[0], flush=True)
print("ready", flush=True)
sys.stdin.readline()
"""


class Machine:
    """A home of its own for a database, and processes that use it as one operating-system user."""

    def __init__(self, folder: Path, *, user: int, binaries: Path) -> None:
        self.folder = folder
        self.home = folder / "home" / "postgres"
        self.runtime = folder / "home"
        self.user = user
        self.binaries = binaries
        self.home.parent.mkdir()
        os.chown(self.home.parent, user, -1)

    @property
    def area(self) -> Path:
        """Where the server's own files are: beside the passwords, except for root."""
        return next((self.folder / "base").iterdir()) if self.user == 0 else self.home

    def begin(self, *statements: str, database: str = "netup") -> subprocess.Popen[str]:
        """A process that runs the statements, then goes on using the database until its input ends."""
        return subprocess.Popen(
            [sys.executable, "-c", USER, str(self.home), str(self.user), database, *statements],
            cwd=ROOT,
            env={
                **os.environ,
                "NETUP_POSTGRES_BASE": str(self.folder / "base"),
                "PYTHONPATH": str(self.binaries),
                "XDG_RUNTIME_DIR": str(self.runtime),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def use(self, *statements: str, database: str = "netup") -> list[str]:
        """What the statements answered, in a process that came and went."""
        process = self.begin(*statements, database=database)
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        return output.split()[:-1]

    @contextmanager
    def used(self, *statements: str) -> Iterator[subprocess.Popen[str]]:
        """A process that has run the statements and uses the database all the while."""
        process = self.begin(*statements)
        while process.stdout.readline() not in ("ready\n", ""):
            pass
        try:
            yield process
        finally:
            _, errors = process.communicate()
            assert process.returncode in (0, -signal.SIGKILL), errors

    def refusal(self) -> str:
        """The line with which a process is told that it cannot use the database."""
        _, errors = self.begin().communicate()
        assert errors.startswith("refused: "), errors
        return errors.removeprefix("refused: ").rstrip("\n")

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.area / "data/postmaster.pid").read_text().split()[0]))

    def servers(self) -> list[int]:
        """The processes of this machine's server, zombies left out."""
        return [process.pid for process in psutil.process_iter() if self._serves(process)]

    def stop(self) -> None:
        for pid in self.servers():
            os.kill(pid, signal.SIGQUIT)
        _eventually(lambda: not self.servers())

    def _serves(self, process: psutil.Process) -> bool:
        try:
            return Path(process.cwd()).is_relative_to(self.folder)
        except psutil.Error:
            return False


@pytest.fixture(scope="module")
def binaries() -> Iterator[Path]:
    """A copy of the wheel's programs that every user can reach, wherever the checkout is."""
    installed = Path(importlib.util.find_spec(PACKAGE).submodule_search_locations[0])
    with _passable_folder() as folder:
        for source in (installed / INSTALLATION, installed.parent / f"{PACKAGE}.libs"):
            if source.is_dir():
                target = folder / source.relative_to(installed.parent)
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "*.a"))
        (folder / PACKAGE / "__init__.py").touch()
        yield folder


@pytest.fixture(params=["ordinary user", "root"])
def machine(request: pytest.FixtureRequest, binaries: Path) -> Iterator[Machine]:
    """A machine to break, as each kind of user."""
    yield from _machine(_user(request.param), binaries)


@pytest.fixture(scope="module", params=["ordinary user", "root"])
def peaceful(request: pytest.FixtureRequest, binaries: Path) -> Iterator[Machine]:
    """A machine that several tests look at and none breaks, as each kind of user."""
    yield from _machine(_user(request.param), binaries)


@pytest.fixture
def ordinary(binaries: Path) -> Iterator[Machine]:
    """A machine to break, as an ordinary user."""
    yield from _machine(_user("ordinary user"), binaries)


@pytest.fixture
def small_disk(ordinary: Machine) -> Iterator[Machine]:
    """A machine to break, whose disk has 20 megabytes."""
    disk = ordinary.home.parent
    mount = ["mount", "-t", "tmpfs", "-o", f"size=20m,uid={ordinary.user}", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root, outside of most containers, can make a small disk")
    yield ordinary
    ordinary.stop()
    subprocess.run(["umount", str(disk)], check=True)


def _user(kind: str) -> int:
    if kind == "ordinary user":
        return os.geteuid() or NOBODY
    if os.geteuid() != 0:
        pytest.skip("only root can try how root uses it")
    return 0


def _machine(user: int, binaries: Path) -> Iterator[Machine]:
    with _passable_folder() as folder:
        machine = Machine(folder, user=user, binaries=binaries)
        yield machine
        machine.stop()


@contextmanager
def _passable_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="netup-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


# --- One server for everybody -------------------------------------------------------------------------------


def test_the_database_has_vectors_and_its_role_is_no_superuser(peaceful):
    answers = peaceful.use(
        "CREATE EXTENSION IF NOT EXISTS vector",
        "SELECT ('[1,2,3]'::vector <-> '[1,2,5]'::vector)::int",
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
        "SELECT current_database()",
    )

    assert answers == ["2", "False", "netup"]


def test_databases_made_later_have_vectors_too(peaceful):
    peaceful.use("CREATE DATABASE later")

    assert peaceful.use("SELECT '[1,2]'::vector", database="later") == ["[1,2]"]


def test_text_is_unicode_whatever_the_locale_of_the_machine(peaceful):
    assert peaceful.use("SELECT upper('é') = 'É'", "SHOW server_encoding") == ["True", "UTF8"]


def test_what_is_acknowledged_is_on_disk(peaceful):
    assert peaceful.use("SHOW fsync", "SHOW synchronous_commit") == ["on", "on"]


def test_processes_that_start_at_once_share_one_server(peaceful):
    processes = [peaceful.begin("SELECT pg_postmaster_start_time()::text") for _ in range(4)]
    # All of them go on using the server until each has answered.
    answers = {process.stdout.readline() for process in processes}
    for process in processes:
        process.communicate()

    assert len(answers) == 1
    assert answers != {""}


def test_the_last_process_stops_the_server_and_no_other(peaceful):
    with peaceful.used():
        peaceful.use("SELECT 1")
        running = bool(peaceful.servers())

    assert running
    _eventually(lambda: not peaceful.servers())


# --- Nobody else may look -----------------------------------------------------------------------------------


def test_folders_are_private_and_passwords_too(peaceful):
    with peaceful.used():
        modes = {
            path.name: oct(stat.S_IMODE(path.lstat().st_mode))
            for path in (
                peaceful.area / "data",
                peaceful.area / "socket",
                peaceful.home,
                peaceful.home / "password",
            )
        }

    assert modes == {"data": "0o700", "socket": "0o700", "postgres": "0o700", "password": "0o600"}


def test_the_server_listens_on_no_network_and_trusts_nobody(peaceful):
    with peaceful.used():
        listens = [one for one in peaceful.postmaster().net_connections() if one.family != socket.AF_UNIX]
        trusting = re.findall(r"^[^#\n].*\btrust$", (peaceful.area / "data/pg_hba.conf").read_text(), re.MULTILINE)

    assert listens == []
    assert trusting == []


def test_the_server_of_root_runs_as_somebody_else(peaceful):
    with peaceful.used():
        assert peaceful.postmaster().uids().effective not in (0, None)


def test_the_password_is_in_no_log(peaceful):
    peaceful.use("SELECT 1")

    assert (peaceful.home / "password").read_text() not in (peaceful.area / "server.log").read_text()


def test_folders_around_ours_keep_their_permissions(machine):
    machine.home.parent.chmod(0o750)

    machine.use("SELECT 1")

    assert stat.S_IMODE(machine.home.parent.stat().st_mode) == 0o750


# --- After a kill -------------------------------------------------------------------------------------------


def test_rows_survive_the_kill_of_the_server(machine):
    with machine.used("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1), (2)"):
        machine.postmaster().kill()
        _eventually(lambda: not machine.servers())

        assert machine.use("SELECT count(*) FROM kept") == ["2"]


def test_rows_survive_the_kill_of_the_process_that_started_the_server(machine):
    with machine.used("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)") as process:
        process.kill()

    assert machine.use("SELECT count(*) FROM kept") == ["1"]


def test_a_backend_that_goes_on_after_the_kill_does_not_prevent_a_new_start(machine):
    endless = "DO $$ BEGIN LOOP END LOOP; END $$"
    machine.use("SELECT 1")
    busy = machine.begin(endless)
    _eventually(lambda: len(machine.servers()) > 1 and any(map(_is_busy, machine.servers())))
    machine.postmaster().kill()

    assert machine.use("SELECT 1") == ["1"]
    busy.communicate()


def test_a_stale_pid_file_whose_number_went_to_another_program_is_seen_through(machine):
    machine.use("SELECT 1")
    owner = (machine.area / "data").stat().st_uid
    stranger = subprocess.Popen(["sleep", "600"], user=owner)
    (machine.area / "data/postmaster.pid").write_text(f"{stranger.pid}\n{machine.area}/data\n")

    try:
        assert machine.use("SELECT 1") == ["1"]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_half_made_data_of_a_killed_first_start_is_thrown_away(ordinary):
    ordinary.home.mkdir()
    (ordinary.home / "data.new").mkdir()
    (ordinary.home / "data.new/PG_VERSION").write_text("18\n")
    for path in (ordinary.home, *ordinary.home.rglob("*")):
        os.chown(path, ordinary.user, -1)

    assert ordinary.use("SELECT 1") == ["1"]


def test_a_lost_password_is_renewed_where_the_data_is_kept_apart(machine):
    machine.use("CREATE TABLE kept (n int)")
    (machine.home / "password").unlink()

    assert machine.use("SELECT count(*) FROM kept") == ["0"]


# --- What is wrong, in one line -----------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written(ordinary):
    ordinary.home.parent.chmod(0o500)

    assert ordinary.refusal() == f"cannot prepare {ordinary.home}: Permission denied"


def test_a_folder_of_another_user(machine):
    machine.home.mkdir()
    os.chown(machine.home, 12345, -1) if os.geteuid() == 0 else pytest.skip("only root can give a folder away")

    assert machine.refusal().startswith(f"{machine.home} belongs to user 12345, not to user {machine.user}: ")


def test_a_full_disk(small_disk):
    assert re.fullmatch(r"no disk space: \d+ MB free at .+, PostgreSQL needs 400 MB", small_disk.refusal())


def test_missing_binaries(ordinary):
    ordinary.binaries = ordinary.folder / "binaries"
    (ordinary.binaries / PACKAGE).mkdir(parents=True)
    (ordinary.binaries / PACKAGE / "__init__.py").touch()

    assert "binaries are missing" in ordinary.refusal()


def test_a_path_too_long_for_a_socket(ordinary):
    ordinary.home = ordinary.home.parent / ("long" * 25)
    ordinary.runtime = ordinary.home

    assert "too long for a socket" in ordinary.refusal()


def test_a_long_path_has_its_socket_in_the_runtime_folder(ordinary):
    ordinary.home = ordinary.home.parent / ("long" * 25)

    assert ordinary.use("SELECT 1") == ["1"]


def test_data_of_another_version(ordinary):
    ordinary.use("SELECT 1")
    (ordinary.home / "data/PG_VERSION").write_text("17\n")

    assert ordinary.refusal() == f"{ordinary.home}/data was made by PostgreSQL 17, the installed binaries are 18"


def test_a_server_that_does_not_start_says_why(ordinary):
    ordinary.use("SELECT 1")
    with (ordinary.home / "data/postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")

    assert re.fullmatch(r"PostgreSQL does not start: .*nonsense.*", ordinary.refusal())


def _is_busy(pid: int) -> bool:
    try:
        return psutil.Process(pid).cpu_percent(interval=0.1) > 20
    except psutil.NoSuchProcess:
        return False


def _eventually(condition: Callable[[], bool]) -> None:
    """Waits for what other processes do; a generous limit tells a hang from a slow machine."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
