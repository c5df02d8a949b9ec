"""`manage.py demo`: everything on this machine with the synthetic demo store, under one supervisor."""

import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from django.urls import is_valid_path
from django.utils import timezone

from catalog.models import Product
from netup.demo.installation import Installation, install
from netup.embedded_postgres import EmbeddedPostgresError, ensure_running, stop_if_unused
from netup.embedded_postgres.sharing import SUPERVISED_VARIABLE
from netup.programs import programs
from netup.supervisor import Supervisor, SupervisorError, alone, require_free
from personalization.evaluation import comparing
from personalization.management.progress import ProgressBar
from personalization.memory import building
from personalization.models import Comparison, Generation

COMPARED = 1000  # visits: enough for a verdict, and a private machine soon has its rest

TELLING = (SupervisorError, EmbeddedPostgresError, OperationalError)


class Command(BaseCommand):
    help = "Run database, web server, worker and clock with the synthetic demo store; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _interrupt)
        address = f"http://{host}:{port}"
        self._printing = threading.Lock()
        try:
            with alone(settings.VAR_DIR / "demo.lock", address=address):
                require_free(host, port)
                self._run(host=host, port=port, address=address)
        except TELLING as error:
            raise CommandError(" ".join(str(error).split())) from error
        except KeyboardInterrupt:
            self._say("stopped before it was complete; run it again and it goes on from there")
            sys.exit(130)
        finally:
            self._stop_database()

    def _run(self, *, host: str, port: int, address: str) -> None:
        self._prepare_database()
        installation = self._install(address)
        self._remember(installation)
        _ask_for_comparison(installation)
        connections.close_all()
        self._welcome(installation, address=address)
        environment = {SUPERVISED_VARIABLE: "1"} if _home() else {}
        running = programs(host=host, port=port, environment=environment)
        Supervisor(running, keep_alive=_revive_database, write=self._say).run()
        self._say("stopped")

    def _prepare_database(self) -> None:
        self._say("Preparing the database")
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise looks there first
        call_command("migrate", verbosity=0, interactive=False)

    def _install(self, address: str) -> Installation:
        self._say("Installing the demo store (the first time: a minute or two)")
        with ProgressBar() as bar:
            return install(now=timezone.now(), progress=bar, shop_url=address)

    def _remember(self, installation: Installation) -> None:
        if Generation.objects.of(installation.store).live().exists():
            return
        self._say("Building its memory (the first time: a minute or two)")
        with ProgressBar() as bar:
            building.build(store=installation.store, now=timezone.now(), progress=bar)

    def _welcome(self, installation: Installation, *, address: str) -> None:
        self._say(f"\n{installation.store}: {installation.products} products, {installation.visits} visits")
        self._say("All of it is synthetic: no shop, no person and no purchase in it is real.\n")
        for name, path in (("Storefront", "/"), ("Admin", "/admin/"), ("API", "/api/docs/")):
            if is_valid_path(path):
                self._say(f"  {name:<10} {address}{path}")
        for login in installation.logins:
            self._say(f"  Sign in    {login.username} / {login.password} ({login.role})")
        self._say(f"\n{_example(installation, address=address)}\n\nCtrl-C stops everything.\n")

    def _stop_database(self) -> None:
        connections.close_all()
        home = _home()
        if home is not None:
            stop_if_unused(home)

    def _say(self, line: str) -> None:
        with self._printing:
            self.stdout.write(line)
            self.stdout.flush()


def _ask_for_comparison(installation: Installation) -> None:
    """Have the approaches compared once, by the worker, a minute after everything runs."""
    if not Comparison.objects.of(installation.store).exists():
        with suppress(comparing.TooFewVisitsError):
            comparing.ask(store=installation.store, now=timezone.now(), sample=COMPARED)


def _home() -> Path | None:
    """The embedded database's folder; None when DATABASE_URL names a server."""
    home = settings.DATABASES["default"].get("EMBEDDED_HOME")
    return None if home is None else Path(home)


def _revive_database() -> None:
    """The programs only connect: whoever kills the embedded server, it is this process that starts it again."""
    home = _home()
    if home is not None:
        ensure_running(home)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Being asked to end is Ctrl-C, also before the supervisor runs."""
    raise KeyboardInterrupt


def _example(installation: Installation, *, address: str) -> str:
    """A first recommendation in curl, for a visitor on a product page."""
    product = Product.objects.filter(store=installation.store).order_by("pk").values_list("item_id", flat=True).first()
    body = (
        '{"zone": "product", "visitor_id": "me", "session_id": "today", '
        f'"page": {{"type": "product", "item_id": "{product}"}}}}'
    )
    return (
        f"  curl {address}/api/v1/recommendations -H 'Authorization: Bearer {installation.public_key}' \\\n"
        f"    -H 'Content-Type: application/json' -d '{body}'"
    )
