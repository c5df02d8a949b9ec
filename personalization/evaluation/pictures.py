"""Figures as SVG pictures, with title and description for those who cannot see them, in light or dark colours.

`bars` and `dots` draw labelled rows with their intervals, `lines` and `reliability` curves with theirs. Every figure
also stands as text beside its mark, so that nothing is told by colour alone. A picture is a document of its own, or
part of a page that gives it its colours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from math import isfinite
from typing import Final

from personalization.evaluation.scales import Axis, LogAxis, Scale

WIDTH: Final = 760
ROW, GROUP_GAP, MARGIN = 24, 14, 20
LABELS_END: Final = 250  # x where the rows' field begins
FIELD_END: Final = WIDTH - 96  # and where it ends: values stand right of it
TOP: Final = 62
HEADED: Final = 34  # height of the title, which a page has in its own heading
CURVE_HEIGHT: Final = 400
CURVE_BOTTOM: Final = 56

# Colours that the colour-blind can tell apart (after Okabe & Ito): dark enough on white, light enough on black.
INKS: Final = (
    ("#0b6fb8", "#5cb8ff"), ("#c2570c", "#ff9e4f"), ("#0a7d5a", "#3fd0a0"), ("#a03a7e", "#f08fcb"),
    ("#6a5d00", "#e3d34a"), ("#3b4a9c", "#9fb0ff"), ("#8a1c1c", "#ff8f8f"), ("#4c5660", "#b8c2cc"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a figure with its interval, where it has one."""

    label: str
    value: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve; the interval is of `y`."""

    x: float
    y: float
    lower: float | None = None
    upper: float | None = None


Groups = Mapping[str, Sequence[Mark]]  # rows under headings; one heading "" for none
Series = Mapping[str, Sequence[Point]]


@dataclass(frozen=True, slots=True)
class Manner:
    """How figures are written, beside marks and along axes, and which rows stand out."""

    figure: Callable[[float], str] = "{:.3f}".format
    tick: Callable[[float], str] = "{:g}".format
    stands_out: frozenset[str] = frozenset({"inductive"})


PLAIN: Final = Manner()


@dataclass(frozen=True, slots=True)
class Picture:
    """What was drawn, and what it says in words."""

    title: str
    description: str
    height: float
    drawn: tuple[str, ...]

    def document(self) -> str:
        """An SVG file that follows the reader's choice of light or dark."""
        heading = f'<text class="pic-title" x="{MARGIN}" y="30">{escape(self.title)}</text>'
        paper = f'<rect class="pic-paper" width="{WIDTH}" height="{self.height:.0f}" rx="8"/>'
        return self._svg(_named(self.title), top=0, inside=(f"<style>{_STYLE}</style>", paper, heading)) + "\n"

    def within_page(self, name: str) -> str:
        """Part of an HTML page that has `style_within_page` and its own heading; `name` is like no other's there."""
        return self._svg(name, top=HEADED, inside=())

    def _svg(self, name: str, *, top: int, inside: Sequence[str]) -> str:
        size = f'viewBox="0 {top} {WIDTH} {self.height - top:.0f}" width="{WIDTH}" height="{self.height - top:.0f}"'
        told = f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-description"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="pic" {size} {told}>',
                f'<title id="{name}-title">{escape(self.title)}</title>',
                f'<desc id="{name}-description">{escape(self.description)}</desc>',
                *inside,
                *self.drawn,
                "</svg>",
            ]
        )


def bars(*, title: str, description: str, groups: Groups, unit: str = "", manner: Manner = PLAIN) -> Picture:
    """Bars from zero, with whiskers."""
    return _rows(title=title, description=description, groups=groups, unit=unit, manner=manner, reference=None)


def dots(
    *, title: str, description: str, groups: Groups, reference: float = 0.0, unit: str = "", manner: Manner = PLAIN
) -> Picture:
    """A forest plot: dots with whiskers beside a line of reference, filled where the interval excludes it."""
    return _rows(title=title, description=description, groups=groups, unit=unit, manner=manner, reference=reference)


def lines(*, title: str, description: str, series: Series, x: str, y: str, manner: Manner = PLAIN) -> Picture:
    """Curves over linear axes that begin at zero."""
    return _curves(title=title, description=description, series=series, axes=(x, y), logarithmic=False, manner=manner)


def reliability(
    *,
    title: str,
    description: str,
    series: Series,
    x: str = "estimated",
    y: str = "came true",
    manner: Manner = PLAIN,
) -> Picture:
    """Estimates against what came true, over logarithmic axes; the diagonal is where every estimate comes true."""
    return _curves(title=title, description=description, series=series, axes=(x, y), logarithmic=True, manner=manner)


def style_within_page(*, dark: str) -> str:
    """The style of pictures within a page that is dark below the selector `dark`."""
    return f"{_INK_STYLE}.pic{{{_colours(0)}}}{dark} .pic{{{_colours(1)}}}"


# --- Rows ---------------------------------------------------------------------------------------------------------


def _rows(
    *, title: str, description: str, groups: Groups, unit: str, manner: Manner, reference: float | None
) -> Picture:
    marks = [mark for rows in groups.values() for mark in rows]
    stands_out = manner.stands_out & {mark.label for mark in marks} or {mark.label for mark in marks}
    bounds = [b for mark in marks for b in (mark.value, mark.lower, mark.upper) if b is not None and isfinite(b)]
    axis = Axis.around([*bounds, 0.0 if reference is None else reference], start=LABELS_END, end=FIELD_END)
    height = TOP + sum(ROW * len(rows) + (ROW if name else 0) + GROUP_GAP for name, rows in groups.items()) + 34
    page = _Page()
    for tick in axis.ticks:
        page.line(axis(tick), TOP - 6, axis(tick), height - 34, "grid")
        page.text(axis(tick), height - 16, manner.tick(tick), "small middle")
    page.text(FIELD_END, TOP - 14, unit, "small end")
    zero = axis(0.0 if reference is None else reference)
    y: float = TOP
    for name, rows in groups.items():
        if name:
            page.text(MARGIN, y + ROW * 0.7, name, "heading")
            y += ROW
        for mark in rows:
            ink = "0" if mark.label in stands_out else "other"
            page.text(LABELS_END - 12, y + ROW * 0.68, mark.label, "end")
            _draw_mark(page, axis, mark, y=y + ROW / 2, ink=ink, zero=zero, reference=reference)
            told = manner.figure(mark.value) if isfinite(mark.value) else "–"
            page.text(WIDTH - MARGIN, y + ROW * 0.68, told, "end figure")
            y += ROW
        y += GROUP_GAP
    page.line(zero, TOP - 6, zero, height - 34, "axis")
    return Picture(title, description, height, tuple(page.drawn))


def _draw_mark(
    page: _Page, axis: Axis, mark: Mark, *, y: float, ink: str, zero: float, reference: float | None
) -> None:
    if not isfinite(mark.value):
        return
    at = axis(mark.value)
    if reference is None:
        page.rect(min(zero, at), y - 8, abs(at - zero), 16, f"fill{ink}")
    if mark.lower is not None and mark.upper is not None:
        page.whisker(axis(mark.lower), axis(mark.upper), y)
    if reference is not None:
        excludes = mark.lower is not None and mark.upper is not None and not mark.lower <= reference <= mark.upper
        page.dot(at, y, 5.5, f"fill{ink}" if excludes else f"ring{ink}")


# --- Curves -------------------------------------------------------------------------------------------------------


def _curves(
    *, title: str, description: str, series: Series, axes: tuple[str, str], logarithmic: bool, manner: Manner
) -> Picture:
    left, right, top, bottom = 76, WIDTH - 170, TOP, CURVE_HEIGHT - CURVE_BOTTOM
    across, up = _scales(series, logarithmic=logarithmic, left=left, right=right, top=top, bottom=bottom)
    page = _Page()
    for tick in across.ticks:
        page.line(across(tick), top, across(tick), bottom, "grid")
        page.text(across(tick), bottom + 18, manner.tick(tick), "small middle")
    for tick in up.ticks:
        page.line(left, up(tick), right, up(tick), "grid")
        page.text(left - 8, up(tick) + 4, manner.tick(tick), "small end")
    page.text((left + right) / 2, CURVE_HEIGHT - 14, axes[0], "small middle")
    page.text(left - 8, top - 12, axes[1], "small")
    if logarithmic:
        page.line(left, bottom, right, top, "axis dashed")
    for number, (name, curve) in enumerate(series.items()):
        _draw_curve(page, across, up, curve, ink=number)
        page.dot(right + 22, top + 12 + number * 22, 5, f"fill{number % len(INKS)}")
        page.text(right + 34, top + 16 + number * 22, name, "")
    return Picture(title, description, CURVE_HEIGHT, tuple(page.drawn))


def _scales(
    series: Series, *, logarithmic: bool, left: float, right: float, top: float, bottom: float
) -> tuple[Scale, Scale]:
    points = [point for curve in series.values() for point in curve]
    ys = [value for p in points for value in (p.y, p.lower, p.upper) if value is not None]
    if logarithmic:  # one measure for both axes, or there were no diagonal
        both = LogAxis.around([*(p.x for p in points), *ys])
        return both.between(left, right), both.between(bottom, top)
    across = Axis.around([0.0, *(p.x for p in points)], start=left, end=right)
    return across, Axis.around([0.0, *ys], start=bottom, end=top)


def _draw_curve(page: _Page, across: Scale, up: Scale, curve: Sequence[Point], *, ink: int) -> None:
    for one, other in pairwise(curve):
        page.line(across(one.x), up(one.y), across(other.x), up(other.y), f"stroke{ink % len(INKS)}")
    for point in curve:
        if point.lower is not None and point.upper is not None:
            page.line(across(point.x), up(point.lower), across(point.x), up(point.upper), "whisker")
        page.dot(across(point.x), up(point.y), 4, f"fill{ink % len(INKS)}")


# --- What they are drawn with -------------------------------------------------------------------------------------


@dataclass
class _Page:
    """Marks under the pen; `looks` are names of the style below."""

    drawn: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, looks: str) -> None:
        self.drawn.append(f'<line {_class(looks)} x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def rect(self, x: float, y: float, width: float, height: float, looks: str) -> None:
        size = f'width="{width:.1f}" height="{height:.1f}"'
        self.drawn.append(f'<rect {_class(looks)} x="{x:.1f}" y="{y:.1f}" {size} rx="2"/>')

    def dot(self, x: float, y: float, radius: float, looks: str) -> None:
        self.drawn.append(f'<circle {_class(looks)} cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def whisker(self, low: float, high: float, y: float) -> None:
        """A horizontal interval with its ends."""
        self.line(low, y, high, y, "halo")
        self.line(low, y, high, y, "whisker")
        self.line(low, y - 4, low, y + 4, "whisker")
        self.line(high, y - 4, high, y + 4, "whisker")

    def text(self, x: float, y: float, words: str, looks: str) -> None:
        if words:
            self.drawn.append(f'<text {_class(looks)} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>')


def _class(looks: str) -> str:
    """Prefixed: a page's own style has a grid and a title, too."""
    return f'class="{" ".join(f"pic-{name}" for name in looks.split())}"'


def _named(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def _colours(theme: int) -> str:
    plain = ("--paper:#fff;--text:#1c2126;--quiet:#59636e;--grid:#e2e6ea;--other:#7d8a97;",
             "--paper:#15191e;--text:#e8ebee;--quiet:#a3adb8;--grid:#2c333b;--other:#8592a0;")  # fmt: skip
    return plain[theme] + "".join(f"--ink{number}:{ink[theme]};" for number, ink in enumerate(INKS))


_INK_STYLE: Final = (
    ".pic{font:13px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}"
    ".pic text{fill:var(--text)}.pic .pic-title{font-size:16px;font-weight:600}.pic .pic-heading{font-weight:600}"
    ".pic .pic-small{fill:var(--quiet);font-size:12px}.pic-end{text-anchor:end}.pic-middle{text-anchor:middle}"
    ".pic-figure{font-variant-numeric:tabular-nums}.pic-paper{fill:var(--paper)}"
    ".pic-grid{stroke:var(--grid)}.pic-axis{stroke:var(--quiet)}.pic-dashed{stroke-dasharray:5 4}"
    ".pic-whisker{stroke:var(--text);stroke-width:1.4}.pic-halo{stroke:var(--paper);stroke-width:3.6}"
    ".pic-fillother{fill:var(--other)}.pic-ringother{fill:var(--paper);stroke:var(--other);stroke-width:2}"
    + "".join(
        f".pic-fill{n}{{fill:var(--ink{n})}}.pic-stroke{n}{{stroke:var(--ink{n});stroke-width:2}}"
        f".pic-ring{n}{{fill:var(--paper);stroke:var(--ink{n});stroke-width:2}}"
        for n in range(len(INKS))
    )
)
_STYLE: Final = f"{_INK_STYLE}.pic{{{_colours(0)}}}@media(prefers-color-scheme:dark){{.pic{{{_colours(1)}}}}}"
