"""Pictures of coffee machines, coffees and what goes with them."""

from collections.abc import Mapping

from netup.demo.pictures.drawing import Shape, box, clipped, disc, faded, line, oval, path, ring, turned
from netup.demo.pictures.palette import COLOURS, Palette

_BROWN, _CREAM = "#5b3a26", "#e9cfa6"


def _small_cup(x: float, y: float, fill: str) -> str:
    """A small cup standing at a point of its base."""
    return (
        path(f"M{x - 24} {y - 36} h48 q0 36 -14 36 h-20 q-14 0 -14 -36 Z", fill)
        + ring(x + 26, y - 22, 9, fill, 5)
        + oval(x, y - 36, 24, 5, _BROWN)
    )


def bean_machine(p: Palette, mark: int) -> str:
    """A bean-to-cup machine."""
    hopper = path("M132 66 H268 L256 104 H144 Z", "#dfe8ec") + path("M140 84 H260 L255 104 H145 Z", _BROWN)
    body = box(98, 98, 204, 246, p.main, r=22) + box(98, 98, 204, 74, p.dark, r=22) + box(98, 150, 204, 22, p.dark)
    screen = box(126, 116, 88, 36, p.ink, r=8) + line("M138 134 h28", p.accent, 6) + line("M174 134 h26", "#6d7681", 6)
    keys = "".join(disc(x, 134, 9, p.lighter) for x in (238, 264))
    niche = (
        box(128, 186, 144, 130, p.ink, r=12)
        + box(170, 186, 60, 34, p.steel, r=8)
        + box(182, 218, 10, 14, p.steel_dark)
        + box(208, 218, 10, 14, p.steel_dark)
    )
    jets = line("M187 232 V276 M213 232 V276", "#7a4f32", 4)
    tray = box(114, 310, 172, 16, p.steel, r=5) + box(114, 326, 172, 10, p.steel_dark, r=4)
    return hopper + body + screen + keys + niche + jets + _small_cup(200, 310, p.paper) + tray


def espresso_machine(p: Palette, mark: int) -> str:
    """A pump machine with its portafilter."""
    body = box(84, 100, 232, 84, p.main, r=16) + box(96, 184, 64, 140, p.dark) + box(84, 84, 232, 22, p.steel, r=6)
    base = box(84, 316, 232, 28, p.main, r=10) + box(150, 306, 158, 14, p.steel, r=4)
    gauge = disc(126, 142, 23, p.paper) + ring(126, 142, 23, p.steel_dark, 5) + line("M126 142 l10 -11", p.accent, 4)
    keys = "".join(disc(x, 142, 11, p.lighter) + disc(x, 142, 5, p.ink) for x in (184, 218, 252))
    group = (
        box(196, 184, 68, 20, p.steel_dark, r=4)
        + box(204, 202, 52, 20, p.steel, r=6)
        + box(126, 204, 84, 15, p.ink if mark % 2 else p.wood_dark, r=7)
    )
    wand = line("M292 184 Q298 230 286 276", p.steel_dark, 8)
    return (
        body
        + base
        + gauge
        + keys
        + wand
        + group
        + line("M222 222 V268 M238 222 V268", "#7a4f32", 4)
        + _small_cup(230, 306, p.paper)
    )


def capsule_machine(p: Palette, mark: int) -> str:
    """A slim capsule machine."""
    tank = box(214, 130, 84, 190, "#d6e9f0", r=18) + box(220, 200, 72, 112, "#b3d8e6", r=14)
    body = path("M116 324 V150 Q116 88 186 86 H236 Q262 90 260 128 H206 Q172 132 172 172 V324 Z", p.main)
    lever = path("M136 92 Q190 50 252 74 L248 92 Q196 78 150 106 Z", p.dark)
    head = box(150, 128, 92, 40, p.dark, r=12) + box(182, 166, 28, 16, p.ink, r=4)
    tray = box(104, 318, 198, 24, p.darker, r=10) + box(136, 306, 92, 14, p.steel, r=4)
    pod = path("M302 324 l8 -30 h34 l8 30 Z", p.accent) + oval(327, 294, 20, 5, p.paper)
    return tank + body + lever + head + line("M196 182 V264", "#7a4f32", 4) + _small_cup(194, 306, p.paper) + tray + pod


def filter_machine(p: Palette, mark: int) -> str:
    """A filter coffee maker."""
    body = path("M104 344 V98 Q104 76 128 76 H276 Q298 76 298 98 V148 H188 V312 H300 V344 Z", p.main)
    basket = path("M194 148 H300 L280 198 H216 Z", p.dark)
    jug = path("M208 214 H292 Q312 262 300 312 H200 Q190 262 208 214 Z", "#dcebf0")
    coffee_ = path("M199 256 Q202 250 246 252 Q298 250 304 258 Q306 290 300 312 H200 Q194 288 199 256 Z", _BROWN)
    handle = line("M302 232 Q338 240 304 296", p.ink, 11)
    window = box(122, 112, 22, 172, "#cfe5ee", r=10) + box(122, 184, 22, 100, "#9fcbdc", r=10)
    return (
        body
        + basket
        + jug
        + coffee_
        + handle
        + window
        + box(206, 206, 88, 13, p.ink, r=5)
        + disc(262, 112, 11, p.accent)
    )


def french_press(p: Palette, mark: int) -> str:
    """A press pot."""
    glass = (
        box(128, 124, 132, 212, "#e3eff3", r=10) + box(132, 196, 124, 136, _BROWN, r=8) + box(132, 188, 124, 16, _CREAM)
    )
    frame = box(120, 116, 148, 18, p.main, r=6) + box(120, 320, 148, 24, p.main, r=8) + box(120, 220, 148, 10, p.main)
    bars = box(132, 130, 7, 200, p.main) + box(249, 130, 7, 200, p.main)
    handle = line("M266 138 Q338 150 330 230 Q322 296 266 306", p.wood_dark if mark % 2 else p.ink, 17)
    lid = (
        path("M128 116 Q194 80 260 116 Z", p.dark)
        + box(190, 60, 8, 40, p.steel_dark)
        + disc(194, 56, 15, p.accent if mark % 3 else p.ink)
    )
    return glass + frame + bars + handle + lid + faded(0.5, box(146, 140, 9, 172, "#ffffff", r=4))


def moka(p: Palette, mark: int) -> str:
    """A stove-top coffee pot."""
    top = path("M136 104 L116 206 H274 L250 104 Z", p.main) + path("M136 104 L116 206 H160 L168 104 Z", p.light)
    spout = path("M136 108 L98 126 L128 158 Z", p.dark)
    waist = box(124, 204, 142, 24, p.steel_dark, r=6)
    low = (
        path("M128 228 H262 L290 336 H102 Z", p.main)
        + path("M128 228 H170 L158 336 H102 Z", p.light)
        + path("M226 228 H262 L290 336 H240 Z", p.dark)
    )
    lid = path("M136 104 Q194 72 250 104 Z", p.dark) + disc(194, 78, 12, p.ink)
    handle = path("M258 118 H318 Q336 122 330 148 L312 224 H290 L304 144 H266 Z", p.ink)
    return handle + spout + top + waist + low + lid + disc(140, 262, 8, p.accent)


def bean_bag(p: Palette, mark: int) -> str:
    """A bag of coffee with its label."""
    outline = "M112 88 H288 L296 120 Q304 230 298 332 Q200 346 102 332 Q96 230 104 120 Z"
    bag = path(outline, p.main) + path("M112 88 H288 L296 120 H104 Z", p.dark) + line("M108 112 H292", p.lighter, 3)
    label = (
        box(132, 152, 136, 132, p.paper, r=10)
        + box(132, 152, 136, 26, p.accent, r=10)
        + box(132, 168, 136, 10, p.accent)
    )
    bean = turned(
        -30 + mark % 60, oval(200, 218, 24, 34, _BROWN), line("M200 188 Q190 204 200 218 Q210 232 200 248", _CREAM, 5)
    )
    leaf = path("M232 240 q26 -22 32 6 q-18 18 -32 -6 Z", "#7d9b6a") if mark % 2 else ""
    words = line("M158 266 H242", p.steel, 5)
    beans = "".join(
        oval(x, y, 13, 9, _BROWN) + line(f"M{x - 9} {y} q9 -5 18 0", _CREAM, 2)
        for x, y in ((318, 336), (346, 330), (334, 348))
    )
    return bag + label + bean + leaf + words + beans + disc(200, 132, 7, p.darker)


def capsules(p: Palette, mark: int) -> str:
    """A box of capsules."""

    def pod(x: int, y: int, c: str) -> str:
        return (
            path(f"M{x - 30} {y} l10 46 q20 8 40 0 l10 -46 Z", c)
            + oval(x, y, 34, 9, p.paper)
            + oval(x, y, 24, 5, p.steel)
        )

    carton = path("M74 128 L262 108 L312 136 V256 L74 286 Z", p.main) + path(
        "M262 108 L312 136 V256 L262 252 Z", p.dark
    )
    label = (
        path("M98 160 L236 146 V222 L98 240 Z", p.paper)
        + oval(166, 192, 22, 30, _BROWN)
        + line("M166 166 Q156 180 166 192 Q176 206 166 218", _CREAM, 4)
    )
    return carton + label + pod(150, 292, p.light) + pod(226, 298, p.accent) + pod(300, 286, p.main)


def grinder(p: Palette, mark: int) -> str:
    """A coffee grinder."""
    hopper = path("M128 60 H272 L242 154 H158 Z", "#e1ebee") + path("M142 104 H258 L242 154 H158 Z", _BROWN)
    lid = box(122, 50, 156, 18, p.ink, r=8)
    if mark % 3 == 1:
        crank = line("M200 52 V34 H306", p.steel_dark, 9) + disc(308, 28, 17, p.wood)
        body = path("M140 154 H260 L276 246 H124 Z", p.main) + box(112, 242, 176, 100, p.wood, r=8)
        return hopper + crank + body + box(144, 268, 112, 50, p.wood_dark, r=5) + disc(200, 293, 9, p.steel) + lid
    body = (
        path("M142 154 H258 L276 342 H124 Z", p.main)
        + box(150, 152, 100, 26, p.dark)
        + disc(200, 216, 25, p.ink)
        + line("M200 216 l14 -14", p.accent, 6)
    )
    return hopper + body + box(154, 262, 92, 62, p.ink, r=8) + path("M166 324 Q200 268 234 324 Z", _BROWN) + lid


def descaler(p: Palette, mark: int) -> str:
    """A bottle of descaler."""
    cap_ = box(172, 62, 56, 40, p.dark, r=7)
    outline = (
        "M164 100 H236 Q240 140 268 158 Q278 170 278 190 V320 Q278 344 254 344 H146 Q122 344 122 320 V190 "
        "Q122 170 132 158 Q160 140 164 100 Z"
    )
    label = box(122, 196, 156, 106, p.paper)
    drop = path("M200 204 Q232 244 226 264 A27 27 0 0 1 174 264 Q168 244 200 204 Z", p.main)
    return (
        cap_
        + path(outline, p.main)
        + label
        + drop
        + line("M188 262 q2 12 14 14", "#ffffff", 5)
        + faded(0.4, box(138, 176, 11, 150, "#ffffff", r=5))
    )


def cartridge(p: Palette, mark: int) -> str:
    """A water filter cartridge."""
    outline = "M136 136 H264 L250 318 Q200 336 150 318 Z"
    top = (
        box(126, 104, 148, 40, p.dark if p.main != COLOURS["blanc"] else "#7fb2cf", r=12)
        + oval(200, 104, 60, 14, p.steel)
        + oval(200, 96, 32, 16, p.paper)
    )
    grid = "".join(line(f"M140 {y} H260", p.steel, 3) for y in range(176, 310, 18))
    drop = path("M200 190 Q230 230 224 250 A25 25 0 0 1 176 250 Q170 230 200 190 Z", "#6db4d8")
    return path(outline, "#f7f6f1") + clipped("filter", outline, grid) + top + drop


def cup(p: Palette, mark: int) -> str:
    """Two cups on their saucers."""

    def one(x: int, y: int, c: str, d: str) -> str:
        saucer = oval(x, y + 78, 96, 18, d) + oval(x, y + 74, 96, 16, c)
        bowl = path(f"M{x - 66} {y - 20} h132 q2 92 -44 92 h-44 q-46 0 -44 -92 Z", c)
        handle = ring(x + 72, y + 12, 22, c, 11)
        return saucer + handle + bowl + oval(x, y - 20, 66, 14, d) + oval(x, y - 18, 56, 10, _BROWN)

    steam = faded(0.5, line("M146 112 q-14 -18 0 -34 q14 -16 0 -34 M184 116 q-14 -18 0 -34", "#b9b2a6", 6))
    band = box(104, 244, 130, 9, p.lighter) if mark % 2 else ""
    return steam + one(250, 166, p.light, p.main) + one(166, 226, p.main, p.dark) + band


def pitcher(p: Palette, mark: int) -> str:
    """A milk pitcher."""
    body = path("M122 116 L96 96 Q120 92 144 104 H270 L288 318 Q200 342 112 318 Q112 210 122 116 Z", p.main)
    milk = oval(204, 110, 66, 12, p.paper) + path("M186 108 q18 -9 36 0 q-18 12 -36 0 Z", _BROWN)
    handle = line("M278 146 Q344 150 336 216 Q330 268 286 272", p.dark, 16)
    marks_ = line("M138 210 h22 M138 246 h16 M138 282 h22", p.darker, 5)
    return handle + body + milk + marks_ + faded(0.5, box(160, 140, 13, 160, "#ffffff", r=6))


def tamper(p: Palette, mark: int) -> str:
    """A tamper."""
    handle = path(
        "M200 62 Q248 64 246 112 Q240 158 222 200 L226 236 H174 L178 200 Q160 158 154 112 Q152 64 200 62 Z", p.main
    )
    neck = box(170, 230, 60, 22, p.steel, r=6)
    base = path(
        "M142 252 H258 Q276 254 276 270 V306 Q276 318 262 318 H138 Q124 318 124 306 V270 Q124 254 142 252 Z",
        p.steel_dark,
    )
    shine = faded(0.5, box(140, 262, 60, 11, "#ffffff", r=5)) + faded(
        0.35, line("M176 92 Q168 120 180 160", "#ffffff", 9)
    )
    return handle + neck + base + shine + disc(200, 92, 13, p.accent)


def paper_filters(p: Palette, mark: int) -> str:
    """A stack of paper filters."""
    stack = "".join(
        path(
            (
                f"M{82 + i * 9} {118 - i * 5} H{302 + i * 9} L{240 + i * 6} {310 - i * 4} Q{192 + i * 7} "
                f"{322 - i * 4} {144 + i * 8} {310 - i * 4} Z"
            ),
            c,
        )
        for i, c in ((3, p.darker), (2, p.dark), (1, p.light), (0, p.main))
    )
    seams = line("M104 136 L152 304", p.dark, 4) + line("M100 122 H290", p.dark, 4)
    return (
        stack + seams + oval(194, 214, 24, 33, _BROWN) + line("M194 184 Q184 200 194 214 Q204 228 194 244", _CREAM, 4)
    )


def kettle(p: Palette, mark: int) -> str:
    """A gooseneck kettle."""
    spout = line("M130 282 Q84 286 90 220 Q96 160 62 140", p.dark, 15)
    body = path("M142 158 H258 L290 314 Q200 334 110 314 Z", p.main) + path(
        "M142 158 H176 L160 322 Q132 320 110 314 Z", p.light
    )
    lid = path("M146 158 Q200 118 254 158 Z", p.dark) + disc(200, 124, 13, p.wood if mark % 2 else p.ink)
    handle = line("M262 172 Q344 156 340 226 Q336 278 316 286", p.ink, 15)
    base = box(108, 312, 184, 24, p.ink, r=10) + (
        '<text x="200" y="330" font-family="sans-serif" font-size="15" fill="#ffb56b" text-anchor="middle">'
        f"{88 + mark % 9} °C</text>"
    )
    return spout + handle + body + lid + base


SHAPES: Mapping[str, Shape] = {
    "bean_machine": bean_machine, "espresso_machine": espresso_machine, "capsule_machine": capsule_machine,
    "filter_machine": filter_machine, "french_press": french_press, "moka": moka, "bean_bag": bean_bag,
    "capsules": capsules, "grinder": grinder, "descaler": descaler, "cartridge": cartridge, "cup": cup,
    "pitcher": pitcher, "tamper": tamper, "paper_filters": paper_filters, "kettle": kettle,
}  # fmt: skip
