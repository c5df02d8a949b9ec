"""The few strokes all pictures of the demo shop are made of, each as SVG text on a canvas of 400 by 400."""

from collections.abc import Callable
from math import cos, pi, sin

from netup.demo.pictures.palette import Palette

Shape = Callable[[Palette, int], str]  # palette, mark (which of the shape's finishes) ► SVG


def path(d: str, fill: str, *, stroke: str = "", width: float = 0) -> str:
    """A filled outline."""
    line = (
        f' stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"' if stroke else ""
    )
    return f'<path d="{d}" fill="{fill}"{line}/>'


def line(d: str, stroke: str, width: float) -> str:
    """A stroke along an outline."""
    return path(d, "none", stroke=stroke, width=width)


def disc(x: float, y: float, r: float, fill: str) -> str:
    """A filled circle."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"/>'


def ring(x: float, y: float, r: float, stroke: str, width: float) -> str:
    """A circle's outline."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="none" stroke="{stroke}" stroke-width="{width:g}"/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    """A filled ellipse."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"/>'


def box(x: float, y: float, w: float, h: float, fill: str, *, r: float = 0) -> str:
    """A filled rectangle with rounded corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}" fill="{fill}"/>'


def turned(degrees: float, *parts: str) -> str:
    """Parts turned about the middle of the canvas."""
    return f'<g transform="rotate({degrees:g} 200 200)">{"".join(parts)}</g>'


def mirrored(*parts: str) -> str:
    """Parts, and their mirror image left to right."""
    drawn = "".join(parts)
    return f'{drawn}<g transform="translate(400 0) scale(-1 1)">{drawn}</g>'


def faded(opacity: float, *parts: str) -> str:
    """Parts one can see through."""
    return f'<g opacity="{opacity:g}">{"".join(parts)}</g>'


def clipped(name: str, outline: str, *parts: str) -> str:
    """Parts seen only inside an outline; `name` is unique within the picture."""
    return f'<clipPath id="{name}"><path d="{outline}"/></clipPath><g clip-path="url(#{name})">{"".join(parts)}</g>'


def face(x: float, y: float, ink: str) -> str:
    """Two eyes, a nose and a smile."""
    return (
        disc(x - 20, y, 5, ink)
        + disc(x + 20, y, 5, ink)
        + oval(x, y + 12, 7, 5, ink)
        + line(f"M{x - 9} {y + 24} q9 9 18 0", ink, 3)
    )


def star(x: float, y: float, r: float, fill: str) -> str:
    """A five-pointed star."""
    corners = [
        (x + (r if i % 2 == 0 else r * 0.45) * sin(i * pi / 5), y - (r if i % 2 == 0 else r * 0.45) * cos(i * pi / 5))
        for i in range(10)
    ]
    return path("M" + " L".join(f"{a:.1f} {b:.1f}" for a, b in corners) + " Z", fill, stroke=fill, width=4)


def printed(outline: str, p: Palette, mark: int) -> str:
    """A textile pattern inside an outline: plain, stripes, dots, a band, or small leaves."""
    kind = mark % 5
    rows = range(60, 360, 34)
    if kind == 1:
        drawn = "".join(box(0, y, 400, 13, p.light) for y in rows)
    elif kind == 2:
        drawn = "".join(disc(x + (y // 34 % 2) * 19, y, 6, p.lighter) for y in rows for x in range(50, 360, 38))
    elif kind == 3:
        drawn = box(0, 176, 400, 44, p.accent) + box(0, 226, 400, 8, p.lighter)
    elif kind == 4:
        drawn = "".join(
            line(f"M{x + (y // 34 % 2) * 24} {y} q9 -12 18 -2 q-9 8 -18 2", p.lighter, 3)
            for y in rows
            for x in range(40, 360, 48)
        )
    else:
        return ""
    return clipped("print", outline, drawn)
