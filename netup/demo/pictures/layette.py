"""Pictures of first toys, first clothes and birth gifts."""

from collections.abc import Mapping
from math import cos, sin

from netup.demo.pictures.drawing import (
    Shape,
    box,
    disc,
    face,
    faded,
    line,
    mirrored,
    oval,
    path,
    printed,
    ring,
    star,
)
from netup.demo.pictures.palette import Palette


def plush(p: Palette, mark: int) -> str:
    """A soft rabbit, bear or fox."""
    body = path("M200 226 Q276 232 270 304 Q262 344 200 344 Q138 344 130 304 Q124 232 200 226 Z", p.main) + oval(
        200, 294, 38, 40, p.lighter
    )
    limbs = mirrored(oval(128, 262, 22, 38, p.dark), oval(150, 332, 32, 20, p.dark))
    head = oval(200, 172, 78, 68, p.main)
    kind = mark % 3
    if kind == 0:
        ears = mirrored(
            path("M160 126 Q120 40 152 32 Q188 40 190 116 Z", p.main),
            path("M162 112 Q142 56 154 52 Q174 60 178 108 Z", p.lighter),
        )
    elif kind == 1:
        ears = mirrored(disc(138, 118, 30, p.main), disc(138, 118, 16, p.lighter))
    else:
        ears = mirrored(path("M130 146 L120 78 L182 112 Z", p.main), path("M140 130 L134 98 L166 114 Z", p.darker))
    cheeks = mirrored(disc(152, 192, 11, p.accent))
    scarf = path("M142 222 Q200 250 258 222 L256 242 Q200 268 144 242 Z", p.accent)
    return (
        limbs
        + body
        + ears
        + head
        + oval(200, 190, 34, 25, p.lighter)
        + faded(0.5, cheeks)
        + face(200, 168, p.ink)
        + scarf
    )


def rattle(p: Palette, mark: int) -> str:
    """A wooden rattle."""
    hoop = ring(200, 150, 70, p.wood, 24)
    beads = "".join(
        disc(200 + 70 * cos(a), 150 + 70 * sin(a), 19, c)
        for a, c in ((-2.4, p.main), (-1.57, p.accent), (-0.74, p.dark))
    )
    handle = box(184, 218, 32, 92, p.wood, r=14) + box(184, 246, 32, 14, p.main) + box(184, 272, 32, 14, p.accent)
    ears = (
        path("M176 300 Q116 250 108 300 Q112 330 178 322 Z M224 300 Q284 250 292 300 Q288 330 222 322 Z", p.main)
        if mark % 2
        else disc(200, 318, 32, p.main) + faded(0.4, oval(188, 306, 9, 6, "#ffffff"))
    )
    return hoop + beads + handle + ears


def play_mat(p: Palette, mark: int) -> str:
    """A play mat with its arch."""
    mat_ = oval(200, 296, 164, 52, p.main) + oval(200, 292, 138, 40, p.light) + oval(200, 290, 84, 22, p.lighter)
    arch = line("M86 292 Q84 84 200 80 Q316 84 314 292", p.wood, 14)
    threads = line("M140 114 V176 M200 84 V150 M260 114 V180", p.steel_dark, 3)
    toys = (
        disc(140, 196, 22, p.accent)
        + star(200, 176, 26, "#f1c23e")
        + path("M238 186 q22 -14 44 0 v26 q-22 14 -44 0 Z", p.dark)
    )
    return mat_ + arch + threads + toys


def stacking_toy(p: Palette, mark: int) -> str:
    """Wooden rings on their stand."""
    colours = (p.darker, p.accent, p.main, "#f1c23e", p.light)
    rings = "".join(
        box(200 - w, 286 - i * 44, 2 * w, 44, c, r=22)
        for i, (w, c) in enumerate(zip((112, 96, 80, 64, 50), colours, strict=True))
    )
    base = box(74, 328, 252, 18, p.wood_dark, r=8)
    top = disc(200, 82, 30, p.wood) + face(200, 76, p.ink) if mark % 2 else disc(200, 82, 30, p.wood)
    return base + box(194, 90, 12, 240, p.wood) + rings + top


def gift_box(p: Palette, mark: int) -> str:
    """A gift set with a small bear looking out."""
    bear = disc(152, 108, 16, p.wood) + disc(216, 108, 16, p.wood) + disc(184, 142, 46, p.wood) + face(184, 138, p.ink)
    cloth = path("M226 176 Q236 104 268 112 Q300 118 300 176 Z", p.lighter) + line(
        "M244 150 Q262 134 288 146", p.accent, 5
    )
    front = box(84, 176, 232, 160, p.main, r=8) + box(84, 176, 232, 24, p.dark, r=5)
    ribbon = (
        box(186, 176, 30, 160, p.accent)
        + path("M200 200 Q142 168 138 208 Q146 234 200 210 Q254 234 262 208 Q258 168 200 200 Z", p.accent)
        + disc(201, 206, 11, p.paper)
    )
    dots = "".join(disc(x, y, 5, p.light) for x in (112, 148, 252, 288) for y in (240, 280, 316)) if mark % 2 else ""
    return bear + cloth + front + dots + ribbon


def bodysuit(p: Palette, mark: int) -> str:
    """A baby bodysuit."""
    outline = (
        "M152 78 Q200 118 248 78 L314 112 L300 178 L268 168 L274 254 Q250 300 226 330 Q200 340 174 330 "
        "Q150 300 126 254 L132 168 L100 178 L86 112 Z"
    )
    neck = line("M152 78 Q200 122 248 78", p.dark, 10)
    poppers = "".join(disc(x, 322, 5, p.paper) for x in (184, 200, 216)) + line("M174 308 H226", p.dark, 5)
    badge = (
        disc(200, 208, 30, p.lighter) + face(200, 200, p.ink),
        star(200, 206, 32, p.accent),
        path("M200 236 Q150 200 168 178 Q186 164 200 188 Q214 164 232 178 Q250 200 200 236 Z", p.accent),
    )[mark % 3]
    cuffs = line("M101 174 L88 114 M299 174 L312 114", p.dark, 9)
    return path(outline, p.main) + printed(outline, p, (1, 2, 0, 4)[mark % 4]) + neck + poppers + badge + cuffs


def romper(p: Palette, mark: int) -> str:
    """Baby pyjamas with feet."""
    outline = (
        "M154 70 Q200 100 246 70 L304 98 Q330 168 334 226 L298 236 L270 164 L274 238 L288 320 Q280 346 "
        "250 342 L230 336 L206 262 H194 L170 336 L150 342 Q120 346 112 320 L126 238 L130 164 L102 236 "
        "L66 226 Q70 168 96 98 Z"
    )
    feet = path("M112 316 Q118 346 150 342 L170 336 L164 316 Z M288 316 Q282 346 250 342 L230 336 L236 316 Z", p.dark)
    zip_ = (
        line("M200 92 L176 318", p.accent, 5)
        if mark % 2
        else "".join(disc(200, y, 5, p.paper) for y in range(116, 250, 26))
    )
    return (
        path(outline, p.main)
        + printed(outline, p, (2, 4, 1)[mark % 3])
        + feet
        + zip_
        + line("M154 72 Q200 104 246 72", p.dark, 9)
    )


def baby_hat(p: Palette, mark: int) -> str:
    """A newborn's hat with ears or a knot."""
    ears = (
        mirrored(disc(108, 128, 36, p.main), disc(108, 128, 19, p.lighter))
        if mark % 2
        else path("M188 112 Q146 60 168 48 Q196 56 200 100 Q204 56 232 48 Q254 60 212 112 Z", p.dark)
    )
    dome = "M74 268 Q70 100 200 98 Q330 100 326 268 Z"
    ribs = "".join(line(f"M{x} 264 v42", p.darker, 4) for x in range(92, 316, 16))
    return (
        ears + path(dome, p.main) + printed(dome, p, (1, 2, 4)[mark % 3]) + box(66, 258, 268, 54, p.dark, r=18) + ribs
    )


def hooded_towel(p: Palette, mark: int) -> str:
    """A hooded bath towel."""
    outline = "M200 62 Q282 64 290 140 L340 314 Q200 356 60 314 L110 140 Q118 64 200 62 Z"
    ears = mirrored(disc(136, 76, 26, p.main), disc(136, 76, 14, p.dark))
    hood = path("M124 150 Q126 92 200 90 Q274 92 276 150 Q200 196 124 150 Z", p.light)
    hem = line("M62 306 Q200 346 338 306", p.accent, 9)
    return (
        ears
        + path(outline, p.main)
        + hood
        + face(200, 126, p.ink)
        + hem
        + (printed("M110 190 L290 190 L326 296 Q200 330 74 296 Z", p, 2) if mark % 2 else "")
    )


SHAPES: Mapping[str, Shape] = {
    "plush": plush, "rattle": rattle, "play_mat": play_mat, "stacking_toy": stacking_toy, "gift_box": gift_box,
    "bodysuit": bodysuit, "romper": romper, "baby_hat": baby_hat, "hooded_towel": hooded_towel,
}  # fmt: skip
