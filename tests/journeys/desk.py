"""A merchandiser's desk: a browser signed in to the admin, and what would keep somebody from using a page of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, ViewportSize

from catalog.models import Role, Store
from tests.catalog.factories import PASSWORD, person

HARMFUL: Final = {"serious", "critical"}


def merchandiser(
    username: str, *, store: Store | None = None, roles: Sequence[str] = Role.values, superuser: bool = False
) -> User:
    """Somebody who may sign in with `PASSWORD`."""
    user = person(username, store=store, roles=roles, superuser=superuser)
    user.set_password(PASSWORD)
    user.save()
    return user


@contextmanager
def signed_in(
    browser: Browser, server: str, *, username: str, locale: str, height: int, theme: Literal["light", "dark"] = "light"
) -> Iterator[Page]:
    """A browser of that locale at the admin's first page, signed in by the form."""
    viewport: ViewportSize = {"width": 1500, "height": height}
    context = browser.new_context(locale=locale, viewport=viewport, color_scheme=theme)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{server}/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    yield page
    page.goto("about:blank")  # it asks nothing any more when the database is emptied
    context.close()


def harm(page: Page) -> list[str]:
    """What keeps somebody from using the page: serious and critical findings."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {finding['nodes'][0]['html'][:160]}" for finding in found if finding["impact"] in HARMFUL
    ]
