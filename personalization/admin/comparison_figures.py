"""The figures of a comparison in pictures, and behind each picture the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10, nan
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.admin.comparison_words import NAMES, percent, points
from personalization.evaluation import pictures
from personalization.evaluation.intervals import wilson
from personalization.evaluation.outcome_figures import FRONT
from personalization.evaluation.pictures import Groups, Manner, Mark, Picture, Point
from personalization.wording import share_in_words

MEASURES: Final = {
    "hr": gettext_lazy("Put into the cart or bought"),
    "hr_bought": gettext_lazy("Bought"),
    "value": gettext_lazy("Share of the money spent"),
    "margin": gettext_lazy("Share of the margin made"),
}
VISITORS: Final = {"returning": gettext_lazy("Returning visitors"), "unknown": gettext_lazy("Unknown visitors")}
KINDS: Final = {
    "view": gettext_lazy("looked at"),
    "cart": gettext_lazy("put into the cart"),
    "purchase": gettext_lazy("bought"),
}
ENOUGH: Final = 5  # that came true in a point of a curve
Figures = Mapping[str, Any]
Interval = Sequence[float | None]
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Section:
    """One picture of the page; `rows` tell the same, the first cell of each is its heading."""

    key: str
    title: str
    lead: str
    picture: SafeString
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sections(figures: Figures) -> list[Section]:
    """The page's pictures from top to bottom, those that there is something to draw of."""
    drawn = (_found(figures), _against(figures), _visitors(figures), _reliability(figures), _speed(figures))
    return [section for section in drawn if section is not None]


def _found(figures: Figures) -> Section | None:
    return _of_rates(
        key="found",
        title=_("What each approach finds"),
        lead=_(
            "How often the %(k)s products listed held one that the visitor put into the cart or bought later; and "
            "which share of the money spent, and of the margin made, went to products listed. The whiskers are 95%% "
            "intervals."
        )
        % {"k": figures["k"]},
        groups={
            str(name): [_mark(engine, row["all"].get(which)) for engine, row in _engines(figures)]
            for which, name in MEASURES.items()
        },
    )


def _visitors(figures: Figures) -> Section | None:
    counts = {"returning": figures["cuts_returning"], "unknown": figures["cuts_unknown"]}
    return _of_rates(
        key="visitors",
        title=_("Returning and unknown visitors"),
        lead=_(
            "The same for what was put into the cart or bought, at %(returning)s moments of visitors who had been here "
            "before and at %(unknown)s moments of visitors of whom nothing was known."
        )
        % {who: number_format(number, force_grouping=True) for who, number in counts.items()},
        groups={
            str(name): [_mark(engine, row[who].get("hr")) for engine, row in _engines(figures)]
            for who, name in VISITORS.items()
        },
    )


def _against(figures: Figures) -> Section | None:
    groups = _telling(
        {
            str(name): [_mark(rival, row["all"].get(which), against=True) for rival, row in _rivals(figures)]
            for which, name in MEASURES.items()
        }
    )
    if not groups:
        return None
    title = _("What recognising the situation gains over each of the others")
    lead = _(
        "Right of the zero line it finds more than the other approach, left of it less. A hollow dot is not proven: "
        "its interval holds zero."
    )
    picture = pictures.dots(
        title=title,
        description=_described(groups, points),
        groups=groups,
        unit=_("percentage points"),
        manner=Manner(figure=points, tick=lambda value: _plain(100 * value), stands_out=frozenset()),
    )
    return _section("against", title, lead, picture, groups, points)


def _reliability(figures: Figures) -> Section | None:
    estimated = [(kind, str(name), figures["engines"][FRONT]["calibration"][kind]) for kind, name in KINDS.items()]
    series = {name: [point for point in _pooled(found["points"]) if point.x > 0] for _kind, name, found in estimated}
    if not any(series.values()):
        return None
    title = _("Whether what is promised comes true")
    said = [
        _("%(kind)s: error %(error)s points") % {"kind": name, "error": _error(found)} for _k, name, found in estimated
    ]
    picture = pictures.reliability(
        title=title,
        description="; ".join(said) + ".",
        series={name: curve for name, curve in series.items() if curve},
        x=_("estimated by recognising the situation"),
        y=_("came true"),
        manner=Manner(tick=_small_percent),
    )
    return Section(
        key="reliability",
        title=title,
        lead=_(
            "Products estimated at about the same probability, and how many of them were then looked at, put into the "
            "cart, bought. On the dashed line every estimate comes true. The table tells each approach's calibration "
            "error: the mean gap in percentage points."
        ),
        picture=_drawn("reliability", picture),
        heads=(_("Approach"), *(str(name) for name in KINDS.values())),
        rows=tuple(
            (_name(engine), *(_error(row["calibration"][kind]) for kind in KINDS)) for engine, row in _engines(figures)
        ),
    )


def _pooled(bins: Sequence[Sequence[float]]) -> list[Point]:
    """Neighbouring bins [size, estimated, came true, …] together until ENOUGH came true: fewer tell nothing."""
    pools: list[tuple[float, float, float]] = []  # size, sum of estimates, how many came true
    is_open = False
    for size, estimated, observed, *_interval in bins:
        here = (size, size * estimated, size * observed)
        before = pools.pop() if is_open else (0.0, 0.0, 0.0)
        pools.append((before[0] + here[0], before[1] + here[1], before[2] + here[2]))
        is_open = round(pools[-1][2]) < ENOUGH
    if is_open and len(pools) > 1:
        rest, last = pools.pop(), pools.pop()
        pools.append((last[0] + rest[0], last[1] + rest[1], last[2] + rest[2]))
    shares = [(summed / size, wilson(came, size)) for size, summed, came in pools]
    return [Point(x, share.value, share.lower, share.upper) for x, share in shares]


def _speed(figures: Figures) -> Section:
    title = _("Time an answer takes")
    groups = {"": [_mark(engine, row["all"].get("ms")) for engine, row in _engines(figures)]}
    picture = pictures.bars(
        title=title,
        description=_described(groups, _milliseconds),
        groups=groups,
        unit=_("milliseconds, mean"),
        manner=Manner(figure=_milliseconds, tick=_plain, stands_out=frozenset({_name(FRONT)})),
    )
    return Section(
        key="speed",
        title=title,
        lead=_("From the visit's events to the list, measured on the worker while it had other work, too."),
        picture=_drawn("speed", picture),
        heads=(_("Approach"), _("Mean"), _("Half of them within"), _("99 of 100 within")),
        rows=tuple(
            (_name(engine), *(_milliseconds(found) for found in (row["all"]["ms"][0], row["ms_p50"], row["ms_p99"])))
            for engine, row in _engines(figures)
        ),
    )


def _of_rates(*, key: str, title: str, lead: str, groups: Groups) -> Section | None:
    groups = _telling(groups)
    if not groups:
        return None
    picture = pictures.dots(
        title=title,
        description=_described(groups, percent),
        groups=groups,
        manner=Manner(figure=percent, tick=_percent_tick, stands_out=frozenset({_name(FRONT)})),
    )
    return _section(key, title, lead, picture, groups, percent)


def _telling(groups: Groups) -> Groups:
    """Without the measures of which nothing is known: of no margin where no cost is known."""
    return {name: marks for name, marks in groups.items() if any(isfinite(mark.value) for mark in marks)}


def _section(key: str, title: str, lead: str, picture: Picture, groups: Groups, write: Write) -> Section:
    """With the table of the groups: rows across, a measure a column."""
    columns = list(groups)
    labels = [mark.label for mark in groups[columns[0]]]
    return Section(
        key=key,
        title=title,
        lead=lead,
        picture=_drawn(key, picture),
        heads=(_("Approach"), *columns),
        rows=tuple(
            (label, *(_told(groups[column][row], write) for column in columns)) for row, label in enumerate(labels)
        ),
    )


def _drawn(key: str, picture: Picture) -> SafeString:
    return SafeString(picture.within_page(f"picture-{key}"))  # nosec B703: drawn by us, every text in it escaped


def _engines(figures: Figures) -> Iterator[tuple[str, Any]]:
    """In the order of the names."""
    yield from ((engine, figures["engines"][engine]) for engine in NAMES if engine in figures["engines"])


def _rivals(figures: Figures) -> Iterator[tuple[str, Any]]:
    found = figures["inductive_minus"]
    yield from ((rival, found[rival]) for rival in NAMES if rival in found)


def _mark(engine: str, interval: Interval | None, *, against: bool = False) -> Mark:
    value, lower, upper = interval or (None, None, None)
    label = _("against: %(approach)s") % {"approach": _name(engine)} if against else _name(engine)
    return Mark(label, nan if value is None else value, lower, upper)


def _name(engine: str) -> str:
    return str(NAMES.get(engine, engine))


def _told(mark: Mark, write: Write) -> str:
    """“34.1% (31.0% to 37.2%)”."""
    if not isfinite(mark.value):
        return "—"
    if mark.lower is None or mark.upper is None:
        return write(mark.value)
    told = {"value": write(mark.value), "lower": write(mark.lower), "upper": write(mark.upper)}
    return _("%(value)s (%(lower)s to %(upper)s)") % told


def _described(groups: Groups, write: Write) -> str:
    """A picture's rows in words."""
    told = {name: ", ".join(f"{mark.label} {_told(mark, write)}" for mark in marks) for name, marks in groups.items()}
    return " ".join(
        _("%(measure)s: %(rows)s.") % {"measure": name, "rows": rows} if name else f"{rows}."
        for name, rows in told.items()
    )


def _error(found: Mapping[str, Any]) -> str:
    return number_format(round(100 * found["ece"], 2), 2) if found["n"] else "—"


def _milliseconds(value: float | None) -> str:
    return _("%(ms)s ms") % {"ms": number_format(round(value, 1), 1)} if value is not None else "—"


def _plain(value: float) -> str:
    return number_format(round(value, 1), 0 if round(value, 1) == round(value) else 1)


def _percent_tick(share: float) -> str:
    return share_in_words(share, decimals=0 if round(100 * share, 6) == round(100 * share) else 1)


def _small_percent(share: float) -> str:
    """As many decimals as a power of ten needs."""
    decimals = max(0, -floor(log10(100 * share) + 1e-9)) if share > 0 else 0
    return _("%(percent)s%%") % {"percent": number_format(100 * share, decimals)}
