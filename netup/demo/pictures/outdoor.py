"""Pictures of swimming, fitness and hiking merchandise."""

from collections.abc import Mapping

from netup.demo.pictures.drawing import (
    Shape,
    box,
    clipped,
    disc,
    faded,
    line,
    mirrored,
    oval,
    path,
    printed,
    ring,
    turned,
)
from netup.demo.pictures.palette import Palette


def swimsuit(p: Palette, mark: int) -> str:
    """A one-piece swimsuit."""
    outline = (
        "M148 70 L164 70 Q168 128 200 132 Q232 128 236 70 L252 70 Q256 130 272 150 Q262 200 272 246 "
        "Q250 268 226 332 Q200 342 174 332 Q150 268 128 246 Q138 200 128 150 Q144 130 148 70 Z"
    )
    return path(outline, p.main) + printed(outline, p, mark) + line("M131 156 Q200 190 269 156", p.accent, 9)


def goggles(p: Palette, mark: int) -> str:
    """Swimming goggles."""
    strap = line("M52 196 Q20 130 120 116 Q200 104 280 116 Q380 130 348 196", p.dark, 15)
    lens = path("M52 196 Q56 158 116 160 Q180 162 182 200 Q178 252 122 254 Q58 252 52 196 Z", p.main)
    glass = path("M72 198 Q76 176 118 178 Q162 180 164 202 Q160 236 122 236 Q76 236 72 198 Z", "#cfe7f2")
    shine = line("M88 202 Q92 190 112 190", "#ffffff", 7)
    return strap + line("M180 196 Q200 180 220 196", p.accent, 12) + mirrored(lens, glass, shine)


def swim_cap(p: Palette, mark: int) -> str:
    """A swimming cap."""
    outline = "M70 262 Q66 112 204 104 Q336 112 334 258 Q300 282 200 278 Q100 282 70 262 Z"
    waves = "".join(
        line(f"M60 {y} q28 -24 56 0 t56 0 t56 0 t56 0 t56 0", p.light if i % 2 else p.accent, 10)
        for i, y in enumerate((176, 206, 236))
    )
    rim = line("M72 262 Q100 282 200 278 Q300 282 333 258", p.dark, 9)
    return path(outline, p.main) + clipped("cap", outline, waves if mark % 3 else waves[: len(waves) // 3]) + rim


def mat(p: Palette, mark: int) -> str:
    """A half unrolled yoga mat."""
    sheet = path("M64 316 L112 212 H348 L330 316 Z", p.main) + path("M64 316 L330 316 L328 328 H60 Z", p.darker)
    marks = line("M148 292 L232 234 M262 292 L196 234", p.light, 5)
    roll = box(104, 146, 256, 84, p.dark, r=42) + disc(318, 188, 42, p.light)
    spiral = ring(318, 188, 29, p.dark, 7) + ring(318, 188, 14, p.dark, 6)
    return sheet + marks + roll + spiral + box(160, 146, 20, 84, p.accent) + box(236, 146, 20, 84, p.accent)


def block(p: Palette, mark: int) -> str:
    """Two yoga blocks."""
    low = path("M66 250 L150 220 L334 244 L256 280 Z", p.light) + path("M66 250 L256 280 V336 L66 304 Z", p.main)
    low += path("M256 280 L334 244 V298 L256 336 Z", p.dark)
    high = path("M140 118 L206 98 L282 112 L218 136 Z", p.light) + path("M140 118 L218 136 V266 L140 240 Z", p.main)
    high += path("M218 136 L282 112 V240 L218 266 Z", p.dark)
    grain = "".join(disc(84 + i * 17 % 160, 268 + i * 7 % 34, 3, p.darker) for i in range(12))
    return low + high + grain + disc(180, 190, 16, p.accent)


def dumbbell(p: Palette, mark: int) -> str:
    """A pair of hexagonal dumbbells."""

    def one(x: int, y: int, main: str, dark: str) -> str:
        ends = "".join(
            path(f"M{x + s} {y} h44 l12 24 v34 l-12 24 h-44 l-12 -24 v-34 Z", main)
            + box(x + s + 8, y + 14, 26, 54, dark, r=8)
            for s in (0, 168)
        )
        return box(x + 36, y + 28, 150, 26, p.steel_dark, r=10) + box(x + 36, y + 30, 150, 8, p.steel, r=4) + ends

    return one(92, 130, p.light, p.main) + one(66, 240, p.main, p.dark)


def bands(p: Palette, mark: int) -> str:
    """Three elastic bands."""
    loops = ""
    for x, y, c in ((124, 210, p.dark), (206, 178, p.main), (278, 226, p.accent)):
        loops += f'<ellipse cx="{x}" cy="{y}" rx="58" ry="100" fill="none" stroke="{c}" stroke-width="24"/>'
        loops += faded(0.3, line(f"M{x - 46} {y - 50} Q{x - 30} {y - 92} {x} {y - 96}", "#ffffff", 6))
    return loops


def backpack(p: Palette, mark: int) -> str:
    """A hiking backpack with its bottle."""
    flask = box(292, 196, 34, 92, p.accent, r=10) + box(298, 180, 22, 20, p.ink, r=5)
    handle = line("M166 84 Q200 44 234 84", p.darker, 11)
    body = path("M104 150 Q104 78 200 78 Q296 78 296 150 V310 Q296 338 268 338 H132 Q104 338 104 310 Z", p.main)
    flap = path("M104 150 Q104 78 200 78 Q296 78 296 150 V186 Q200 214 104 186 Z", p.dark)
    pocket = box(134, 236, 132, 84, p.dark, r=18) + line("M150 258 H250", p.light, 5)
    straps = box(150, 158, 14, 62, p.accent, r=4) + box(236, 158, 14, 62, p.accent, r=4)
    roll = box(112, 322, 176, 30, p.wood, r=15) + disc(276, 337, 9, p.wood_dark)
    return flask + handle + body + flap + pocket + straps + (roll if mark % 2 else "") + disc(200, 128, 15, p.lighter)


def boot(p: Palette, mark: int) -> str:
    """A hiking boot."""
    sole = path(
        "M74 306 H330 Q352 306 350 322 V336 H318 l-8 -10 -14 10 h-22 l-8 -10 -14 10 h-24 l-8 -10 -14 10 H74 Z", p.ink
    )
    body = path("M82 310 Q72 210 88 92 Q140 78 190 92 L198 184 Q260 212 316 238 Q350 256 348 310 Z", p.main)
    toe = path("M288 228 Q350 246 348 310 H264 Q258 256 288 228 Z", p.darker)
    collar = path("M86 104 Q138 88 191 104 L190 82 Q138 66 88 82 Z", p.light)
    laces = "".join(
        line(f"M{150 + i * 12} {128 + i * 24} L{204 + i * 14} {120 + i * 24}", p.accent, 7) for i in range(5)
    )
    return sole + body + toe + collar + path("M82 310 Q78 256 82 216 Q112 226 116 310 Z", p.dark) + laces


def poles(p: Palette, mark: int) -> str:
    """A pair of hiking poles, crossed."""

    def pole(tilt: float) -> str:
        return turned(
            tilt,
            box(194, 90, 12, 130, p.main, r=4),
            box(196, 216, 8, 120, p.steel, r=3),
            box(188, 52, 24, 62, p.wood_dark, r=11),
            line("M196 60 Q160 90 190 118", p.ink, 5),
            oval(200, 318, 24, 6, p.ink),
            path("M195 332 h10 l-5 26 Z", p.ink),
            box(190, 206, 20, 22, p.accent, r=5),
        )

    return pole(-22) + pole(22)


def tent(p: Palette, mark: int) -> str:
    """A tent under the stars of its label."""
    ground = oval(200, 316, 170, 18, "#c9d4b4")
    back = path("M196 96 L352 312 H196 Z", p.dark) + path("M196 96 L48 312 H262 Z", p.main)
    door = path("M180 160 L126 312 H226 Z", p.ink) + path("M180 160 L126 312 L150 312 Q186 250 180 160 Z", p.accent)
    ropes = line("M48 312 L20 326 M352 312 L380 326", p.wood_dark, 4) + line("M196 96 L188 80", p.wood_dark, 6)
    return ground + back + door + ropes + faded(0.5, line("M196 96 L262 312", p.lighter, 5))


def bottle(p: Palette, mark: int) -> str:
    """An insulated bottle."""
    loop = ring(200, 78, 24, p.ink, 9) if mark % 2 else box(168, 62, 64, 16, p.wood, r=8)
    cap_ = box(164, 76, 72, 40, p.steel_dark if mark % 3 else p.wood_dark, r=8)
    outline = "M160 116 H240 Q262 132 262 162 V318 Q262 344 236 344 H164 Q138 344 138 318 V162 Q138 132 160 116 Z"
    label = line("M170 250 l30 -42 24 30 12 -14 20 26", p.lighter, 7) if mark % 3 else disc(200, 232, 24, p.lighter)
    gloss = faded(0.35, box(152, 156, 12, 160, "#ffffff", r=6))
    return loop + cap_ + path(outline, p.main) + box(138, 312, 124, 14, p.dark) + label + gloss


SHAPES: Mapping[str, Shape] = {
    "swimsuit": swimsuit, "goggles": goggles, "swim_cap": swim_cap, "mat": mat, "block": block,
    "dumbbell": dumbbell, "bands": bands, "backpack": backpack, "boot": boot, "poles": poles, "tent": tent,
    "bottle": bottle,
}  # fmt: skip
