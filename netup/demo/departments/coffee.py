"""The coffee floor: machines, beans and everything that goes with a cup in the demo shop."""

from functools import partial

from netup.demo.kinds import Brand, Department, Kind

COFFEE = Department(
    name="Café",
    styles={
        "quotidien": "Le compagnon de tous les matins, simple et sans réglage compliqué.",
        "barista": "Pour qui aime régler la mouture, la température et le débit comme au comptoir.",
        "design": "Une belle présence sur le plan de travail, autant qu'un bon café.",
    },
    series=(
        "Aurore", "Sirocco", "Matin", "Palazzo", "Caprice", "Rive", "Ristretta", "Vapeur", "Volute", "Fève",
        "Tempérée", "Ambre", "Comptoir", "Braise", "Rituel", "Zinc",
    ),
)  # fmt: skip

MACHINES = (Brand("Torrévia", 0.85, 0.04), Brand("Percolia", 0.5), Brand("Cafélune", 0.2, -0.04))
ROASTERS = (
    Brand("Brûlerie Saint-Amble", 0.75, 0.05),
    Brand("Maison Caracoli", 0.5),
    Brand("Grain de Quai", 0.25),
)
GEAR = (Brand("Meulanne", 0.6, 0.03), Brand("Tassély", 0.35), Brand("Percolia", 0.5))

_machine = partial(Kind, department=COFFEE, brands=MACHINES)
_roast = partial(Kind, department=COFFEE, brands=ROASTERS)
_gear = partial(Kind, department=COFFEE, brands=GEAR)
_ORIGINS = (
    "Brésil Cerrado", "Éthiopie Sidamo", "Colombie Huila", "Guatemala Antigua", "Costa Rica Tarrazú",
    "Kenya Nyeri", "Pérou Cajamarca", "Honduras Copán", "Burundi Kayanza", "Inde Malabar", "Mélange du matin",
    "Mélange italien", "Mélange de Noël", "Décaféiné doux", "Rwanda Nyamasheke", "Mexique Chiapas",
)  # fmt: skip
_TASTES = ("notes de noisette", "notes de chocolat", "notes d'agrumes", "notes florales", "notes de caramel")
_METALS = ("acier", "noir", "rouge", "écru", "vert sauge")

KINDS = (
    _machine(
        slug="machine-grains", shape="bean_machine", path="Café > Machines > Expresso avec broyeur",
        noun="Machine à café à grains", price=(249, 899), models=18, margin=0.28, colours=_METALS[:3],
        details=("15 bars", "avec mousseur", "double bac"),
        searches=("machine a cafe", "machine grains", "cafe grain machine"),
        accessories=("cafe-grains", "detartrant", "filtre-eau", "tasses"),
        benefits=(
            "Broyeur en céramique réglable sur sept positions.", "Du grain à la tasse en une minute.",
            "Groupe café amovible, facile à rincer.",
        ),
    ),
    _machine(
        slug="machine-expresso", shape="espresso_machine", path="Café > Machines > Expresso manuelles",
        noun="Machine à expresso", price=(99, 649), models=14, margin=0.31, colours=_METALS,
        details=("porte-filtre 58 mm", "porte-filtre 51 mm"),
        searches=("machine expresso", "machine a cafe", "porte filtre"),
        accessories=("moulin", "tasseur", "cafe-grains", "pichet-lait", "detartrant"),
        benefits=("Pompe de 15 bars et préinfusion douce.", "Buse vapeur orientable pour une mousse fine."),
    ),
    _machine(
        slug="machine-capsules", shape="capsule_machine", path="Café > Machines > Capsules",
        noun="Machine à capsules", price=(59, 229), models=10, margin=0.26,
        colours=("noir", "rouge", "écru", "turquoise"), searches=("machine capsules", "machine a cafe"),
        accessories=("capsules", "detartrant", "tasses"),
        benefits=("Prête en vingt-cinq secondes.", "Se glisse dans quinze centimètres de plan de travail."),
    ),
    _machine(
        slug="cafetiere-filtre", shape="filter_machine", path="Café > Machines > Cafetières filtre",
        noun="Cafetière filtre", price=(29, 169), models=10, margin=0.34, colours=("noir", "acier", "rouge"),
        details=("10 tasses", "12 tasses"), searches=("cafetiere", "cafetiere filtre"),
        accessories=("cafe-moulu", "filtres-papier", "detartrant"),
        benefits=(
            "Verseuse isotherme qui garde le café chaud deux heures.",
            "Programmation la veille pour le lendemain.",
        ),
    ),
    _gear(
        slug="cafetiere-piston", shape="french_press", path="Café > Machines > Cafetières à piston",
        noun="Cafetière à piston", price=(15, 69), models=9, margin=0.5,
        colours=("noir", "cuivre", "acier", "bois clair"), details=("350 ml", "1 L"),
        searches=("cafetiere piston", "cafetiere italienne"), accessories=("cafe-moulu", "tasses"),
        benefits=("Verre borosilicate et double filtre.", "Un café rond, riche en arômes."),
    ),
    _gear(
        slug="cafetiere-moka", shape="moka", path="Café > Machines > Cafetières italiennes",
        noun="Cafetière italienne", price=(19, 59), models=8, margin=0.48,
        colours=("acier", "rouge", "noir", "cuivre"), details=("3 tasses", "6 tasses"),
        searches=("cafetiere italienne", "moka"), accessories=("cafe-moulu", "tasses"),
        benefits=("Compatible induction.", "Un café corsé en quatre minutes."),
    ),
    _roast(
        slug="cafe-grains", shape="bean_bag", path="Café > Cafés > Grains", noun="Café en grains",
        series=_ORIGINS, price=(6, 16), models=30, margin=0.46,
        colours=("marron", "vert sapin", "terracotta", "bleu marine", "moutarde"), details=_TASTES,
        sizes=(("250 g", 1.0), ("1 kg", 3.4)), lasts=18, searches=("cafe grains", "cafe en grain"),
        accessories=("detartrant", "tasses"),
        benefits=(
            "Torréfié par petites fournées.", "Récolte de l'année, acheté en direct.",
            "Tasse ronde et longue en bouche.",
        ),
    ),
    _roast(
        slug="cafe-moulu", shape="bean_bag", path="Café > Cafés > Moulus", noun="Café moulu", series=_ORIGINS,
        price=(5, 13), models=16, margin=0.46, colours=("terracotta", "marron", "moutarde", "bordeaux"),
        details=_TASTES, sizes=(("250 g", 1.0), ("2 x 250 g", 1.85)), lasts=20, searches=("cafe moulu",),
        accessories=("filtres-papier",),
        benefits=("Mouture équilibrée pour filtre et piston.", "Sachet refermable, valve fraîcheur."),
    ),
    _roast(
        slug="capsules", shape="capsules", path="Café > Cafés > Capsules", noun="Capsules de café",
        series=_ORIGINS, price=(3, 7), models=16, margin=0.5,
        colours=("cuivre", "vert", "violet", "bleu", "rouge"), details=_TASTES,
        sizes=(("boîte de 10", 1.0), ("lot de 50", 4.4)), lasts=16, searches=("capsules", "capsules cafe"),
        accessories=("detartrant",), benefits=("Aluminium recyclable.", "Crème dense, intensité préservée."),
    ),
    _gear(
        slug="moulin", shape="grinder", path="Café > Accessoires > Moulins", noun="Moulin à café",
        price=(29, 249), models=11, margin=0.41, colours=("noir", "acier", "écru", "bois clair"),
        details=("meules coniques", "manuel", "électrique"), searches=("moulin cafe", "moulin"),
        accessories=("cafe-grains",),
        benefits=("Trente réglages, de l'expresso au piston.", "Peu bavard, même au petit matin."),
    ),
    _gear(
        slug="detartrant", shape="descaler", path="Café > Accessoires > Entretien", noun="Détartrant",
        price=(5, 15), models=8, margin=0.62, colours=("bleu", "vert", "blanc"), lasts=45,
        searches=("detartrant",), sizes=(("250 ml", 1.0), ("2 x 500 ml", 2.6)), accessories=("filtre-eau",),
        benefits=("À base d'acide lactique, sans odeur.", "Quatre cycles complets par flacon."),
    ),
    _gear(
        slug="filtre-eau", shape="cartridge", path="Café > Accessoires > Entretien",
        noun="Cartouche filtrante", price=(9, 29), models=6, margin=0.6, colours=("blanc", "bleu"), lasts=50,
        sizes=(("unité", 1.0), ("lot de 3", 2.6)), searches=("filtre eau", "cartouche filtre"),
        accessories=("detartrant",), benefits=("Retient le calcaire et le chlore.", "Deux mois d'usage."),
    ),
    _gear(
        slug="tasses", shape="cup", path="Café > Accessoires > Tasses", noun="Tasses à expresso",
        price=(9, 49), models=13, margin=0.58,
        colours=("blanc", "terracotta", "vert sauge", "bleu marine", "moutarde"), colour_variants=2,
        materials=("grès", "porcelaine", "verre double paroi"), details=("lot de 2", "lot de 6"),
        searches=("tasses", "tasse cafe"),
        benefits=("Parois épaisses qui gardent la chaleur.", "Passent au lave-vaisselle."),
    ),
    _gear(
        slug="pichet-lait", shape="pitcher", path="Café > Accessoires > Barista", noun="Pichet à lait",
        price=(12, 39), models=6, margin=0.56, colours=("acier", "noir", "cuivre"),
        details=("350 ml", "600 ml"), searches=("pichet lait", "mousseur"), accessories=("tasses",),
        benefits=("Bec effilé pour dessiner dans la mousse.", "Graduations intérieures."),
    ),
    _gear(
        slug="tasseur", shape="tamper", path="Café > Accessoires > Barista", noun="Tasseur", price=(12, 59),
        models=7, margin=0.58, colours=("noyer", "noir", "bois clair"), details=("51 mm", "58 mm"),
        searches=("tamper", "tasseur"), accessories=("pichet-lait",),
        benefits=("Base inox parfaitement plane.", "Manche en bois tourné, bien en main."),
    ),
    _gear(
        slug="filtres-papier", shape="paper_filters", path="Café > Accessoires > Filtres",
        noun="Filtres en papier", price=(3, 9), models=5, margin=0.6, colours=("écru", "blanc"),
        details=("lot de 100", "lot de 200"), lasts=40, searches=("filtre cafe", "filtre papier"),
        accessories=("cafe-moulu",),
        benefits=("Papier non blanchi, sans goût.", "Compostables avec le marc."),
    ),
    _gear(
        slug="bouilloire", shape="kettle", path="Café > Accessoires > Bouilloires",
        noun="Bouilloire col de cygne", price=(35, 149), models=8, margin=0.4,
        colours=("noir", "acier", "écru", "cuivre"), searches=("bouilloire",),
        accessories=("filtres-papier", "cafe-moulu"),
        benefits=("Température réglable au degré près.", "Filet d'eau lent et précis."),
    ),
)  # fmt: skip
