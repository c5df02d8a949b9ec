"""The installation: settings, URLs, workers and the embedded database."""

from netup.celery import app as celery_app

__all__ = ["celery_app"]
