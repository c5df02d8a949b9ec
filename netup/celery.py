"""The background workers' door: the broker only wakes them; what is to be done is recorded in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netup.settings")

app = Celery("netup")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
