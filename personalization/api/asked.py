"""From a request's body to what a zone asks: checked by hand, for this is the hot path; every mistake is named."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from catalog.api.bodies import object_in
from catalog.api.problems import Mistake, Problem, invalid_content
from catalog.api.store_view import StoreRequest
from catalog.attributes import Phrase
from catalog.models.api_key import KeyKind
from objectives.models.zone import ZoneKind
from personalization.present import NO_PAGE, Page
from personalization.scene import DEFAULT_ENGINE, Asked

PAGES: Final = (
    "home",
    "category",
    "search",
    "product",
    "cart",
    "added_to_cart",
    "checkout",
    "confirmation",
    "account",
    "content",
    "email",
    "other",
)
LONGEST_ZONE: Final = 50
LONGEST_VISITOR: Final = 128
LONGEST_ITEM: Final = 100
LONGEST_CATEGORY: Final = 750
LONGEST_SEARCH: Final = 200
LARGEST_LIMIT: Final = 100
MOST_EXCLUDED: Final = 1_000
MOST_LISTED: Final = 1_000
MOST_EVENTS: Final = 50


def asked_of(request: StoreRequest, *, kind: ZoneKind) -> Asked:
    """What the body asks, for the key's store.

    Raises:
        Problem: 400 for a body that is no object, 403 for an engine named with a public key, 422 for values.
    """
    body = _Body(object_in(request.data))
    engine = body.text("engine", longest=20)
    if engine and request.api_key.kind != KeyKind.SECRET:
        raise Problem(403, _("Only a secret key may name the engine."))
    listing = kind == ZoneKind.LISTING
    asked = Asked(
        store=request.store,
        zone=body.text("zone", longest=LONGEST_ZONE, required=True),
        kind=kind,
        consent=body.flag("consent", otherwise=True),
        visitor_id=body.text("visitor_id", longest=LONGEST_VISITOR),
        session_id=body.text("session_id", longest=LONGEST_VISITOR),
        page=body.page(),
        limit=None if listing else body.number("limit", lowest=1, highest=LARGEST_LIMIT),
        exclude=() if listing else body.ids("exclude", most=MOST_EXCLUDED),
        item_ids=body.ids("item_ids", most=MOST_LISTED, required=True, distinct=True) if listing else (),
        engine=engine or DEFAULT_ENGINE,
        events=body.events(),
    )
    body.require_visitor(asked)
    if body.mistakes:
        raise invalid_content(body.mistakes)
    return asked


class _Body:
    """Reads members one by one and keeps what is wrong with them; null means absent."""

    def __init__(self, members: dict[str, Any], *, at: str = "") -> None:
        self._members = members
        self._at = at
        self.mistakes: list[Mistake] = []

    def text(self, name: str, *, longest: int, required: bool = False) -> str:
        value = self._members.get(name)
        if value is None or value == "":
            if required:
                self._wrong(name, "required", _("Expected a text."))
            return ""
        if not isinstance(value, str):
            self._wrong(name, "type", _("Expected a text."))
            return ""
        if len(value) > longest:
            self._wrong(name, "length", _("Expected at most %(longest)d characters.") % {"longest": longest})
            return ""
        return value

    def flag(self, name: str, *, otherwise: bool) -> bool:
        value = self._members.get(name)
        if value is None:
            return otherwise
        if not isinstance(value, bool):
            self._wrong(name, "type", _("Expected true or false."))
            return otherwise
        return value

    def number(self, name: str, *, lowest: int, highest: int) -> int | None:
        value = self._members.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            expected = {"lowest": lowest, "highest": highest}
            self._wrong(name, "range", _("Expected a whole number from %(lowest)d to %(highest)d.") % expected)
            return None
        return value

    def ids(self, name: str, *, most: int, required: bool = False, distinct: bool = False) -> tuple[str, ...]:
        value = self._members.get(name)
        if value is None and not required:
            return ()
        if not isinstance(value, list):
            self._wrong(name, "required" if value is None else "type", _("Expected a list of item ids."))
            return ()
        if len(value) > most:
            self._wrong(name, "length", _("Expected at most %(most)d item ids.") % {"most": most})
            return ()
        for index, item_id in enumerate(value):
            if not isinstance(item_id, str) or not 0 < len(item_id) <= LONGEST_ITEM:
                self._wrong(f"{name}/{index}", "format", _("Expected an item id of 1 to 100 characters."))
                return ()
        if distinct and len(set(value)) < len(value):
            self._repeated(name, value)
        return tuple(value)

    def page(self) -> Page:
        value = self._members.get("page")
        if value is None:
            return NO_PAGE
        if not isinstance(value, dict):
            self._wrong("page", "type", _("Expected an object."))
            return NO_PAGE
        members = _Body(value, at="/page")
        page = Page(
            type=members.choice("type", PAGES),
            item_id=members.text("item_id", longest=LONGEST_ITEM),
            category=members.text("category", longest=LONGEST_CATEGORY),
            search_term=members.text("search_term", longest=LONGEST_SEARCH),
        )
        self.mistakes += members.mistakes
        return page

    def events(self) -> tuple[Any, ...]:
        value = self._members.get("events")
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong("events", "type", _("Expected a list of events."))
            return ()
        if len(value) > MOST_EVENTS:
            self._wrong("events", "length", _("Expected at most %(most)d events.") % {"most": MOST_EVENTS})
            return ()
        return tuple(value)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._members.get(name)
        if value is None:
            return ""
        if value not in choices:
            expected = {"choices": ", ".join(choices)}
            self._wrong(name, "choice", _("Expected one of %(choices)s.") % expected)
            return ""
        return str(value)

    def require_visitor(self, asked: Asked) -> None:
        """As with events: whose visit it is must be known, by the session alone without consent."""
        if not asked.consent and not asked.session_id:
            self._wrong("session_id", "required", _("Expected the session's id when there is no consent."))
        elif not asked.visitor_id and not asked.session_id:
            self._wrong("session_id", "required", _("Expected a visitor_id or a session_id."))

    def _repeated(self, name: str, ids: list[str]) -> None:
        seen: set[str] = set()
        for index, item_id in enumerate(ids):
            if item_id in seen:
                self._wrong(f"{name}/{index}", "repeated", _("Expected every item id once."))
                return
            seen.add(item_id)

    def _wrong(self, name: str, code: str, detail: Phrase) -> None:
        self.mistakes.append(Mistake(pointer=f"{self._at}/{name}", code=code, detail=detail))
