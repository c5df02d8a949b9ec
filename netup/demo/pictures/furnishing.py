"""Pictures of kitchenware and furniture."""

from collections.abc import Mapping
from math import cos, pi, sin

from netup.demo.pictures.drawing import (
    Shape,
    box,
    disc,
    faded,
    line,
    mirrored,
    oval,
    path,
    ring,
    turned,
)
from netup.demo.pictures.palette import Palette

_GLOW, _GREEN, _GREEN_DARK = "#fdf0c4", "#6f9a6a", "#4f7a52"


def mirror(p: Palette, mark: int) -> str:
    """A round or arched mirror."""
    if mark % 2 == 0:
        return (
            disc(200, 200, 132, p.main)
            + disc(200, 200, 115, "#dcebf1")
            + faded(0.6, line("M132 220 L226 118 M168 250 L268 146", "#ffffff", 12))
        )
    arch = "M112 344 V166 A88 88 0 0 1 288 166 V344 Z"
    return (
        path(arch, p.main)
        + path("M126 332 V168 A74 74 0 0 1 274 168 V332 Z", "#dcebf1")
        + faded(0.6, line("M150 246 L236 142 M166 296 L260 184", "#ffffff", 11))
    )


def clock(p: Palette, mark: int) -> str:
    """A wall clock."""
    face = disc(200, 200, 130, p.main) + disc(200, 200, 112, p.paper)
    ticks = "".join(
        line(
            (
                f"M{200 + 98 * sin(i * pi / 6):.0f} {200 - 98 * cos(i * pi / 6):.0f} L{200 + 86 * sin(i * pi / 6):.0f} "
                f"{200 - 86 * cos(i * pi / 6):.0f}"
            ),
            p.ink,
            7 if i % 3 == 0 else 4,
        )
        for i in range(12)
    )
    hour, minute = (mark % 12) * pi / 6, (mark % 60) * pi / 30
    hands = line(f"M200 200 L{200 + 50 * sin(hour):.0f} {200 - 50 * cos(hour):.0f}", p.ink, 9)
    return (
        face
        + ticks
        + hands
        + line(f"M200 200 L{200 + 78 * sin(minute):.0f} {200 - 78 * cos(minute):.0f}", p.accent, 6)
        + disc(200, 200, 9, p.ink)
    )


def casserole(p: Palette, mark: int) -> str:
    """A cast iron pot."""
    handles = mirrored(line("M76 212 Q40 214 44 240 Q48 252 78 248", p.dark, 15))
    pot = path("M74 190 H326 V286 Q324 330 280 330 H120 Q76 330 74 286 Z", p.main)
    lid = path("M66 190 Q74 130 200 126 Q326 130 334 190 Z", p.dark) + box(60, 182, 280, 18, p.darker, r=9)
    return (
        handles
        + pot
        + lid
        + box(176, 98, 48, 30, p.steel, r=12)
        + faded(0.3, line("M96 216 V290", "#ffffff", 11))
        + faded(0.3, line("M104 168 Q130 146 176 142", "#ffffff", 8))
    )


def pan(p: Palette, mark: int) -> str:
    """A frying pan seen from above."""
    handle = turned(
        45, box(186, 286, 28, 116, p.wood_dark if mark % 2 else p.ink, r=12), ring(200, 384, 6, p.background, 4)
    )
    egg = path("M138 178 Q150 138 188 146 Q230 138 226 182 Q232 222 190 220 Q140 226 138 178 Z", "#fffdf6") + disc(
        184, 182, 22, "#f3b53b"
    )
    return (
        handle
        + disc(178, 178, 124, p.main)
        + disc(178, 178, 106, p.darker)
        + disc(178, 178, 98, p.ink)
        + (egg if mark % 3 else faded(0.2, line("M110 150 Q130 106 180 100", "#ffffff", 10)))
    )


def knife(p: Palette, mark: int) -> str:
    """A kitchen knife on its board."""
    board = (
        box(62, 96, 276, 218, p.wood, r=22)
        + line("M84 150 H316 M84 206 H316 M84 262 H316", p.wood_dark, 2)
        + disc(308, 124, 11, p.background)
    )
    blade = path("M92 232 L252 172 L262 198 Q190 250 92 232 Z", "#dfe5e8") + line("M94 232 L254 176", p.steel, 3)
    handle = path("M250 170 L336 138 Q352 138 352 154 L266 198 Z", p.main) + "".join(
        disc(278 + i * 22, 174 - i * 9, 4, p.steel) for i in range(3)
    )
    return board + blade + handle + disc(140, 168, 18, "#d9574a") + disc(176, 142, 14, _GREEN)


def plate(p: Palette, mark: int) -> str:
    """Plates stacked and upright."""
    stack = "".join(oval(200, 330 - i * 13, 118, 17, p.dark if i % 2 else p.light) for i in range(4))
    face = (
        disc(200, 176, 114, p.main)
        + ring(200, 176, 104, p.light if mark % 2 else p.accent, 6)
        + disc(200, 176, 70, p.light)
    )
    speckles = (
        "".join(disc(200 + 88 * cos(i * 2.4), 176 + 88 * sin(i * 2.4), 3, p.darker) for i in range(14))
        if mark % 3
        else ""
    )
    return stack + face + speckles + ring(200, 176, 70, p.dark, 3)


def glass(p: Palette, mark: int) -> str:
    """Three tinted glasses."""

    def one(x: int, y: int, h: int) -> str:
        outline = f"M{x - 46} {y} H{x + 46} L{x + 36} {y + h} Q{x} {y + h + 12} {x - 36} {y + h} Z"
        water = faded(
            0.6, path(f"M{x - 43} {y + 50} H{x + 43} L{x + 36} {y + h} Q{x} {y + h + 12} {x - 36} {y + h} Z", p.main)
        )
        return (
            faded(0.55, path(outline, p.light))
            + water
            + oval(x, y, 46, 9, p.lighter)
            + faded(0.7, line(f"M{x - 32} {y + 24} l5 {h - 50}", "#ffffff", 6))
        )

    return one(268, 138, 170) + one(134, 138, 170) + one(200, 184, 150)


def armchair(p: Palette, mark: int) -> str:
    """An armchair."""
    legs = line("M116 300 L100 344 M284 300 L300 344", p.wood_dark, 13)
    back = path("M108 220 Q100 84 200 82 Q300 84 292 220 Z", p.main)
    tufts = (
        "".join(disc(x, y, 5, p.darker) for x, y in ((166, 136), (200, 124), (234, 136), (182, 170), (218, 170)))
        if mark % 2
        else ""
    )
    seat = box(108, 212, 184, 56, p.light, r=20) + box(100, 254, 200, 56, p.dark, r=16)
    arms = mirrored(
        path("M66 204 Q66 172 100 174 Q124 178 122 210 V308 H82 Q66 306 66 288 Z", p.main),
        line("M82 200 Q86 188 102 190", p.light, 6),
    )
    pillow = turned(-8, box(160, 156, 86, 66, p.accent, r=16)) if mark % 3 == 0 else ""
    return legs + back + tufts + pillow + seat + arms


def coffee_table(p: Palette, mark: int) -> str:
    """A low table with a book and a cup."""
    legs = line("M106 230 L84 332 M294 230 L316 332 M150 226 L146 318 M250 226 L254 318", p.dark, 11)
    top = (
        oval(200, 216, 150, 32, p.dark) + oval(200, 206, 150, 32, p.main)
        if mark % 2
        else box(48, 200, 304, 28, p.main, r=8) + box(48, 218, 304, 12, p.dark, r=6)
    )
    book = path("M128 196 l70 -10 l34 14 l-72 12 Z", p.accent) + path("M128 196 l32 16 v8 l-32 -14 Z", p.paper)
    mug = box(252, 166, 34, 34, p.paper, r=7) + ring(288, 182, 9, p.paper, 5)
    return legs + top + book + mug


def chair(p: Palette, mark: int) -> str:
    """A dining chair."""
    back_legs = line("M138 76 L130 344 M262 76 L270 344", p.dark, 12)
    bars = (
        "".join(line(f"M{x} 92 V208", p.dark, 7) for x in (164, 188, 212, 236))
        if mark % 2
        else path("M136 86 Q200 66 264 86 L262 168 Q200 150 138 168 Z", p.main)
    )
    rail = line("M138 84 Q200 66 262 84", p.main, 18)
    seat = path("M120 212 Q200 200 280 212 L298 244 Q200 258 102 244 Z", p.light if mark % 3 else p.main) + path(
        "M102 244 Q200 258 298 244 L296 260 Q200 274 104 260 Z", p.darker
    )
    return back_legs + bars + rail + line("M114 254 L100 344 M286 254 L300 344", p.main, 13) + seat


def shelf(p: Palette, mark: int) -> str:
    """A bookshelf with a few things on it."""
    posts = box(92, 56, 12, 288, p.dark) + box(296, 56, 12, 288, p.dark)
    boards = "".join(box(84, y, 232, 13, p.main, r=3) for y in (84, 164, 244, 324))
    books = "".join(
        box(116 + i * 19, 164 - h, 15, h, c, r=2)
        for i, (h, c) in enumerate(((56, p.accent), (62, "#3f6a8a"), (50, "#d9b25a"), (58, "#a9584c"), (46, _GREEN)))
    )
    pot = (
        path("M234 138 h40 l-6 26 h-28 Z", "#c9694a")
        + oval(246, 124, 10, 20, _GREEN)
        + oval(264, 122, 10, 22, _GREEN_DARK)
    )
    basket = box(126, 196, 72, 48, p.wood, r=8) + line("M134 212 H190 M134 226 H190", p.wood_dark, 3)
    vase_ = path("M236 244 Q222 214 244 196 H262 Q284 214 270 244 Z", "#e6ded0")
    more = "".join(
        box(190 + i * 17, 324 - h, 14, h, c, r=2)
        for i, (h, c) in enumerate(((48, "#765bab"), (58, p.accent), (52, "#2f5d4b"), (60, "#d9b25a")))
    )
    return posts + boards + books + pot + basket + vase_ + more + (disc(146, 302, 22, p.accent) if mark % 2 else "")


SHAPES: Mapping[str, Shape] = {
    "mirror": mirror, "clock": clock, "casserole": casserole, "pan": pan, "knife": knife, "plate": plate,
    "glass": glass, "armchair": armchair, "coffee_table": coffee_table, "chair": chair, "shelf": shelf,
}  # fmt: skip
