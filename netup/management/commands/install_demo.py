"""Installs the synthetic demo store, or completes it after an interruption."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from netup.demo.installation import install


class Command(BaseCommand):
    help = "Install the synthetic demo store: products, keys, people, zones and sixty days of visits."

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit=" visits", leave=False) as bar:

            def progress(_what: str, done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            installed = install(now=timezone.now(), progress=progress)
        self.stdout.write(f"{installed.store}: {installed.products} products, {installed.visits} visits")
        for login in installed.logins:
            self.stdout.write(f"  {login.role}: {login.username} / {login.password}")
        self.stdout.write(f"  public key: {installed.public_key}")
        self.stdout.write(f"  secret key: {installed.secret_key}")
