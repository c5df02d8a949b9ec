"""The sport floor: racket, running, football and cycling merchandise of the demo shop."""

from functools import partial

from netup.demo.kinds import Brand, Department, Kind

SPORT = Department(
    name="Sport",
    styles={
        "débutant": "Pensé pour débuter sereinement et progresser dès les premières séances.",
        "régulier": "Le bon choix pour une pratique régulière, chaque semaine, par tous les temps.",
        "compétiteur": "Conçu pour la compétition : précis, exigeant, réactif.",
    },
    series=(
        "Astre", "Mistral", "Éclair", "Cime", "Ardent", "Élan", "Vif", "Comète", "Horizon", "Tempo", "Zénith",
        "Rafale", "Pulsation", "Sillage", "Boréal", "Fougue", "Orage", "Sprint", "Totem", "Vertige",
        "Cadence", "Ressort", "Alizé", "Félin",
    ),
)  # fmt: skip

RACKETS = (Brand("Lobéria", 0.85, 0.05), Brand("Volandis", 0.5), Brand("Courtaline", 0.2, -0.04))
RUNNING = (Brand("Foulévia", 0.7, 0.04), Brand("Cadencil", 0.45), Brand("Pasolune", 0.2, -0.03))
FOOTBALL = (Brand("Butéor", 0.7, 0.03), Brand("Surfalto", 0.45), Brand("Tirolac", 0.15, -0.04))
CYCLING = (Brand("Vélombre", 0.8, 0.05), Brand("Rouavel", 0.5), Brand("Pignonvert", 0.25, -0.02))

_tennis = partial(Kind, department=SPORT, brands=RACKETS)
_course = partial(Kind, department=SPORT, brands=RUNNING)
_ballon = partial(Kind, department=SPORT, brands=FOOTBALL)
_cyclisme = partial(Kind, department=SPORT, brands=CYCLING)
_VIVID = ("bleu", "rouge", "noir", "jaune", "turquoise", "orange", "vert")
_SHOES = ("39", "40", "41", "42", "43", "44")

TENNIS = (
    _tennis(
        slug="raquette-tennis", shape="racket", path="Sport > Tennis > Raquettes", noun="Raquette de tennis",
        price=(39, 259), models=26, margin=0.38, colours=_VIVID, materials=("graphite", "aluminium"),
        details=("270 g", "285 g", "300 g", "315 g"),
        searches=("raquette tennis", "raquette", "raquette 300g"),
        accessories=("cordage", "balles-tennis", "surgrip", "sac-tennis", "antivibrateur"),
        benefits=(
            "Un tamis de 645 cm² qui pardonne les frappes décentrées.",
            "Un équilibre en tête qui donne du poids à la balle sans fatiguer le bras.",
            "Plan de cordage 16 x 19 pour prendre des effets en confiance.",
        ),
    ),
    _tennis(
        slug="balles-tennis", shape="ball_tube", path="Sport > Tennis > Balles", noun="Balles de tennis",
        price=(5, 12), models=11, margin=0.34, colours=("jaune", "bleu", "rouge", "vert"),
        sizes=(("tube de 4", 1.0), ("lot de 3 tubes", 2.7)), lasts=20,
        searches=("balles tennis", "balle de tennis"), accessories=("raquette-tennis", "surgrip"),
        benefits=(
            "Un feutre dense qui garde son rebond set après set.",
            "Bonne visibilité sur terre battue comme sur surface dure.",
        ),
    ),
    _tennis(
        slug="cordage", shape="string_reel", path="Sport > Tennis > Cordages", noun="Cordage de tennis",
        price=(9, 39), models=14, margin=0.52, colours=("noir", "jaune", "orange", "turquoise", "rouge"),
        materials=("monofilament", "multifilament", "boyau synthétique"), lasts=35,
        details=("jauge 1,25 mm", "jauge 1,30 mm"), sizes=(("garniture 12 m", 1.0), ("bobine 200 m", 8.5)),
        searches=("cordage", "cordage tennis"), accessories=("surgrip", "antivibrateur", "balles-tennis"),
        benefits=(
            "Une tension qui tient dans la durée.", "Du confort à l'impact, idéal pour ménager le coude.",
        ),
    ),
    _tennis(
        slug="surgrip", shape="grip", path="Sport > Tennis > Grips et accessoires", noun="Surgrip",
        price=(4, 14), models=9, margin=0.58, colours=("blanc", "noir", "bleu", "orange"), lasts=30,
        sizes=(("lot de 3", 1.0), ("lot de 12", 3.2)), searches=("grip", "surgrip"), accessories=("cordage",),
        benefits=(
            "Absorbe la transpiration et ne glisse pas.",
            "Fin et collant : la raquette fait corps avec la main.",
        ),
    ),
    _tennis(
        slug="antivibrateur", shape="damper", path="Sport > Tennis > Grips et accessoires",
        noun="Antivibrateur", price=(3, 8), models=6, margin=0.6, colours=_VIVID, materials=("silicone",),
        searches=("antivibrateur",), accessories=("cordage", "surgrip"),
        benefits=("Assourdit les vibrations du cordage.", "Se glisse en un geste entre deux montants."),
    ),
    _tennis(
        slug="chaussures-tennis", shape="sneaker", path="Sport > Tennis > Chaussures",
        noun="Chaussures de tennis", price=(49, 149), models=13, margin=0.42,
        colours=("blanc", "bleu marine", "corail", "noir", "turquoise"), colour_variants=2,
        extra={"size": ", ".join(_SHOES)}, searches=("chaussures tennis", "chaussure terre battue"),
        accessories=("chaussettes-sport", "balles-tennis"),
        benefits=(
            "Semelle à chevrons pour glisser juste ce qu'il faut sur terre battue.",
            "Un maintien latéral ferme pour les changements d'appui.",
        ),
    ),
    _tennis(
        slug="sac-tennis", shape="sport_bag", path="Sport > Tennis > Sacs", noun="Sac de tennis",
        price=(29, 119), models=9, margin=0.48, colours=("noir", "bleu marine", "rouge", "vert sapin"),
        materials=("polyester recyclé",), details=("3 raquettes", "6 raquettes", "9 raquettes"),
        searches=("sac tennis", "thermobag"), accessories=("balles-tennis", "surgrip"),
        benefits=("Un compartiment isotherme protège le cordage.", "Poche à chaussures ventilée."),
    ),
    _tennis(
        slug="polo-tennis", shape="polo", path="Sport > Tennis > Vêtements", noun="Polo de tennis",
        price=(19, 69), models=9, margin=0.55,
        colours=("blanc", "bleu ciel", "vert sapin", "corail", "bleu marine"), colour_variants=2,
        materials=("piqué respirant",), extra={"size": "S, M, L, XL"}, searches=("polo tennis",),
        accessories=("chaussettes-sport", "casquette"),
        benefits=("Maille piquée qui sèche vite.", "Coupe ample aux épaules pour servir sans gêne."),
    ),
)  # fmt: skip

COURSE = (
    _course(
        slug="chaussures-running", shape="runner", path="Sport > Running > Chaussures",
        noun="Chaussures de running", price=(55, 189), models=22, margin=0.4, colours=_VIVID,
        colour_variants=2, extra={"size": ", ".join(_SHOES)}, details=("route", "trail", "route et chemin"),
        searches=("chaussures running", "chaussures trail", "running"),
        accessories=("chaussettes-sport", "montre-sport", "ceinture-running"),
        benefits=(
            "Une mousse vive qui rend l'énergie à chaque foulée.",
            "Tige en maille sans couture, fraîche et légère.", "Drop de 6 mm pour une foulée naturelle.",
        ),
    ),
    _course(
        slug="montre-sport", shape="sport_watch", path="Sport > Running > Montres", noun="Montre GPS",
        price=(79, 349), models=10, margin=0.24, colours=("noir", "blanc", "turquoise", "orange"),
        searches=("montre gps", "montre cardio"), accessories=("ceinture-running",),
        benefits=("Autonomie de 20 heures en GPS.", "Cardio au poignet et plans d'entraînement intégrés."),
    ),
    _course(
        slug="ceinture-running", shape="belt_bag", path="Sport > Running > Hydratation",
        noun="Ceinture d'hydratation", price=(14, 45), models=7, margin=0.55,
        colours=("noir", "bleu", "orange"), searches=("ceinture running",), accessories=("gourde",),
        benefits=("Deux flasques de 250 ml bien calées.", "Ne bouge pas, même en descente."),
    ),
    _course(
        slug="tshirt-running", shape="tshirt", path="Sport > Running > Vêtements", noun="T-shirt de running",
        price=(12, 49), models=11, margin=0.56, colours=_VIVID, colour_variants=2,
        extra={"size": "S, M, L, XL"}, materials=("polyester recyclé", "laine mérinos"),
        searches=("t-shirt running", "tee shirt sport"), accessories=("short-running", "chaussettes-sport"),
        benefits=("Sèche vite et n'irrite pas.", "Bandes réfléchissantes pour les sorties du soir."),
    ),
    _course(
        slug="short-running", shape="shorts", path="Sport > Running > Vêtements", noun="Short de running",
        price=(15, 49), models=8, margin=0.55, colours=("noir", "bleu marine", "gris", "rouge"),
        extra={"size": "S, M, L, XL"}, searches=("short running",), accessories=("tshirt-running",),
        benefits=("Poche zippée pour les clés.", "Sous-short intégré, sans frottement."),
    ),
    _course(
        slug="chaussettes-sport", shape="socks", path="Sport > Running > Chaussettes",
        noun="Chaussettes de sport", price=(6, 19), models=10, margin=0.6,
        colours=("blanc", "noir", "bleu", "corail"), lasts=60, sizes=(("lot de 2", 1.0), ("lot de 5", 2.1)),
        searches=("chaussettes sport", "chaussettes running"),
        benefits=("Renforts au talon et à la pointe.", "Maille aérée sur le cou-de-pied."),
    ),
    _course(
        slug="lampe-frontale", shape="headlamp", path="Sport > Running > Éclairage", noun="Lampe frontale",
        price=(19, 89), models=8, margin=0.42, colours=("noir", "orange", "vert"),
        searches=("lampe frontale",), details=("200 lumens", "400 lumens", "700 lumens"),
        benefits=("Faisceau large pour lire le sentier.", "Rechargeable par USB-C en deux heures."),
    ),
    _course(
        slug="casquette", shape="cap", path="Sport > Running > Accessoires", noun="Casquette de sport",
        price=(12, 32), models=7, margin=0.6, colours=_VIVID, searches=("casquette",),
        benefits=("Visière souple, se range dans la poche.", "Bandeau anti-transpiration."),
    ),
)  # fmt: skip

BALLON = (
    _ballon(
        slug="ballon-football", shape="football", path="Sport > Football > Ballons",
        noun="Ballon de football", price=(12, 79), models=12, margin=0.4,
        colours=("blanc", "jaune", "rouge", "bleu"), details=("taille 5", "taille 4"),
        searches=("ballon foot", "ballon"), accessories=("pompe", "crampons"),
        benefits=("Panneaux thermocollés, trajectoire régulière.", "Vessie en butyle qui garde la pression."),
    ),
    _ballon(
        slug="crampons", shape="cleats", path="Sport > Football > Chaussures", noun="Chaussures de football",
        price=(29, 169), models=13, margin=0.4, colours=_VIVID, colour_variants=2,
        extra={"size": ", ".join(_SHOES)}, details=("terrain sec", "terrain gras", "synthétique"),
        searches=("crampons", "chaussures foot"),
        accessories=("protege-tibias", "chaussettes-sport", "ballon-football"),
        benefits=(
            "Toucher de balle net grâce à une empeigne fine.", "Crampons coniques pour pivoter sans bloquer.",
        ),
    ),
    _ballon(
        slug="maillot-football", shape="jersey", path="Sport > Football > Maillots",
        noun="Maillot de football", price=(15, 59), models=9, margin=0.5, colours=_VIVID, colour_variants=2,
        extra={"size": "S, M, L, XL"}, searches=("maillot foot", "maillot"), accessories=("short-running",),
        benefits=("Maille légère qui évacue la chaleur.", "Col côtelé et coutures plates."),
    ),
    _ballon(
        slug="protege-tibias", shape="shin_guard", path="Sport > Football > Protections",
        noun="Protège-tibias", price=(8, 29), models=7, margin=0.56,
        colours=("noir", "blanc", "rouge", "bleu"), searches=("protege tibia",),
        benefits=("Coque rigide et mousse confortable.", "Chevillère amovible, lavable en machine."),
    ),
    _ballon(
        slug="gants-gardien", shape="gloves", path="Sport > Football > Protections", noun="Gants de gardien",
        price=(15, 69), models=6, margin=0.5, colours=("vert", "orange", "noir", "blanc"),
        searches=("gants gardien",), accessories=("ballon-football",),
        benefits=("Paume en latex de 4 mm pour une prise sûre.", "Poignet ajustable par bande agrippante."),
    ),
    _ballon(
        slug="pompe", shape="pump", path="Sport > Football > Accessoires", noun="Pompe double action",
        price=(6, 24), models=5, margin=0.55, colours=("noir", "jaune", "bleu"), searches=("pompe ballon",),
        benefits=("Gonfle à l'aller comme au retour.", "Aiguilles rangées dans la poignée."),
    ),
)  # fmt: skip

CYCLISME = (
    _cyclisme(
        slug="velo", shape="bicycle", path="Sport > Cyclisme > Vélos", noun="Vélo de ville",
        price=(249, 1290), models=12, margin=0.27,
        colours=("vert sapin", "bleu", "noir", "rouge", "écru", "turquoise"),
        details=("7 vitesses", "8 vitesses", "assistance électrique"),
        searches=("velo", "velo ville", "velo electrique"),
        accessories=("antivol", "eclairage-velo", "casque-velo", "pompe-velo"),
        benefits=(
            "Position droite et confortable pour les trajets quotidiens.",
            "Freins à disque qui rassurent sous la pluie.",
        ),
    ),
    _cyclisme(
        slug="casque-velo", shape="helmet", path="Sport > Cyclisme > Casques", noun="Casque de vélo",
        price=(24, 129), models=11, margin=0.46,
        colours=("blanc", "noir", "rouge", "turquoise", "vert sapin"), colour_variants=2,
        details=("S/M", "M/L"), searches=("casque velo", "casque"),
        accessories=("eclairage-velo", "gants-velo"),
        benefits=("Molette de réglage précise, d'une seule main.", "Dix-huit aérations et visière amovible."),
    ),
    _cyclisme(
        slug="eclairage-velo", shape="bike_light", path="Sport > Cyclisme > Éclairage",
        noun="Éclairage de vélo", price=(12, 69), models=9, margin=0.5, colours=("noir", "rouge", "acier"),
        details=("avant et arrière", "avant"), searches=("lumiere velo", "eclairage velo"),
        accessories=("antivol",), benefits=("Visible à 800 mètres.", "Fixation silicone, sans outil."),
    ),
    _cyclisme(
        slug="antivol", shape="lock", path="Sport > Cyclisme > Antivols", noun="Antivol U", price=(19, 99),
        models=8, margin=0.46, colours=("noir", "jaune", "gris"), materials=("acier trempé",),
        searches=("antivol", "antivol velo"), accessories=("eclairage-velo",),
        benefits=("Anse de 14 mm à double verrouillage.", "Livré avec trois clés et un support de cadre."),
    ),
    _cyclisme(
        slug="gants-velo", shape="gloves", path="Sport > Cyclisme > Vêtements", noun="Gants de vélo",
        price=(12, 49), models=6, margin=0.56, colours=("noir", "rouge", "bleu"), extra={"size": "S, M, L"},
        searches=("gants velo",),
        benefits=("Paume gel qui absorbe les vibrations.", "Compatibles écran tactile."),
    ),
    _cyclisme(
        slug="pompe-velo", shape="pump", path="Sport > Cyclisme > Entretien", noun="Pompe à pied",
        price=(15, 59), models=6, margin=0.48, colours=("acier", "noir", "rouge"), searches=("pompe velo",),
        benefits=("Manomètre lisible jusqu'à 11 bars.", "Double tête pour toutes les valves."),
    ),
)  # fmt: skip

KINDS = (*TENNIS, *COURSE, *BALLON, *CYCLISME)
