"""Installs the synthetic demo store, or completes it after an interruption, without running anything."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from netup.demo.installation import install
from personalization.management.progress import ProgressBar


class Command(BaseCommand):
    help = "Install the synthetic demo store: products, keys, people, zones and sixty days of visits."

    def handle(self, *args: Any, **options: Any) -> None:
        with ProgressBar() as bar:
            installed = install(now=timezone.now(), progress=bar)
        self.stdout.write(f"{installed.store}: {installed.products} products, {installed.visits} visits")
        for login in installed.logins:
            self.stdout.write(f"  {login.role}: {login.username} / {login.password}")
        self.stdout.write(f"  public key: {installed.public_key}")
        self.stdout.write(f"  secret key: {installed.secret_key}")
