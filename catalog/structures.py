"""Reads values made of values, numbers within bounds, lists and objects, and tells everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.attributes import Json, Parser, Phrase, Reading, RefusedValueError, count
from catalog.merchant import LONGEST_QUOTE, Fault, quote
from catalog.models import Store


class RefusedWithinError(RefusedValueError):
    """Something inside a value does not fit.

    Attributes:
        within: the pointer below the value, what stands there, and why it does not fit.
    """

    def __init__(self, within: Iterable[tuple[str, object, RefusedValueError]]) -> None:
        super().__init__("content", "")
        self.within = list(within)

    @classmethod
    def at(cls, pointer: str, value: object, code: str, expected: Phrase) -> RefusedWithinError:
        """One thing that does not fit."""
        return cls([(pointer, value, RefusedValueError(code, expected))])


class InvalidDocumentError(ValueError):
    """JSON does not tell what it should; `faults` name each value that does not fit."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.code}" for fault in self.faults))

    def within(self, pointer: str) -> list[Fault]:
        """The faults, of a document that stands at this pointer of a greater one."""
        return [replace(fault, pointer=pointer + fault.pointer) for fault in self.faults]


def read_document(fields: Mapping[str, tuple[Parser, Json]], data: object, *, store: Store) -> dict[str, Any]:
    """An object of these members alone, complete, see `object_of`; as the store reads money and instants.

    Raises:
        InvalidDocumentError: with everything that is wrong.
    """
    try:
        found: Any = object_of(fields)(data, Reading(currency=store.currency, zone=store.zone_info))
    except RefusedValueError as refusal:
        raise InvalidDocumentError(faults_of(refusal, data)) from None
    return found  # type: ignore[no-any-return]


def faults_of(refusal: RefusedValueError, given: object) -> list[Fault]:
    """Everything that was wrong with a value."""
    within = refusal.within if isinstance(refusal, RefusedWithinError) else [("", given, refusal)]
    return [
        Fault(pointer=pointer, code=inner.code, value=quote(at), expected=inner.expected)
        for pointer, at, inner in within
    ]


def optional(parse: Parser) -> Parser:
    """None for null and for an empty text."""
    return lambda value, reading: None if value in (None, "") else parse(value, reading)


def number(low: float, high: float) -> Parser:
    """A number within bounds, both included."""

    def parse(value: object, _reading: Reading) -> Json:
        bounds = _("a number from %(low)g to %(high)g") % {"low": low, "high": high}
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RefusedValueError("type", bounds)
        if not low <= value <= high:  # also refuses NaN
            raise RefusedValueError("range", bounds)
        return float(value)

    return parse


def whole(low: int, high: int) -> Parser:
    """A whole number within bounds, both included; `low` not below 0."""

    def parse(value: object, reading: Reading) -> Json:
        found = count(value, reading)
        if not isinstance(found, int) or not low <= found <= high:
            bounds = _("a whole number from %(low)d to %(high)d") % {"low": low, "high": high}
            raise RefusedValueError("range", bounds)
        return found

    return parse


def choice(names: Iterable[str]) -> Parser:
    """One of some names."""
    known = tuple(names)

    def parse(value: object, _reading: Reading) -> Json:
        if not isinstance(value, str) or value not in known:
            raise RefusedValueError("choice", _("one of %(names)s") % {"names": ", ".join(known)})
        return value

    return parse


def list_of(parse: Parser, *, most: int, expected: Phrase, once_by: Callable[[Any], Any] | None = None) -> Parser:
    """At most so many of what `parse` reads; no two members share a key that is not None."""

    def parse_list(value: object, reading: Reading) -> Json:
        if not isinstance(value, list):
            raise RefusedValueError("type", expected)
        if len(value) > most:
            raise RefusedValueError("length", _("at most %(most)d of them") % {"most": most})
        found = list(_members(enumerate(value), reading, lambda _place: parse).values())
        if once_by is not None:
            _refuse_repeated([once_by(member) for member in found])
        return found

    return parse_list


def object_of(fields: Mapping[str, tuple[Parser, Json]]) -> Parser:
    """An object of these members alone, each with its parser and what counts where it is left out."""

    def parse(value: object, reading: Reading) -> Json:
        if not isinstance(value, dict):
            raise RefusedValueError("type", _("an object"))
        if unknown := [name for name in value if name not in fields]:
            known = _("one of %(names)s as its name") % {"names": ", ".join(fields)}
            refusal = RefusedValueError("unknown", known)
            raise RefusedWithinError((f"/{_escaped(name)}", value[name], refusal) for name in unknown)
        given = [(name, value.get(name, default)) for name, (_parse, default) in fields.items()]
        return _members(given, reading, lambda name: fields[name][0])

    return parse


def _members(
    members: Iterable[tuple[Any, object]], reading: Reading, parser_of: Callable[[Any], Parser]
) -> dict[Any, Json]:
    """Read every member, and refuse all that do not fit at once."""
    found: dict[Any, Json] = {}
    wrong: list[tuple[str, object, RefusedValueError]] = []
    for name, member in members:
        try:
            found[name] = parser_of(name)(member, reading)
        except RefusedWithinError as refusal:
            wrong += [(f"/{name}{pointer}", at, inner) for pointer, at, inner in refusal.within]
        except RefusedValueError as refusal:
            wrong.append((f"/{name}", member, refusal))
    if wrong:
        raise RefusedWithinError(wrong)
    return found


def _refuse_repeated(keys: list[Any]) -> None:
    refusal = RefusedValueError("repeated", _("each of them once"))
    repeated = [place for place, key in enumerate(keys) if key is not None and key in keys[:place]]
    if repeated:
        raise RefusedWithinError((f"/{place}", keys[place], refusal) for place in repeated)


def _escaped(name: object) -> str:
    """A member's name within a JSON pointer (RFC 6901)."""
    return str(name)[:LONGEST_QUOTE].replace("~", "~0").replace("/", "~1")
