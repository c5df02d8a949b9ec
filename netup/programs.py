"""The programs of an installation: what serves requests, what works in the background, what wakes it on time."""

import sys

from netup.program import Program

WEB_THREADS = 4
WORKER_PROCESSES = 2
GIVING_WAY = ("nice", "-n", "10")  # on one machine a visitor's answer comes before work in the background


def programs(*, host: str, port: int, environment: dict[str, str]) -> list[Program]:
    """Web server, worker and clock, as production runs them; `environment` is added to each."""
    python = [sys.executable, "-m"]
    web = [
        *("granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", "1", "--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers"),
        "netup.wsgi:application",
    ]
    celery = ["celery", "--app", "netup", "--quiet"]
    worker = [
        *GIVING_WAY,
        *(sys.executable, "-m"),
        *(*celery, "worker", "--loglevel", "WARNING", "--concurrency", str(WORKER_PROCESSES)),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),  # there is no other worker to talk to
    ]
    # On a private machine root may try the demo; Celery's warning is for servers.
    calm = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    # An empty pid file name: beat would keep one in the current folder, and refuse to start after a kill.
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
    return [
        Program("web", [*python, *web], environment),
        Program("worker", worker, environment | calm),
        Program("beat", [*python, *beat], environment),
    ]
