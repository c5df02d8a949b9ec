"""The fashion floor: women's and men's clothes, shoes and accessories of the demo shop."""

from functools import partial

from netup.demo.kinds import Brand, Department, Kind

FASHION = Department(
    name="Mode",
    styles={
        "intemporel": "Une pièce sobre et bien coupée que l'on garde des années.",
        "bohème": "Broderies, volumes souples et couleurs d'arrière-saison.",
        "urbain": "Coupe nette et détails techniques, pour bouger toute la journée.",
        "bord de mer": "Un air iodé, entre rayures et coton délavé.",
    },
    series=(
        "Adèle", "Basile", "Célestine", "Désiré", "Ernestine", "Félicie", "Gaspard", "Honorine", "Irène",
        "Joachim", "Lison", "Marius", "Ninon", "Octave", "Perrine", "Rosalie", "Sidonie", "Théodore",
        "Victoire", "Zélie",
    ),
)  # fmt: skip

WOMEN = (Brand("Élouane", 0.6, 0.04), Brand("Maison Tervel", 0.85, 0.06), Brand("Brindille d'Ouest", 0.25))
MEN = (Brand("Gabardel", 0.7, 0.05), Brand("Cotonnière du Port", 0.45), Brand("Brindille d'Ouest", 0.2))
SHOES = (Brand("Souliane", 0.7, 0.04), Brand("Pavémont", 0.4), Brand("Trottinelle", 0.2, -0.03))
FINISH = (
    Brand("Maison Tervel", 0.85, 0.06),
    Brand("Fermoir et Fils", 0.6, 0.04),
    Brand("Petite Boucle", 0.25),
)

_women = partial(Kind, department=FASHION, brands=WOMEN, extra={"gender": "female", "size": "36, 38, 40, 42, 44"})
_men = partial(Kind, department=FASHION, brands=MEN, extra={"gender": "male", "size": "S, M, L, XL"})
_shoes = partial(Kind, department=FASHION, brands=SHOES)
_finish = partial(Kind, department=FASHION, brands=FINISH)
_DRESS = ("noir", "terracotta", "bleu marine", "vert sapin", "rose poudré", "moutarde", "bordeaux", "écru")
_PLAIN = ("bleu marine", "gris", "vert sapin", "beige", "bordeaux", "noir", "bleu ciel")
_LEATHER = ("noir", "camel", "marron", "bordeaux")

FEMME = (
    _women(
        slug="robe", shape="dress", path="Mode > Femme > Robes", noun="Robe", price=(29, 149), models=18,
        margin=0.58, colours=_DRESS, colour_variants=2, materials=("viscose", "lin", "coton", "crêpe"),
        details=("midi", "longue", "courte"), searches=("robe", "robe ete", "robe longue"),
        accessories=("ceinture", "sac-main", "collier"),
        benefits=("Un tombé fluide qui suit le mouvement.", "Taille élastiquée et poches discrètes."),
    ),
    _women(
        slug="chemisier", shape="blouse", path="Mode > Femme > Chemisiers", noun="Chemisier", price=(25, 99),
        models=12, margin=0.57, colours=_DRESS, colour_variants=2, materials=("coton", "soie", "lin"),
        searches=("chemisier", "blouse"), accessories=("jean-femme", "collier"),
        benefits=("Col travaillé et boutons de nacre.", "Se porte ouvert ou rentré."),
    ),
    _women(
        slug="pull-femme", shape="sweater", path="Mode > Femme > Pulls", noun="Pull", price=(29, 139),
        models=12, margin=0.55, colours=_DRESS, colour_variants=2,
        materials=("laine mérinos", "alpaga", "coton"), searches=("pull femme", "pull"),
        accessories=("jean-femme", "echarpe"),
        benefits=("Maille douce qui ne gratte pas.", "Côtes hautes aux poignets."),
    ),
    _women(
        slug="jean-femme", shape="jeans", path="Mode > Femme > Jeans", noun="Jean", price=(35, 119),
        models=10, margin=0.53, colours=("bleu", "bleu marine", "noir", "écru"),
        details=("droit", "large", "ajusté"), searches=("jean femme", "jean"),
        accessories=("ceinture", "baskets"),
        benefits=("Toile souple à taille haute.", "Lavage économe en eau."),
    ),
    _women(
        slug="manteau", shape="coat", path="Mode > Femme > Manteaux", noun="Manteau", price=(79, 349),
        models=9, margin=0.5, colours=("camel", "noir", "gris", "bleu marine", "vert sapin"),
        colour_variants=2, materials=("laine", "drap recyclé"), searches=("manteau", "manteau laine"),
        accessories=("echarpe", "bonnet"),
        benefits=("Épaules nettes et doublure satinée.", "La bonne épaisseur d'octobre à mars."),
    ),
)  # fmt: skip

HOMME = (
    _men(
        slug="chemise", shape="shirt", path="Mode > Homme > Chemises", noun="Chemise", price=(25, 99),
        models=13, margin=0.56, colours=("blanc", "bleu ciel", "bleu marine", "rose poudré", "vert sauge"),
        colour_variants=2, materials=("oxford", "lin", "popeline"), searches=("chemise homme", "chemise lin"),
        accessories=("chino", "ceinture"),
        benefits=("Se repasse en deux minutes.", "Col souple, élégant sans cravate."),
    ),
    _men(
        slug="polo", shape="polo", path="Mode > Homme > Polos", noun="Polo", price=(19, 79), models=10,
        margin=0.57, colours=_PLAIN, colour_variants=2, materials=("coton piqué",),
        searches=("polo homme", "polo"), accessories=("chino",),
        benefits=("Piqué dense qui garde sa tenue.", "Deux boutons, fentes sur les côtés."),
    ),
    _men(
        slug="pull-homme", shape="sweater", path="Mode > Homme > Pulls", noun="Pull homme", price=(29, 129),
        models=10, margin=0.55, colours=_PLAIN, colour_variants=2,
        materials=("laine", "cachemire mélangé", "coton"), searches=("pull homme", "pull"),
        accessories=("chino", "echarpe"),
        benefits=("Col rond facile à superposer.", "Fil peigné, sans bouloches."),
    ),
    _men(
        slug="chino", shape="trousers", path="Mode > Homme > Pantalons", noun="Chino", price=(29, 89),
        models=9, margin=0.55, colours=("beige", "bleu marine", "vert sapin", "gris", "camel"),
        colour_variants=2, details=("droit", "ajusté"), searches=("chino", "pantalon homme"),
        accessories=("ceinture", "mocassins"),
        benefits=("Gabardine confortable, un rien extensible.", "Poches italiennes."),
    ),
    _men(
        slug="veste", shape="jacket", path="Mode > Homme > Vestes", noun="Veste", price=(59, 249), models=9,
        margin=0.5, colours=("bleu marine", "vert sapin", "camel", "noir"),
        materials=("coton huilé", "laine", "toile"), searches=("veste homme", "veste"),
        accessories=("chemise", "echarpe"),
        benefits=("Quatre poches d'inspiration ouvrière.", "Déperlante et coupe-vent."),
    ),
)  # fmt: skip

CHAUSSURES = (
    _shoes(
        slug="baskets", shape="sneaker", path="Mode > Chaussures > Baskets", noun="Baskets", price=(39, 149),
        models=14, margin=0.47,
        colours=("blanc", "vert sapin", "bleu marine", "beige", "noir", "rose poudré"), colour_variants=2,
        materials=("cuir", "toile", "cuir recyclé"), extra={"size": "36 à 45"},
        searches=("baskets", "baskets blanches"), accessories=("chaussettes-sport",),
        benefits=("Semelle cousue et intérieur cuir.", "Légères, pour marcher en ville."),
    ),
    _shoes(
        slug="bottines", shape="ankle_boot", path="Mode > Chaussures > Bottines", noun="Bottines",
        price=(59, 199), models=10, margin=0.48, colours=_LEATHER, materials=("cuir", "cuir velours"),
        extra={"size": "36 à 41"}, searches=("bottines", "boots"),
        benefits=("Talon de 5 cm, stable.", "Élastiques latéraux, vite enfilées."),
        accessories=("jean-femme",),
    ),
    _shoes(
        slug="sandales", shape="sandal", path="Mode > Chaussures > Sandales", noun="Sandales",
        price=(29, 109), models=10, margin=0.5, colours=("camel", "noir", "écru", "terracotta"),
        materials=("cuir",), extra={"size": "36 à 41"}, searches=("sandales",),
        benefits=("Semelle anatomique en liège.", "Brides réglables."), accessories=("robe",),
    ),
    _shoes(
        slug="mocassins", shape="loafer", path="Mode > Chaussures > Mocassins", noun="Mocassins",
        price=(49, 169), models=8, margin=0.48, colours=_LEATHER, materials=("cuir", "cuir velours"),
        extra={"size": "39 à 45"}, searches=("mocassins",),
        benefits=("Cousus main, sans doublure.", "Se patinent avec le temps."), accessories=("chino",),
    ),
)  # fmt: skip

ACCESSOIRES = (
    _finish(
        slug="sac-main", shape="handbag", path="Mode > Accessoires > Sacs", noun="Sac", price=(35, 249),
        models=14, margin=0.57, colours=(*_LEATHER, "vert sauge", "écru"), colour_variants=2,
        materials=("cuir grainé", "toile"), details=("bandoulière", "cabas", "seau"),
        searches=("sac", "sac a main", "sac bandouliere"), accessories=("ceinture",),
        benefits=("Anse réglable et poche zippée.", "Cuir tanné végétal."),
    ),
    _finish(
        slug="ceinture", shape="belt", path="Mode > Accessoires > Ceintures", noun="Ceinture", price=(19, 69),
        models=8, margin=0.6, colours=_LEATHER, materials=("cuir",), searches=("ceinture",),
        benefits=("Cuir pleine fleur.", "Boucle brossée."),
    ),
    _finish(
        slug="echarpe", shape="scarf", path="Mode > Accessoires > Écharpes", noun="Écharpe", price=(19, 89),
        models=11, margin=0.6, colours=_DRESS, colour_variants=2, materials=("laine", "cachemire mélangé"),
        searches=("echarpe", "foulard"), accessories=("bonnet",),
        benefits=("Longue et enveloppante.", "Franges roulées."),
    ),
    _finish(
        slug="bonnet", shape="beanie", path="Mode > Accessoires > Bonnets", noun="Bonnet", price=(12, 45),
        models=8, margin=0.61, colours=_DRESS, materials=("laine", "acrylique recyclé"), searches=("bonnet",),
        accessories=("echarpe",), benefits=("Revers épais, oreilles au chaud.", "Tient bien sans serrer."),
    ),
    _finish(
        slug="lunettes-soleil", shape="sunglasses", path="Mode > Accessoires > Lunettes de soleil",
        noun="Lunettes de soleil", price=(19, 129), models=10, margin=0.62,
        colours=("noir", "marron", "bleu", "bordeaux"), searches=("lunettes soleil",),
        benefits=("Verres catégorie 3 polarisés.", "Charnières à cinq maillons."),
    ),
    _finish(
        slug="collier", shape="necklace", path="Mode > Accessoires > Bijoux", noun="Collier", price=(15, 119),
        models=11, margin=0.64, colours=("cuivre", "acier", "turquoise", "corail"),
        materials=("plaqué or", "argent"), searches=("collier", "bijou"),
        benefits=("Chaîne réglable de 40 à 45 cm.", "Livré dans son pochon."),
    ),
)  # fmt: skip

KINDS = (*FEMME, *HOMME, *CHAUSSURES, *ACCESSOIRES)
