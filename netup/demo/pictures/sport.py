"""Pictures of racket, running, football and cycling merchandise."""

from collections.abc import Mapping
from math import cos, pi, sin

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
    ring,
    turned,
)
from netup.demo.pictures.palette import COLOURS, Palette


def racket(p: Palette, mark: int) -> str:
    """A racket leaning to the right, with a ball."""
    oval_ = "M200 60 C262 60 288 112 280 162 C273 206 240 236 200 240 C160 236 127 206 120 162 C112 112 138 60 200 60 Z"
    strings = "".join(line(f"M{x} 50 V250", "#e9e4d6", 2.4) for x in range(126, 280, 15))
    strings += "".join(line(f"M110 {y} H290", "#e9e4d6", 2.4) for y in range(66, 245, 15))
    head = path(oval_, "#ffffff80") + clipped("head", oval_, strings) + line(oval_, p.main, 15)
    mark_ = line("M128 130 C136 90 160 68 200 67", p.accent if mark % 2 else p.lighter, 7)
    throat = line("M150 225 L192 290 M250 225 L208 290", p.dark, 12)
    grip = box(187, 280, 26, 84, p.ink, r=8) + "".join(
        line(f"M188 {y} l24 9", "#565c66", 3) for y in range(298, 356, 13)
    )
    ball = disc(318, 318, 27, "#d8e04a") + line("M297 302 Q318 316 313 344", "#fbfbe8", 4)
    return turned(24, throat, head, mark_, grip) + ball


def ball_tube(p: Palette, mark: int) -> str:
    """A clear tube of balls."""
    balls = "".join(
        disc(178, y, 40, "#d8e04a") + line(f"M146 {y - 20} Q182 {y} 152 {y + 28}", "#fbfbe8", 5)
        for y in (300, 226, 152)
    )
    label = box(134, 196, 88, 64, p.main) + box(134, 240, 88, 8, p.accent)
    tube = faded(0.35, box(132, 84, 92, 262, "#ffffff", r=16)) + box(128, 64, 100, 30, p.dark, r=10)
    side = disc(288, 312, 34, "#d8e04a") + line("M262 292 Q290 312 282 345", "#fbfbe8", 5)
    return balls + faded(0.94, label) + tube + side + faded(0.5, box(144, 100, 9, 230, "#ffffff", r=4))


def string_reel(p: Palette, mark: int) -> str:
    """A coil of racket string on its card."""
    card = box(96, 66, 208, 276, p.paper, r=14) + box(96, 66, 208, 62, p.dark, r=14) + box(96, 112, 208, 16, p.dark)
    coil = "".join(ring(200, 226, r, p.main if r % 8 else p.light, 4.2) for r in range(48, 84, 6))
    ties = "".join(box(x, y, 16, 40, p.accent, r=4) for x, y in ((192, 138), (192, 274)))
    return card + coil + ties + disc(200, 97, 14, p.accent) + line("M160 326 H240", p.steel, 5)


def grip(p: Palette, mark: int) -> str:
    """Rolls of grip tape."""
    rolls = ""
    for x, y, c, d in ((140, 270, p.dark, p.darker), (262, 270, p.main, p.dark), (200, 168, p.light, p.main)):
        rolls += disc(x, y, 62, c) + ring(x, y, 47, d, 3) + ring(x, y, 33, d, 3) + disc(x, y, 18, p.background)
        rolls += faded(0.35, line(f"M{x - 40} {y - 34} A52 52 0 0 1 {x + 8} {y - 51}", "#ffffff", 7))
    return rolls


def damper(p: Palette, mark: int) -> str:
    """A vibration damper between two strings."""
    strings = line("M150 60 V344 M250 60 V344", p.steel, 6) + line("M70 110 H330", p.steel, 6)
    body = disc(200, 216, 74, p.main) + ring(200, 216, 56, p.light, 8)
    star = "".join(
        line(f"M200 216 L{200 + 36 * cos(a):.0f} {216 + 36 * sin(a):.0f}", p.accent, 11)
        for a in (pi / 2 + i * 2 * pi / (3 + mark % 3) for i in range(3 + mark % 3))
    )
    return strings + body + star + faded(0.4, oval(172, 174, 22, 10, "#ffffff"))


def _low_shoe(p: Palette, upper: str, *, sole: str) -> str:
    """A low shoe from the side; the upper is drawn over a rounded sole."""
    bottom = path("M58 286 Q54 318 84 320 H322 Q352 318 348 284 Q300 296 200 292 Q110 296 58 286 Z", sole)
    body = path(
        "M62 288 Q52 226 70 176 Q92 198 132 196 L160 172 Q196 214 262 232 Q338 244 346 288 Q200 300 62 288 Z", upper
    )
    return bottom + body


def sneaker(p: Palette, mark: int) -> str:
    """A court or town shoe."""
    shoe = _low_shoe(p, p.main, sole=p.paper) + line("M60 304 H347", p.steel, 3)
    toe = path("M284 240 Q340 248 346 288 Q310 294 276 292 Q264 262 284 240 Z", p.light)
    heel = path("M62 288 Q52 226 70 176 Q82 190 98 194 Q88 240 98 290 Z", p.accent if mark % 2 else p.dark)
    laces = "".join(line(f"M{168 + i * 22} {196 + i * 12} l22 -17", p.paper, 7) for i in range(4))
    stripe = (
        line("M130 282 Q170 256 178 214", p.lighter, 12)
        if mark % 3 == 0
        else line("M118 284 L152 206 M146 287 L176 222", p.lighter, 9)
    )
    return shoe + toe + heel + stripe + laces + line("M72 180 Q94 200 132 198 L160 174", p.darker, 6)


def runner(p: Palette, mark: int) -> str:
    """A running shoe with a thick foam sole."""
    foam = path("M48 282 Q40 328 78 330 L300 330 Q350 330 362 292 Q330 282 200 286 Q120 292 48 282 Z", p.paper)
    tread = path("M70 322 Q66 338 88 338 H296 Q326 338 344 318 Q200 330 70 322 Z", p.accent)
    body = path(
        "M52 286 Q44 222 58 168 Q88 196 128 190 L154 164 Q200 216 270 236 Q346 250 358 292 Q200 296 52 286 Z", p.main
    )
    weave = faded(0.35, *(line(f"M{x} 286 L{x - 22} 214", p.lighter, 4) for x in range(220, 340, 15)))
    swoosh = path("M96 284 Q168 268 196 208 L218 222 Q186 282 126 288 Z", p.accent if mark % 2 else p.lighter)
    laces = "".join(line(f"M{162 + i * 22} {190 + i * 13} l24 -16", p.paper, 7) for i in range(4))
    tab = line("M60 172 Q88 198 128 192 L154 166", p.darker, 8) + line("M56 160 l8 24", p.accent, 9)
    return foam + tread + body + weave + swoosh + laces + tab


def cleats(p: Palette, mark: int) -> str:
    """A football boot on its studs."""
    studs = "".join(path(f"M{x} 296 h26 l-6 38 h-14 Z", p.accent) for x in (72, 118, 214, 262, 306))
    plate = path("M56 284 Q54 306 84 306 H326 Q350 304 350 284 Q200 298 56 284 Z", p.ink)
    body = path(
        "M60 288 Q48 222 66 170 Q92 194 130 190 L158 166 Q200 214 268 232 Q344 246 350 288 Q200 296 60 288 Z", p.main
    )
    ridges = "".join(line(f"M{x} 286 q4 -22 -8 -40", p.lighter, 6) for x in range(250, 330, 20))
    stripes = "".join(line(f"M{100 + i * 28} 286 L{138 + i * 24} 212", p.paper, 10) for i in range(2 + mark % 2))
    laces = "".join(line(f"M{168 + i * 20} {190 + i * 11} l20 -15", p.ink, 6) for i in range(4))
    return studs + plate + body + ridges + stripes + laces


def sport_bag(p: Palette, mark: int) -> str:
    """A racket bag with its strap."""
    strap = line("M108 130 Q200 30 292 130", p.darker, 13)
    body = path("M60 150 Q64 110 110 110 H290 Q336 110 340 150 L350 280 Q350 322 306 322 H94 Q50 322 50 280 Z", p.main)
    pocket = path("M92 214 H308 L314 290 Q314 304 298 304 H102 Q86 304 86 290 Z", p.dark)
    zips = line("M86 156 H314", p.paper, 5) + line("M108 232 H292", p.steel, 4) + disc(314, 156, 8, p.accent)
    badge = disc(200, 268, 19, p.accent) + line("M188 268 h24", p.paper, 5)
    return strap + body + pocket + zips + badge + box(126, 104, 16, 52, p.accent) + box(258, 104, 16, 52, p.accent)


def sport_watch(p: Palette, mark: int) -> str:
    """A round watch showing a run."""
    strap = path("M158 40 H242 L250 120 H150 Z M150 280 H250 L242 364 H158 Z", p.main)
    holes = "".join(box(192, y, 16, 7, p.darker, r=3) for y in (62, 82, 318, 338))
    case = disc(200, 200, 96, p.dark) + disc(200, 200, 84, p.ink) + box(294, 180, 14, 40, p.steel_dark, r=5)
    face = line("M142 226 L166 206 L186 220 L212 178 L236 200 L258 170", p.accent, 7)
    digits = (
        f'<text x="200" y="158" font-family="sans-serif" font-size="34" font-weight="700" fill="#ffffff" '
        f'text-anchor="middle">{5 + mark % 7}:{10 + mark % 49}</text>'
    )
    return strap + holes + case + face + digits + line("M160 254 H240", "#5f6772", 8) + line("M160 254 h52", p.light, 8)


def belt_bag(p: Palette, mark: int) -> str:
    """A running belt with two flasks."""
    belt = path("M40 190 Q200 130 360 190 L352 232 Q200 176 48 232 Z", p.dark)
    pouch = box(140, 176, 120, 84, p.main, r=22) + line("M160 204 H240", p.lighter, 6)
    flasks = mirrored(
        box(72, 158, 48, 128, "#dfeef6", r=18), box(82, 134, 28, 30, p.accent, r=8), box(72, 216, 48, 34, p.main)
    )
    return belt + flasks + pouch + disc(238, 204, 7, p.accent)


def headlamp(p: Palette, mark: int) -> str:
    """A headlamp with its beam."""
    beam = faded(0.55, path("M196 190 L60 330 H330 Z", "#fbe9a8"))
    band = line("M84 150 Q200 40 316 150", p.main, 26) + line("M84 150 Q200 40 316 150", p.light, 6)
    head = box(136, 120, 128, 96, p.ink, r=24) + disc(200, 170, 36, p.steel) + disc(200, 170, 26, "#fff6cf")
    return beam + band + head + disc(248, 138, 7, p.accent) + ring(200, 170, 36, p.main, 7)


def cap(p: Palette, mark: int) -> str:
    """A sports cap."""
    crown = path("M84 250 Q80 128 196 122 Q312 126 304 252 Z", p.main)
    seams = line("M196 124 Q150 170 152 250 M196 124 Q244 170 240 250", p.dark, 4)
    peak = path("M240 246 Q330 236 366 276 Q300 292 216 268 Q150 254 84 258 L84 246 Q170 236 240 246 Z", p.dark)
    return crown + seams + peak + disc(196, 122, 10, p.accent) + box(178, 180, 44, 26, p.accent, r=8)


def football(p: Palette, mark: int) -> str:
    """A ball with pentagons in the product's colour, dark ones on a white ball."""
    dark = p.ink if p.main == COLOURS["blanc"] else p.main

    def at(r: float, angle: float, *, x: float = 200, y: float = 202) -> str:
        return f"{x + r * cos(angle):.0f} {y + r * sin(angle):.0f}"

    def pentagon(x: float, y: float, r: float, tilt: float) -> str:
        return path("M" + " L".join(at(r, tilt + i * 2 * pi / 5, x=x, y=y) for i in range(5)) + " Z", dark)

    sphere = "M200 76 A126 126 0 1 1 199.9 76 Z"
    around = [-pi / 2 + i * 2 * pi / 5 for i in range(5)]
    patches = pentagon(200, 202, 44, -pi / 2)
    patches += "".join(pentagon(200 + 118 * cos(a), 202 + 118 * sin(a), 40, a + pi) for a in around)
    seams = "".join(line(f"M{at(44, a)} L{at(84, a)}", dark, 5) for a in around)
    gloss = faded(0.12, path("M200 328 A126 126 0 0 0 326 202 Q300 290 200 328 Z", "#000000"))
    return path(sphere, "#fbfaf6") + clipped("ball", sphere, patches, seams, gloss) + ring(200, 202, 126, p.steel, 3)


def shin_guard(p: Palette, mark: int) -> str:
    """A pair of shin guards."""
    one = "M92 96 Q140 76 180 96 Q194 200 168 312 Q136 330 106 312 Q78 200 92 96 Z"
    guard = path(one, p.main) + line("M110 130 Q138 118 164 130 M104 170 Q138 160 170 170", p.lighter, 9)
    guard += path("M118 196 L156 196 L137 262 Z", p.accent) + line("M106 290 Q136 304 168 290", p.dark, 12)
    return mirrored(guard)


def gloves(p: Palette, mark: int) -> str:
    """A pair of gloves."""
    hand = (
        "M88 300 L82 216 Q48 196 56 168 Q66 156 84 172 L92 184 V104 Q104 88 116 104 V86 Q130 72 142 88 V96 "
        "Q156 84 166 100 V124 Q180 116 186 132 L184 230 Q180 270 176 300 Z"
    )
    glove = path(hand, p.main) + line("M116 106 V180 M142 96 V178 M165 124 V184", p.dark, 5)
    cuff = box(84, 286, 96, 40, p.dark, r=10) + box(96, 298, 46, 14, p.accent, r=5)
    return mirrored(glove, path("M104 214 Q136 196 168 214 L164 262 Q136 274 108 262 Z", p.light), cuff)


def pump(p: Palette, mark: int) -> str:
    """A floor pump with its gauge."""
    base = box(130, 318, 140, 18, p.ink, r=9) + box(186, 122, 28, 200, p.main, r=6)
    rod = box(194, 74, 12, 60, p.steel) + box(128, 58, 144, 22, p.ink, r=11)
    hose = line("M206 300 Q300 296 296 210 Q292 164 262 172", p.ink, 8)
    gauge = disc(200, 292, 34, p.paper) + ring(200, 292, 34, p.dark, 7) + line("M200 292 l16 -16", p.accent, 6)
    return (
        base + rod + hose + gauge + faded(0.4, box(191, 130, 6, 120, "#ffffff")) + box(250, 164, 26, 16, p.accent, r=5)
    )


def bicycle(p: Palette, mark: int) -> str:
    """A town bicycle."""
    wheels = ""
    for x in (110, 292):
        spokes = "".join(
            line(f"M{x} 258 L{x + 60 * cos(a * pi / 6):.0f} {258 + 60 * sin(a * pi / 6):.0f}", p.steel, 2)
            for a in range(12)
        )
        wheels += ring(x, 258, 64, p.ink, 9) + spokes + disc(x, 258, 8, p.steel_dark)
    frame = line("M110 258 L156 164 H262 L196 258 Z M156 164 L196 258 M292 258 L254 124", p.main, 11)
    bars = line("M254 124 Q250 106 270 104 L290 112", p.ink, 9) + line("M156 164 L148 138", p.steel_dark, 8)
    saddle = path("M118 128 Q150 120 178 130 Q170 144 148 144 Q124 144 118 128 Z", p.wood_dark)
    basket = path("M268 120 h58 l-8 48 h-42 Z", p.wood) + line("M272 134 h50 M274 150 h44", p.wood_dark, 3)
    cranks = ring(196, 258, 20, p.steel_dark, 6) + line("M196 258 l16 28 m-10 2 h24", p.ink, 6)
    mudguard = line("M44 246 A68 68 0 0 1 130 194", p.accent if mark % 2 else p.light, 7)
    return wheels + mudguard + frame + bars + saddle + (basket if mark % 3 else "") + cranks


def helmet(p: Palette, mark: int) -> str:
    """A bicycle helmet."""
    shell = path("M58 246 Q58 112 206 104 Q342 112 346 232 Q340 262 300 256 Q200 236 104 266 Q62 272 58 246 Z", p.main)
    vents = "".join(
        path(f"M{x} {y} q{w} -{h} {w * 2} -6 q-{w} {h - 14} -{w * 2} 6 Z", p.darker)
        for x, y, w, h in (
            (96, 216, 28, 44),
            (170, 196, 32, 48),
            (252, 204, 26, 42),
            (140, 152, 30, 30),
            (222, 148, 28, 28),
        )
    )
    straps = line("M112 262 L176 338 L270 252", p.ink, 8) + box(164, 324, 26, 20, p.accent, r=5)
    rim = line("M60 250 Q80 268 106 262 Q200 236 300 254 Q334 258 344 238", p.accent if mark % 2 else p.lighter, 8)
    return straps + shell + vents + rim


def bike_light(p: Palette, mark: int) -> str:
    """A front and a rear light."""
    glow = faded(0.5, disc(150, 196, 104, "#fdf0b6")) + faded(0.35, disc(292, 250, 66, "#f6a39a"))
    front = box(98, 138, 104, 116, p.main, r=24) + disc(150, 196, 42, p.steel) + disc(150, 196, 33, "#fff8d8")
    rear = box(256, 206, 72, 90, p.ink, r=18) + box(268, 218, 48, 64, "#d9423b", r=12)
    bands = line("M120 254 q30 40 60 0", p.ink, 10) + line("M272 296 q20 30 40 0", p.ink, 9)
    return glow + bands + front + rear + "".join(box(274, y, 36, 5, "#ef857f", r=2) for y in (234, 248, 262))


def lock(p: Palette, mark: int) -> str:
    """A U-lock."""
    bow = line("M128 262 V150 A72 72 0 0 1 272 150 V262", p.ink, 30) + line(
        "M128 262 V150 A72 72 0 0 1 272 150 V262", p.main, 16
    )
    bar = box(88, 250, 224, 66, p.ink, r=30) + box(88, 250, 224, 24, "#4a505a", r=12)
    return bow + bar + disc(200, 286, 15, p.accent) + box(197, 280, 6, 14, p.ink)


SHAPES: Mapping[str, Shape] = {
    "racket": racket, "ball_tube": ball_tube, "string_reel": string_reel, "grip": grip, "damper": damper,
    "sneaker": sneaker, "runner": runner, "cleats": cleats, "sport_bag": sport_bag, "sport_watch": sport_watch,
    "belt_bag": belt_bag, "headlamp": headlamp, "cap": cap, "football": football, "shin_guard": shin_guard,
    "gloves": gloves, "pump": pump, "bicycle": bicycle, "helmet": helmet, "bike_light": bike_light, "lock": lock,
}  # fmt: skip
