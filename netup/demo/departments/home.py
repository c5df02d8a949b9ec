"""The home floor: lights, textiles, decoration, kitchen and furniture of the demo shop."""

from functools import partial

from netup.demo.kinds import Brand, Department, Kind

HOME = Department(
    name="Maison",
    styles={
        "scandinave": "Des lignes claires et du bois blond : l'esprit du Nord, tout en douceur.",
        "bohème": "Matières naturelles et couleurs chaudes pour une maison qui raconte ses voyages.",
        "industriel": "Métal franc et silhouette d'atelier, pour un intérieur de caractère.",
        "classique": "Une élégance tranquille qui traverse les années.",
    },
    series=(
        "Alba", "Brume", "Clairière", "Dune", "Estran", "Fjord", "Garrigue", "Hameau", "Îlot", "Jonquille",
        "Lande", "Manoir", "Noisetier", "Orme", "Patio", "Quai", "Rocaille", "Saule", "Tilleul", "Véranda",
    ),
)  # fmt: skip

LIGHTS = (Brand("Lumignac", 0.7, 0.05), Brand("Clartésienne", 0.4))
TEXTILES = (
    Brand("Tisserelle", 0.65, 0.04),
    Brand("Maison Orvelle", 0.85, 0.06),
    Brand("Coton du Bief", 0.25),
)
DECOR = (
    Brand("Atelier Grésille", 0.7, 0.05),
    Brand("Maison Orvelle", 0.85, 0.06),
    Brand("Petit Fauvet", 0.3),
)
KITCHEN = (Brand("Fontemarmite", 0.75, 0.04), Brand("Mijoteline", 0.45), Brand("Petit Fauvet", 0.25))
FURNITURE = (Brand("Bois Fauvet", 0.75, 0.04), Brand("Chevillon", 0.45), Brand("Planchelle", 0.2, -0.03))

_light = partial(Kind, department=HOME, brands=LIGHTS)
_textile = partial(Kind, department=HOME, brands=TEXTILES)
_decor = partial(Kind, department=HOME, brands=DECOR)
_kitchen = partial(Kind, department=HOME, brands=KITCHEN)
_furniture = partial(Kind, department=HOME, brands=FURNITURE)
_SOFT = ("écru", "vert sauge", "terracotta", "moutarde", "bleu marine", "rose poudré", "gris")
_WOODS = ("bois clair", "noyer", "noir", "blanc")

LUMINAIRES = (
    _light(
        slug="lampe-poser", shape="table_lamp", path="Maison > Luminaires > Lampes à poser",
        noun="Lampe à poser", price=(25, 149), models=14, margin=0.54, colours=_SOFT,
        materials=("céramique", "métal", "lin"), colour_variants=2,
        searches=("lampe", "lampe chevet", "lampe a poser"), accessories=("ampoule",),
        benefits=(
            "Une lumière chaude, parfaite pour lire.", "Câble textile et interrupteur à portée de main.",
        ),
    ),
    _light(
        slug="suspension", shape="pendant", path="Maison > Luminaires > Suspensions", noun="Suspension",
        price=(29, 229), models=12, margin=0.55,
        colours=("bois clair", "noir", "cuivre", "blanc", "vert sauge"),
        materials=("rotin", "métal", "verre soufflé"), searches=("suspension", "luminaire"),
        accessories=("ampoule",),
        benefits=("Diffuse sans éblouir au-dessus de la table.", "Hauteur réglable jusqu'à 1,20 m."),
    ),
    _light(
        slug="lampadaire", shape="floor_lamp", path="Maison > Luminaires > Lampadaires", noun="Lampadaire",
        price=(59, 289), models=9, margin=0.52, colours=("noir", "bois clair", "cuivre", "blanc"),
        searches=("lampadaire",), accessories=("ampoule",),
        benefits=("Tête orientable et variateur au pied.", "Base lestée, stable."),
    ),
    _light(
        slug="ampoule", shape="bulb", path="Maison > Luminaires > Ampoules", noun="Ampoule LED",
        price=(4, 19), models=8, margin=0.6, colours=("blanc", "moutarde"),
        details=("E27 8 W", "E14 5 W", "filament"), searches=("ampoule", "ampoule led"),
        benefits=("Blanc chaud 2700 K.", "Quinze mille heures de lumière."),
    ),
)  # fmt: skip

TEXTILE = (
    _textile(
        slug="coussin", shape="cushion", path="Maison > Textile > Coussins", noun="Coussin", price=(12, 59),
        models=16, margin=0.6, colours=_SOFT, colour_variants=3, materials=("lin lavé", "velours", "coton"),
        details=("45 x 45 cm", "50 x 30 cm"), searches=("coussin", "coussin velours"), accessories=("plaid",),
        benefits=("Housse zippée, lavable à 30 °C.", "Garnissage moelleux qui reprend sa forme."),
    ),
    _textile(
        slug="plaid", shape="throw", path="Maison > Textile > Plaids", noun="Plaid", price=(25, 119),
        models=11, margin=0.57, colours=_SOFT, colour_variants=2,
        materials=("laine", "coton gaufré", "mohair"), searches=("plaid", "plaid laine"),
        accessories=("coussin", "bougie"),
        benefits=("Tissage épais et franges nouées main.", "La chaleur sans le poids."),
    ),
    _textile(
        slug="rideau", shape="curtain", path="Maison > Textile > Rideaux", noun="Rideau", price=(25, 99),
        models=9, margin=0.55, colours=_SOFT, colour_variants=2, materials=("lin", "velours", "coton"),
        details=("140 x 260 cm", "140 x 280 cm"), searches=("rideau", "rideaux lin"),
        benefits=("Filtre la lumière sans l'éteindre.", "Œillets en métal patiné."),
    ),
    _textile(
        slug="parure-lit", shape="bedding", path="Maison > Textile > Linge de lit", noun="Parure de lit",
        price=(39, 189), models=12, margin=0.53, colours=_SOFT, colour_variants=2,
        materials=("percale", "gaze de coton", "lin"), sizes=(("140 x 200 cm", 1.0), ("240 x 220 cm", 1.5)),
        searches=("housse de couette", "parure lit"), accessories=("plaid", "coussin"),
        benefits=("Un toucher souple dès la première nuit.", "Coton certifié biologique."),
    ),
)  # fmt: skip

DECORATION = (
    _decor(
        slug="vase", shape="vase", path="Maison > Décoration > Vases", noun="Vase", price=(12, 99), models=13,
        margin=0.6, colours=_SOFT, materials=("grès", "verre", "céramique"), colour_variants=2,
        searches=("vase",), accessories=("bougie",),
        benefits=("Émaillage unique, pièce après pièce.", "Beau même vide."),
    ),
    _decor(
        slug="bougie", shape="candle", path="Maison > Décoration > Bougies", noun="Bougie parfumée",
        price=(9, 49), models=14, margin=0.64, colours=_SOFT,
        details=("figuier", "fleur d'oranger", "feu de bois", "cèdre"), lasts=40,
        searches=("bougie", "bougie parfumee"),
        benefits=("Cire végétale, mèche de coton.", "Quarante heures."),
    ),
    _decor(
        slug="cadre", shape="frame", path="Maison > Décoration > Cadres et affiches", noun="Affiche encadrée",
        price=(15, 89), models=11, margin=0.62, colours=_SOFT, details=("30 x 40 cm", "50 x 70 cm"),
        colour_variants=2, searches=("cadre", "affiche"),
        benefits=("Papier d'art 230 g.", "Livrée avec son attache murale."),
    ),
    _decor(
        slug="miroir", shape="mirror", path="Maison > Décoration > Miroirs", noun="Miroir", price=(29, 199),
        models=9, margin=0.55, colours=("bois clair", "noir", "cuivre", "noyer"), searches=("miroir",),
        details=("rond 60 cm", "arche 120 cm"),
        benefits=("Agrandit l'entrée en un instant.", "Double fixation incluse."),
    ),
    _decor(
        slug="horloge", shape="clock", path="Maison > Décoration > Horloges", noun="Horloge murale",
        price=(19, 99), models=8, margin=0.56, colours=("noir", "bois clair", "vert sauge", "blanc"),
        searches=("horloge",), benefits=("Mouvement silencieux.", "Se lit d'un coup d'œil."),
    ),
    _decor(
        slug="pot-plante", shape="plant", path="Maison > Décoration > Plantes et pots", noun="Cache-pot",
        price=(9, 59), models=11, margin=0.58, colours=_SOFT, materials=("terre cuite", "grès", "rotin"),
        colour_variants=2, searches=("cache pot", "pot plante"),
        benefits=("Soucoupe assortie.", "Bien dans la cuisine comme au balcon."),
    ),
)  # fmt: skip

CUISINE = (
    _kitchen(
        slug="cocotte", shape="casserole", path="Maison > Cuisine > Cocottes", noun="Cocotte en fonte",
        price=(49, 259), models=10, margin=0.42,
        colours=("rouge", "bleu marine", "vert sapin", "moutarde", "noir"), colour_variants=2,
        details=("24 cm", "28 cm"), searches=("cocotte", "cocotte fonte"), accessories=("assiettes",),
        benefits=(
            "Cuisson lente et régulière, tous feux et four.", "Couvercle à picots : la viande reste juteuse.",
        ),
    ),
    _kitchen(
        slug="poele", shape="pan", path="Maison > Cuisine > Poêles", noun="Poêle", price=(19, 99), models=11,
        margin=0.45, colours=("noir", "acier", "cuivre"), details=("24 cm", "28 cm"),
        materials=("inox", "fonte légère", "acier"), searches=("poele", "poele inox"),
        accessories=("couteau",), benefits=("Saisit sans accrocher.", "Manche froid, compatible four."),
    ),
    _kitchen(
        slug="couteau", shape="knife", path="Maison > Cuisine > Couteaux", noun="Couteau de cuisine",
        price=(15, 129), models=10, margin=0.5, colours=("noyer", "noir", "bois clair"),
        details=("chef 20 cm", "office 9 cm"), searches=("couteau cuisine", "couteau"),
        benefits=("Lame forgée, affûtage durable.", "Équilibre parfait en main."),
    ),
    _kitchen(
        slug="assiettes", shape="plate", path="Maison > Cuisine > Vaisselle", noun="Assiettes",
        price=(19, 99), models=11, margin=0.56, colours=_SOFT, details=("lot de 4", "lot de 6"),
        materials=("grès", "porcelaine"), colour_variants=2, searches=("assiettes", "vaisselle"),
        accessories=("verres",),
        benefits=("Bords irréguliers, faits pour les tablées.", "Lave-vaisselle et micro-ondes."),
    ),
    _kitchen(
        slug="verres", shape="glass", path="Maison > Cuisine > Verres", noun="Verres", price=(12, 59),
        models=8, margin=0.55, colours=("bleu ciel", "vert sauge", "rose poudré", "blanc"),
        details=("lot de 4", "lot de 6"), searches=("verres",), accessories=("assiettes",),
        benefits=("Verre recyclé légèrement teinté.", "Empilables."),
    ),
)  # fmt: skip

MOBILIER = (
    _furniture(
        slug="fauteuil", shape="armchair", path="Maison > Mobilier > Fauteuils", noun="Fauteuil",
        price=(149, 690), models=11, margin=0.45, colours=_SOFT, colour_variants=2,
        materials=("velours", "bouclette", "lin"), searches=("fauteuil",),
        accessories=("coussin", "plaid", "lampadaire"),
        benefits=("Assise profonde et dossier enveloppant.", "Pieds en hêtre massif."),
    ),
    _furniture(
        slug="table-basse", shape="coffee_table", path="Maison > Mobilier > Tables basses",
        noun="Table basse", price=(79, 449), models=9, margin=0.43, colours=_WOODS,
        materials=("chêne", "noyer", "métal"), searches=("table basse",), accessories=("vase", "bougie"),
        benefits=("Plateau massif huilé.", "Angles arrondis."),
    ),
    _furniture(
        slug="chaise", shape="chair", path="Maison > Mobilier > Chaises", noun="Chaise", price=(45, 229),
        models=10, margin=0.44, colours=(*_WOODS, "vert sauge", "terracotta"), colour_variants=2,
        searches=("chaise",), accessories=("coussin",),
        benefits=("Assise galbée, confortable.", "Se range sous la table."),
    ),
    _furniture(
        slug="etagere", shape="shelf", path="Maison > Mobilier > Étagères", noun="Étagère", price=(39, 299),
        models=9, margin=0.42, colours=_WOODS, searches=("etagere",), accessories=("pot-plante", "cadre"),
        benefits=("Cinq niveaux ouverts des deux côtés.", "Se monte à deux en vingt minutes."),
    ),
)  # fmt: skip

KINDS = (*LUMINAIRES, *TEXTILE, *DECORATION, *CUISINE, *MOBILIER)
