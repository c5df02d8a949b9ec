"""The second half of the sport floor: swimming, fitness and hiking merchandise of the demo shop."""

from functools import partial

from netup.demo.departments.sport import SPORT
from netup.demo.kinds import Brand, Kind

SWIMMING = (Brand("Ondéline", 0.6, 0.03), Brand("Nagéor", 0.3))
FITNESS = (Brand("Souplanne", 0.6, 0.04), Brand("Tonivélia", 0.35))
HIKING = (Brand("Crêtalys", 0.8, 0.05), Brand("Sentébois", 0.5), Brand("Altimousse", 0.2, -0.03))

_natation = partial(Kind, department=SPORT, brands=SWIMMING)
_fitness = partial(Kind, department=SPORT, brands=FITNESS)
_rando = partial(Kind, department=SPORT, brands=HIKING)

NATATION = (
    _natation(
        slug="maillot-bain", shape="swimsuit", path="Sport > Natation > Maillots", noun="Maillot de bain",
        price=(15, 59), models=11, margin=0.55,
        colours=("bleu marine", "noir", "corail", "turquoise", "violet"), colour_variants=2,
        extra={"size": "36, 38, 40, 42, 44"}, searches=("maillot de bain", "maillot natation"),
        accessories=("lunettes-natation", "bonnet-bain"),
        benefits=("Tissu résistant au chlore.", "Dos nageur : une liberté totale des épaules."),
    ),
    _natation(
        slug="lunettes-natation", shape="goggles", path="Sport > Natation > Lunettes",
        noun="Lunettes de natation", price=(8, 39), models=9, margin=0.58,
        colours=("bleu", "noir", "turquoise", "rose"), searches=("lunettes natation", "lunettes piscine"),
        accessories=("bonnet-bain",),
        benefits=("Joints souples, sans marque autour des yeux.", "Verres antibuée à large champ."),
    ),
    _natation(
        slug="bonnet-bain", shape="swim_cap", path="Sport > Natation > Bonnets", noun="Bonnet de bain",
        price=(4, 15), models=7, margin=0.62, colours=("rouge", "bleu", "blanc", "noir", "jaune"),
        materials=("silicone", "tissu"), searches=("bonnet bain", "bonnet piscine"),
        benefits=("N'accroche pas les cheveux.", "Reste en place, longueur après longueur."),
    ),
)  # fmt: skip

FORME = (
    _fitness(
        slug="tapis-yoga", shape="mat", path="Sport > Yoga et fitness > Tapis", noun="Tapis de yoga",
        price=(15, 89), models=11, margin=0.52,
        colours=("violet", "vert sauge", "bleu", "rose poudré", "gris"),
        materials=("liège", "caoutchouc naturel", "mousse"), details=("4 mm", "6 mm"), colour_variants=2,
        searches=("tapis yoga", "tapis gym"), accessories=("brique-yoga", "elastiques", "gourde"),
        benefits=("Adhère même mains humides.", "Repères d'alignement gravés."),
    ),
    _fitness(
        slug="brique-yoga", shape="block", path="Sport > Yoga et fitness > Accessoires",
        noun="Brique de yoga", price=(7, 25), models=6, margin=0.58,
        colours=("beige", "violet", "vert sauge"), materials=("liège", "mousse"), searches=("brique yoga",),
        accessories=("tapis-yoga",),
        benefits=("Angles adoucis, prise ferme.", "Accompagne les postures sans forcer."),
    ),
    _fitness(
        slug="halteres", shape="dumbbell", path="Sport > Yoga et fitness > Musculation", noun="Haltères",
        price=(12, 89), models=9, margin=0.4, colours=("noir", "rose", "turquoise", "gris"),
        sizes=(("2 x 2 kg", 1.0), ("2 x 5 kg", 1.9)), searches=("halteres", "poids"),
        accessories=("tapis-yoga",),
        benefits=("Revêtement doux qui protège le sol.", "Forme hexagonale : ils ne roulent pas."),
    ),
    _fitness(
        slug="elastiques", shape="bands", path="Sport > Yoga et fitness > Musculation",
        noun="Bandes élastiques", price=(8, 29), models=7, margin=0.6, colours=("jaune", "turquoise", "rose"),
        materials=("latex naturel",), searches=("elastique musculation", "bande elastique"),
        accessories=("tapis-yoga",),
        benefits=("Trois résistances pour progresser.", "Livrées avec un programme de six semaines."),
    ),
)  # fmt: skip

RANDONNEE = (
    _rando(
        slug="sac-a-dos", shape="backpack", path="Sport > Randonnée > Sacs à dos",
        noun="Sac à dos de randonnée", price=(25, 189), models=13, margin=0.44,
        colours=("vert sapin", "bleu", "orange", "anthracite", "rouge"), details=("20 L", "30 L", "50 L"),
        materials=("polyamide recyclé",), colour_variants=2, searches=("sac a dos", "sac rando"),
        accessories=("gourde", "batons", "lampe-frontale"),
        benefits=("Dos ventilé et ceinture lombaire réglable.", "Housse de pluie intégrée."),
    ),
    _rando(
        slug="chaussures-rando", shape="boot", path="Sport > Randonnée > Chaussures",
        noun="Chaussures de randonnée", price=(55, 219), models=13, margin=0.41,
        colours=("marron", "anthracite", "vert sapin", "bleu marine"), colour_variants=2,
        extra={"size": "38, 39, 40, 41, 42, 43, 44"}, materials=("cuir", "synthétique"),
        searches=("chaussures randonnee", "chaussure marche"), accessories=("chaussettes-sport", "batons"),
        benefits=("Membrane imperméable et respirante.", "Semelle crantée qui tient en descente."),
    ),
    _rando(
        slug="batons", shape="poles", path="Sport > Randonnée > Bâtons", noun="Bâtons de randonnée",
        price=(19, 119), models=8, margin=0.47, colours=("noir", "rouge", "bleu"),
        materials=("carbone", "aluminium"), searches=("baton randonnee", "batons marche"),
        accessories=("sac-a-dos",),
        benefits=("Repliables en trois brins.", "Poignées en liège, agréables par temps chaud."),
    ),
    _rando(
        slug="tente", shape="tent", path="Sport > Randonnée > Tentes", noun="Tente", price=(49, 349),
        models=8, margin=0.36, colours=("vert sapin", "orange", "beige", "bleu"),
        details=("2 places", "3 places", "4 places"), searches=("tente", "tente 2 places"),
        accessories=("lampe-frontale", "sac-a-dos"),
        benefits=("Se monte en cinq minutes.", "Double toit imperméable et abside pour les sacs."),
    ),
    _rando(
        slug="gourde", shape="bottle", path="Sport > Randonnée > Gourdes", noun="Gourde isotherme",
        price=(9, 39), models=11, margin=0.6,
        colours=("vert sauge", "bleu", "corail", "noir", "jaune", "acier"), materials=("inox",),
        sizes=(("500 ml", 1.0), ("750 ml", 1.25)), searches=("gourde", "gourde inox"),
        benefits=(
            "Garde le frais vingt-quatre heures, le chaud douze heures.",
            "Bouchon étanche, sans plastique au contact.",
        ),
    ),
)  # fmt: skip

KINDS = (*NATATION, *FORME, *RANDONNEE)
