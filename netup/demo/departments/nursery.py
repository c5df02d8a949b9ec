"""The nursery floor: walks, meals, sleep, discovery and birth gifts of the demo shop."""

from functools import partial

from netup.demo.kinds import Brand, Department, Kind

NURSERY = Department(
    name="Puériculture",
    styles={
        "nature": "Des matières certifiées et des teintes de sous-bois, pour un cocon apaisant.",
        "pastel": "Toute la tendresse des pastels, facile à assortir dans la chambre.",
        "aventure": "Renards, montagnes et étoiles : de quoi faire rêver les petits explorateurs.",
    },
    series=(
        "Câlin", "Pomme", "Noisette", "Plume", "Étoile", "Lapinou", "Nuage", "Biscuit", "Coquille", "Flocon",
        "Mousse", "Renardeau", "Soleil", "Trèfle", "Myrtille", "Caramel", "Marelle", "Galopin", "Petit Pas",
        "Oursonne",
    ),
)  # fmt: skip

STROLLERS = (Brand("Poussinelle", 0.85, 0.04), Brand("Nuagine", 0.5), Brand("Galopette", 0.2, -0.04))
COMFORT = (Brand("Bercelune", 0.75, 0.05), Brand("Nuagine", 0.5), Brand("Risette et Cie", 0.3))
GIFTS = (Brand("Doudoline", 0.7, 0.05), Brand("Bercelune", 0.75, 0.05), Brand("Risette et Cie", 0.3))

_walk = partial(Kind, department=NURSERY, brands=STROLLERS)
_care = partial(Kind, department=NURSERY, brands=COMFORT)
_gift = partial(Kind, department=NURSERY, brands=GIFTS)
_TENDER = ("écru", "vert sauge", "rose poudré", "bleu ciel", "moutarde", "lilas", "terracotta")
_BABY_SIZES = (("1 mois", 1.0), ("3 mois", 1.0), ("6 mois", 1.05))

PROMENADE = (
    _walk(
        slug="poussette", shape="pram", path="Puériculture > Promenade > Poussettes", noun="Poussette",
        price=(129, 790), models=14, margin=0.3,
        colours=("anthracite", "vert sauge", "bleu marine", "beige", "noir"), colour_variants=2,
        details=("compacte", "tout-terrain", "trio"), searches=("poussette", "poussette compacte"),
        accessories=("habillage-pluie", "sac-langer", "chanceliere"),
        benefits=(
            "Se plie d'une main et tient debout.", "Nacelle utilisable dès la naissance.",
            "Suspensions aux quatre roues.",
        ),
    ),
    _walk(
        slug="habillage-pluie", shape="rain_cover", path="Puériculture > Promenade > Accessoires",
        noun="Habillage pluie", price=(14, 45), models=7, margin=0.58, colours=("gris", "bleu ciel", "beige"),
        searches=("habillage pluie",), accessories=("chanceliere",),
        benefits=("Universel, posé en dix secondes.", "Fenêtre ventilée, sans phtalates."),
    ),
    _walk(
        slug="chanceliere", shape="footmuff", path="Puériculture > Promenade > Accessoires",
        noun="Chancelière", price=(29, 99), models=7, margin=0.5, colours=_TENDER,
        materials=("polaire", "ouatine recyclée"), searches=("chanceliere",),
        benefits=("S'ouvre entièrement à plat.", "Bien au chaud jusqu'à -10 °C."),
    ),
    _walk(
        slug="porte-bebe", shape="carrier", path="Puériculture > Promenade > Porte-bébés", noun="Porte-bébé",
        price=(39, 169), models=9, margin=0.44, colours=_TENDER, materials=("coton bio", "maille"),
        searches=("porte bebe", "echarpe portage"), accessories=("sac-langer",),
        benefits=(
            "Assise physiologique validée par des kinésithérapeutes.", "Ceinture large qui soulage le dos.",
        ),
    ),
    _walk(
        slug="sac-langer", shape="changing_bag", path="Puériculture > Promenade > Sacs à langer",
        noun="Sac à langer", price=(35, 129), models=10, margin=0.5,
        colours=("camel", "vert sauge", "noir", "écru", "bleu marine"), searches=("sac a langer",),
        accessories=("biberon",),
        benefits=("Onze poches et un matelas nomade.", "S'accroche à la poussette."),
    ),
)  # fmt: skip

REPAS = (
    _care(
        slug="biberon", shape="baby_bottle", path="Puériculture > Repas > Biberons", noun="Biberon",
        price=(6, 24), models=11, margin=0.5, colours=_TENDER, materials=("verre", "sans BPA"),
        sizes=(("150 ml", 1.0), ("270 ml", 1.2)), lasts=60, searches=("biberon", "biberon verre"),
        accessories=("bavoir",),
        benefits=("Tétine anti-colique à débit variable.", "Large col, facile à nettoyer."),
    ),
    _care(
        slug="chaise-haute", shape="high_chair", path="Puériculture > Repas > Chaises hautes",
        noun="Chaise haute", price=(49, 279), models=9, margin=0.38,
        colours=("bois clair", "blanc", "vert sauge", "noyer"), searches=("chaise haute", "chaise bebe"),
        accessories=("bavoir", "assiette-bebe"),
        benefits=("Évolue de six mois à l'âge adulte.", "Plateau amovible, facile à laver."),
    ),
    _care(
        slug="bavoir", shape="bib", path="Puériculture > Repas > Bavoirs", noun="Bavoir", price=(6, 22),
        models=9, margin=0.6, colours=_TENDER, materials=("silicone", "éponge"), colour_variants=2,
        searches=("bavoir",), accessories=("assiette-bebe",),
        benefits=("Récupère-miettes large.", "Sèche en un instant."),
    ),
    _care(
        slug="assiette-bebe", shape="baby_plate", path="Puériculture > Repas > Vaisselle",
        noun="Assiette d'apprentissage", price=(9, 32), models=8, margin=0.57, colours=_TENDER,
        materials=("silicone", "bambou"), searches=("assiette bebe",), accessories=("bavoir",),
        benefits=("Ventouse tenace.", "Trois compartiments."),
    ),
)  # fmt: skip

SOMMEIL = (
    _care(
        slug="lit-bebe", shape="cot", path="Puériculture > Sommeil > Lits", noun="Lit bébé", price=(99, 449),
        models=9, margin=0.36, colours=("bois clair", "blanc", "noyer", "vert sauge"),
        details=("60 x 120 cm", "évolutif 70 x 140 cm"), searches=("lit bebe", "lit evolutif"),
        accessories=("gigoteuse", "mobile-musical", "veilleuse"),
        benefits=("Sommier réglable sur trois hauteurs.", "Hêtre massif, peintures à l'eau."),
    ),
    _care(
        slug="gigoteuse", shape="sleeping_bag", path="Puériculture > Sommeil > Gigoteuses", noun="Gigoteuse",
        price=(25, 79), models=12, margin=0.55, colours=_TENDER, materials=("coton bio", "gaze de coton"),
        sizes=(("0-6 mois", 1.0), ("6-18 mois", 1.15)), searches=("gigoteuse", "turbulette"),
        accessories=("doudou", "veilleuse"),
        benefits=("Pressions aux épaules et fermeture latérale.", "Chaleur juste en toute saison."),
    ),
    _care(
        slug="veilleuse", shape="night_light", path="Puériculture > Sommeil > Veilleuses", noun="Veilleuse",
        price=(15, 59), models=10, margin=0.53, colours=("jaune", "écru", "bleu ciel", "rose poudré"),
        searches=("veilleuse", "veilleuse bebe"),
        benefits=("Lueur réglable, sans lumière bleue.", "Dix heures sans fil."),
    ),
    _care(
        slug="mobile-musical", shape="mobile", path="Puériculture > Sommeil > Mobiles", noun="Mobile musical",
        price=(25, 79), models=8, margin=0.54, colours=_TENDER, searches=("mobile bebe", "mobile musical"),
        accessories=("veilleuse",),
        benefits=("Trois berceuses au piano.", "Figurines en feutre cousues main."),
    ),
)  # fmt: skip

EVEIL = (
    _gift(
        slug="doudou", shape="plush", path="Puériculture > Éveil > Doudous", noun="Doudou", price=(12, 45),
        models=16, margin=0.6, colours=_TENDER, colour_variants=2, details=("lapin", "ours", "renard"),
        searches=("doudou", "doudou lapin", "peluche"), accessories=("coffret-naissance", "hochet"),
        benefits=("Velours tout doux, lavable à 30 °C.", "Garanti dès la naissance."),
    ),
    _gift(
        slug="hochet", shape="rattle", path="Puériculture > Éveil > Hochets", noun="Hochet", price=(8, 29),
        models=9, margin=0.6, colours=_TENDER, materials=("hêtre", "coton bio"), searches=("hochet",),
        accessories=("doudou",), benefits=("Tient dans une toute petite main.", "Bois brut, sans vernis."),
    ),
    _gift(
        slug="tapis-eveil", shape="play_mat", path="Puériculture > Éveil > Tapis d'éveil",
        noun="Tapis d'éveil", price=(35, 129), models=8, margin=0.48, colours=_TENDER,
        searches=("tapis eveil",), accessories=("hochet", "doudou"),
        benefits=("Arche en bois et jouets amovibles.", "Épais et antidérapant."),
    ),
    _gift(
        slug="jouet-bois", shape="stacking_toy", path="Puériculture > Éveil > Jouets en bois",
        noun="Jouet à empiler", price=(12, 49), models=10, margin=0.54, colours=_TENDER,
        searches=("jouet bois", "jouet bebe"),
        benefits=("Éveille la coordination dès dix mois.", "Bois issu de forêts gérées."),
    ),
)  # fmt: skip

NAISSANCE = (
    _gift(
        slug="coffret-naissance", shape="gift_box", path="Puériculture > Naissance > Coffrets",
        noun="Coffret naissance", price=(29, 119), models=14, margin=0.55, colours=_TENDER,
        details=("3 pièces", "5 pièces", "prénom brodé"),
        searches=("cadeau naissance", "coffret naissance", "cadeau bebe"),
        accessories=("doudou", "body", "cape-bain"),
        benefits=("Prêt à offrir, carte manuscrite comprise.", "Une boîte souvenir à garder longtemps."),
    ),
    _gift(
        slug="body", shape="bodysuit", path="Puériculture > Naissance > Bodies", noun="Bodies",
        price=(12, 39), models=13, margin=0.56, colours=_TENDER, sizes=_BABY_SIZES,
        details=("lot de 2", "lot de 3"), materials=("coton bio",), searches=("body bebe", "body naissance"),
        accessories=("pyjama-bebe", "bonnet-bebe"),
        benefits=("Encolure croisée, facile à enfiler.", "Pressions sans nickel."),
    ),
    _gift(
        slug="pyjama-bebe", shape="romper", path="Puériculture > Naissance > Pyjamas", noun="Pyjama bébé",
        price=(14, 39), models=12, margin=0.56, colours=_TENDER, sizes=_BABY_SIZES,
        materials=("velours", "coton bio"), searches=("pyjama bebe", "pyjama naissance"),
        accessories=("body", "bonnet-bebe"),
        benefits=("Ouverture zippée pour les changes de nuit.", "Pieds antidérapants."),
    ),
    _gift(
        slug="bonnet-bebe", shape="baby_hat", path="Puériculture > Naissance > Accessoires",
        noun="Bonnet de naissance", price=(7, 25), models=7, margin=0.6, colours=_TENDER,
        searches=("bonnet bebe",), accessories=("body",),
        benefits=("Maille côtelée extensible.", "Tient sans serrer."),
    ),
    _gift(
        slug="cape-bain", shape="hooded_towel", path="Puériculture > Naissance > Toilette",
        noun="Cape de bain", price=(15, 49), models=9, margin=0.55, colours=_TENDER,
        materials=("éponge de coton", "gaze de coton"), searches=("cape de bain", "sortie bain bebe"),
        accessories=("doudou",), benefits=("Capuche à oreilles.", "Grande, pour servir jusqu'à deux ans."),
    ),
)  # fmt: skip

KINDS = (*PROMENADE, *REPAS, *SOMMEIL, *EVEIL, *NAISSANCE)
